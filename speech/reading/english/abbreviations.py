"""Tables of abbreviations, titles and signs with their spoken forms. Add a row here; words.py has the rules."""

from __future__ import annotations

TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Messrs": "Messers", "Prof": "Professor", "Capt": "Captain",
    "Col": "Colonel", "Gen": "General", "Lt": "Lieutenant", "Sgt": "Sergeant", "Cpl": "Corporal", "Maj": "Major",
    "Cmdr": "Commander", "Adm": "Admiral", "Rev": "Reverend", "Hon": "Honorable", "Gov": "Governor", "Sen": "Senator",
    "Rep": "Representative", "Pres": "President", "Mt": "Mount", "Ft": "Fort", "Fr": "Father", "Br": "Brother",
}  # fmt: skip
"""Titles without their full stop. They are read as titles only in front of a name, and never end a sentence."""
TITLES_WITH_STOP_ONLY = frozenset({"Adm", "Br", "Col", "Fr", "Gen", "Hon", "Rep", "Sen"})
"""Titles that are recognised only with a full stop, because they are also words: Gen Z is not a general."""
TITLES_IN_SMALL_LETTERS = frozenset({"mr", "mrs", "ms", "messrs", "prof", "capt", "sgt", "lt", "rev", "sen", "gov"})
"""Titles that may be in small letters if they have a full stop. In small letters the others are words or units."""

ABBREVIATIONS = {
    "e.g.": "for example", "eg.": "for example", "i.e.": "that is", "ie.": "that is", "etc.": "et cetera",
    "vs.": "versus", "Vs.": "versus", "VS.": "versus",
    "cf.": "compare", "al.": "al", "viz.": "namely", "ca.": "circa", "approx.": "approximately",
    "est.": "established", "dept.": "department", "govt.": "government", "misc.": "miscellaneous",
    "incl.": "including", "excl.": "excluding", "max.": "maximum", "min.": "minimum", "avg.": "average",
    "tel.": "telephone", "temp.": "temperature", "a.k.a.": "also known as", "p.a.": "per annum", "Inc.": "Incorporated",
    "Ltd.": "Limited", "Corp.": "Corporation", "Co.": "Company", "Bros.": "Brothers", "Jr.": "Junior", "Sr.": "Senior",
    "Esq.": "Esquire", "Ave.": "Avenue", "Blvd.": "Boulevard", "Rd.": "Road", "Ln.": "Lane", "Hwy.": "Highway",
    "Pkwy.": "Parkway", "Sq.": "Square", "Ph.D.": "P H D", "PhD": "P H D", "M.D.": "M D", "B.A.": "B A", "M.A.": "M A",
    "B.Sc.": "B S C", "M.Sc.": "M S C", "N.B.": "note well", "P.S.": "P S", "R.I.P.": "R I P", "D.C.": "D C",
    "U.S.": "US", "U.S.A.": "USA", "U.K.": "UK", "U.N.": "UN", "E.U.": "EU", "L.A.": "L A", "N.Y.": "New York",
    "dept": "department", "approx": "approximately", "vs": "versus", "etc": "et cetera", "aka": "also known as",
    "w/o": "without", "w/": "with", "b/c": "because", "n/a": "N A", "N/A": "N A", "and/or": "and or", "Q&A": "Q and A",
    "R&D": "R and D", "AT&T": "A T and T", "C++": "C plus plus", "C#": "C sharp", "F#": "F sharp", "a.m.": "AM",
    "p.m.": "PM",
}  # fmt: skip
"""Abbreviations and their spoken forms; with and without full stop are two rows."""

NUMBERED = {
    "No.": "number", "no.": "number", "Nos.": "numbers", "nos.": "numbers", "№": "number", "Fig.": "figure",
    "fig.": "figure", "Figs.": "figures", "Vol.": "volume", "vol.": "volume", "Ch.": "chapter", "ch.": "chapter",
    "Sec.": "section", "sec.": "section", "Eq.": "equation", "p.": "page", "pp.": "pages", "ed.": "edition",
    "Apt.": "apartment", "apt.": "apartment", "ext.": "extension", "Ext.": "extension", "Art.": "article",
    "Rm.": "room", "§": "section",
}  # fmt: skip
"""Abbreviations that have this spoken form only in front of a figure: No. 5."""

SAINTS = (
    "Agnes|Andrew|Anne?|Anthony|Augustine|Barts|Bernard|Catharines|Catherine|Charles|Clair|Clare|Cloud|Croix|David|"
    "Denis|Edmund|Elmo|Francis|George|Germain|Gallen|Helena|Helens|Ives|James|Joan|John|John['’]s|Joseph|Jude|Kitts|"
    "Lawrence|Louis|Lucia|Luke|Mark|Martin|Martins|Mary|Mary['’]s|Matthew|Michael|Moritz|Nicholas|Nick|Olaf|Pancras|"
    "Patrick|Patrick['’]s|Paul|Paul['’]s|Pauls|Peter|Peter['’]s|Petersburg|Pierre|Stephen|Teresa|Thomas|Tropez|"
    "Valentine|Valentine['’]s|Vincent|Vitus"
)
"""Names after which "St." is never a street (a pattern)."""

CHEMICAL_FORMULAS = (
    "CO[23]|NO[23]|N2O|SO[234]|PO4|NH[34]|CH4|H2O2?|H2S|H2SO4|HNO3|HCO3|NaHCO3|Na2CO3|CaCO3|CaCl2|MgCl2|FeCl3|CuSO4|"
    "Fe2O3|Al2O3|SiO2|TiO2|MnO2|ZrO2|KNO3|KMnO4|SF6|UF6|C2H4|C2H5OH|C2H6|C3H8|C6H12O6"
)
"""Chemical formulas that are recognised without subscripts (a pattern)."""

SYMBOLS = {
    "&": "and", "@": "at", "+": "plus", "=": "equals", "%": "percent", "×": "times", "÷": "divided by",
    "±": "plus or minus", "≈": "approximately", "≠": "is not equal to", "≤": "is at most", "≥": "is at least",
    "<": "less than", ">": "greater than", "→": "to", "√": "square root of", "∞": "infinity",
    "§": "section", "°": "degrees", "€": "euro", "£": "pound", "$": "dollar", "¥": "yen", "©": "copyright",
    "№": "number", "‰": "per mille", "~": "about", "∑": "sum of", "∆": "delta", "²": "squared",
    "³": "cubed", "¢": "cents",
}  # fmt: skip
"""The name of a sign that stands on its own."""

NEVER_END = frozenset(
    {*TITLES, *map(str.upper, TITLES), *TITLES_IN_SMALL_LETTERS - {"ms"}, "St", "ST", "Dr", "DR", "dr"}
    | {"v", "vs", "Vs", "VS", "e.g", "i.e", "eg", "ie", "cf", "viz", "ca", "approx", "incl"}
    | {"Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec"}
)
"""Abbreviations, without their full stop, that never end a sentence."""
MAY_END = frozenset(name.rstrip(".") for name in ABBREVIATIONS if name.endswith(".")) - NEVER_END
"""Abbreviations, without their full stop, that end a sentence only if a new one clearly begins after them."""
BEFORE_FIGURES = frozenset(name.rstrip(".") for name in NUMBERED)
"""Abbreviations, without their full stop, that end no sentence if a figure follows."""
