"""Words that are not said as they are written: abbreviations, titles, tags, formulas, names of code."""

from __future__ import annotations

import re

from speech.reading.english.addresses import ADDRESS_RULES, PATH_RULES
from speech.reading.english.latex import LATEX_RULES
from speech.reading.english.letters import LETTER_RULES
from speech.reading.english.numbers import cardinal
from speech.reading.english.roman import ROMAN_RULES
from speech.reading.english.rules import Rule, after, before, keep_stop, rule

TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Messrs": "Messers", "Prof": "Professor", "Capt": "Captain",
    "Col": "Colonel", "Gen": "General", "Lt": "Lieutenant", "Sgt": "Sergeant", "Cpl": "Corporal", "Maj": "Major",
    "Cmdr": "Commander", "Adm": "Admiral", "Rev": "Reverend", "Hon": "Honorable", "Gov": "Governor", "Sen": "Senator",
    "Rep": "Representative", "Pres": "President", "Mt": "Mount", "Ft": "Fort", "Fr": "Father", "Br": "Brother",
}  # fmt: skip
"""Said as a title only in front of a name; they never end a sentence."""
_ALSO_WORDS = frozenset({"Adm", "Br", "Col", "Fr", "Gen", "Hon", "Rep", "Sen"})
"""Titles only with their full stop: Gen Z is no general."""
_POLITE = frozenset({"mr", "mrs", "ms", "messrs", "prof", "capt", "sgt", "lt", "rev", "sen", "gov"})
"""Titles with a full stop also in small letters, which others are words or units in."""

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

NUMBERED = {
    "No.": "number", "no.": "number", "Nos.": "numbers", "nos.": "numbers", "№": "number", "Fig.": "figure",
    "fig.": "figure", "Figs.": "figures", "Vol.": "volume", "vol.": "volume", "Ch.": "chapter", "ch.": "chapter",
    "Sec.": "section", "sec.": "section", "Eq.": "equation", "p.": "page", "pp.": "pages", "ed.": "edition",
    "Apt.": "apartment", "apt.": "apartment", "ext.": "extension", "Ext.": "extension", "Art.": "article",
    "Rm.": "room", "§": "section",
}  # fmt: skip
"""Abbreviations only in front of a figure."""

_SAINTS = (
    "Agnes|Andrew|Anne?|Anthony|Augustine|Barts|Bernard|Catharines|Catherine|Charles|Clair|Clare|Cloud|Croix|David|"
    "Denis|Edmund|Elmo|Francis|George|Germain|Gallen|Helena|Helens|Ives|James|Joan|John|John['’]s|Joseph|Jude|Kitts|"
    "Lawrence|Louis|Lucia|Luke|Mark|Martin|Martins|Mary|Mary['’]s|Matthew|Michael|Moritz|Nicholas|Nick|Olaf|Pancras|"
    "Patrick|Patrick['’]s|Paul|Paul['’]s|Pauls|Peter|Peter['’]s|Petersburg|Pierre|Stephen|Teresa|Thomas|Tropez|"
    "Valentine|Valentine['’]s|Vincent|Vitus"
)


def _title(match: re.Match[str]) -> str | None:
    title = match["title"]
    return None if title in _ALSO_WORDS else TITLES[title]


def _stopped_title(match: re.Match[str]) -> str | None:
    title = match["title"]
    if title.islower() and title not in _POLITE:
        return None
    named = title not in _ALSO_WORDS or re.match(r"\s+[A-Z]", after(match))
    return TITLES[title.capitalize()] if named else None


def _abbreviation(match: re.Match[str]) -> str:
    name = match.group()
    return ABBREVIATIONS[name] if name.rstrip(".") in NEVER_END else keep_stop(match, ABBREVIATIONS[name])


def _versus(match: re.Match[str]) -> str | None:
    named = re.search(r"(?:\b[A-Z][\w.'-]*|\bal\.),?[ ]$", before(match))
    return "versus" if named else None


def _numbered(match: re.Match[str]) -> str:
    return NUMBERED[match["name"]]


def _after_name(match: re.Match[str]) -> bool:
    return bool(re.search(r"(?:[A-Z][\w'’-]*|[0-9](?:st|nd|rd|th))[ ]$", before(match)))


def _street(match: re.Match[str]) -> str | None:
    if re.match(rf"[ ](?:{_SAINTS})\b", after(match), re.IGNORECASE):
        return "Saint"
    if _after_name(match):
        return keep_stop(match, "Street")
    return "Saint" if re.match(r"[ ][A-Z]", after(match)) else keep_stop(match, "Street")


def _doctor(match: re.Match[str]) -> str | None:
    named = re.match(r"[ ][A-Z]", after(match)) or match.group() == "dr."
    if _after_name(match) and (not named or re.search(r"[0-9][ ](?:[A-Z][\w'’]+[ ]){1,3}$", before(match, 48))):
        return keep_stop(match, "Drive")
    return "Doctor" if named or match.group().endswith(".") else None


def _mention(match: re.Match[str]) -> str:
    return "at " + " ".join(_figures_said(re.findall(r"[^\W\d_]+|[0-9]+", match["name"])))


def _hashtag(match: re.Match[str]) -> str:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+", match["name"])
    return "hashtag " + " ".join(_figures_said(words)).replace(" A ", " a ")


def _figures_said(parts: list[str]) -> list[str]:
    return [cardinal(part) if part.isdecimal() else part for part in parts]


def _dotted(match: re.Match[str]) -> str:
    letters = " ".join(c for c in match.group() if c != ".")
    return keep_stop(match, letters.upper())


def _spaced(match: re.Match[str]) -> str:
    return " ".join(_figures_said(re.findall(r"[^\W\d_]+|[0-9]+", match.group())))


def _formula(match: re.Match[str]) -> str:
    """Elements in letters, figures by name: 'CO₂' -> 'C O two', but 'x₁' -> 'x one'."""
    parts = re.findall("[A-Z][a-z]?(?![a-z])|[A-Za-z]?[a-z]+|[0-9]+", match.group().translate(_SUBSCRIPTS))
    spelled = [" ".join(part.upper()) if part[0].isupper() and len(part) < 3 else part for part in parts]
    return " ".join(_figures_said(spelled))


_COMPOUNDS = (
    "CO[23]|NO[23]|N2O|SO[234]|PO4|NH[34]|CH4|H2O2?|H2S|H2SO4|HNO3|HCO3|NaHCO3|Na2CO3|CaCO3|CaCl2|MgCl2|FeCl3|CuSO4|"
    "Fe2O3|Al2O3|SiO2|TiO2|MnO2|ZrO2|KNO3|KMnO4|SF6|UF6|C2H4|C2H5OH|C2H6|C3H8|C6H12O6"
)


def _subscript(match: re.Match[str]) -> str:
    return cardinal(match.group().translate(_SUBSCRIPTS))


_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _any(words: dict[str, str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_COMPARISONS = {"<=": "is at most", ">=": "is at least", "!=": "is not equal to"}


def _heart(match: re.Match[str]) -> str | None:
    return "love" if re.search(r"\b(?:I|we|We|you|You|they|They)[ ]$", before(match)) else None


WORD_RULES: tuple[Rule, ...] = (
    *ADDRESS_RULES,
    rule(rf"(?:{_any(ABBREVIATIONS)})(?!\w)", _abbreviation),
    rule(rf"(?P<name>{_any(NUMBERED)})(?=[ ]?[0-9])", _numbered),
    rule(r"v\.?(?=[ ][A-Z])", _versus),
    rule(r"St\b\.?|(?:ST|st)\.", _street),
    rule(r"Dr\b\.?|(?:DR|dr)\.", _doctor),
    rule(rf"(?P<title>{'|'.join(TITLES)})\.(?=\s{{1,4}}(?u:[^\W\d_]))", _stopped_title, re.IGNORECASE),
    rule(rf"(?P<title>{'|'.join(TITLES)})(?=[ ][A-Z])", _title),
    *ROMAN_RULES,
    rule(r"(?:[A-Za-z]\.){2,8}", _dotted),
    *LETTER_RULES,
    rule(r"(?:[A-Za-z]{1,12}[₀-₉]{1,4}){1,8}[A-Za-z]{0,12}", _formula),
    rule(rf"(?:{_COMPOUNDS})e?(?!\w)", _formula),
    rule(r"[^\W\d]{1,64}(?:_{1,3}[A-Za-z0-9]{1,64}){1,8}", _spaced),
)
"""Tried where a word begins."""

MARK_RULES: tuple[Rule, ...] = (
    *PATH_RULES,
    *LATEX_RULES,
    rule(r"@(?P<name>\w{1,40})", _mention),
    rule(r"\#(?=[0-9]{1,9}\b)", lambda match: "number"),
    rule(r"\#(?P<name>[^\W\d_]\w{0,80})", _hashtag),
    rule(r"[₀-₉]{1,4}", _subscript),
    rule(r"(?P<name>№|§)(?=[ ]?[0-9])", _numbered),
    rule(r"\.(?=NET\b)", lambda match: "dot"),
    rule(r"[-=]{1,2}>", lambda match: "to"),
    rule(r"[<>!]=|={2,3}", lambda match: _COMPARISONS.get(match.group(), "equals")),
    rule(r"<3(?=\s)", _heart),
)
"""Tried at other signs."""

SYMBOLS = {
    "&": "and", "@": "at", "+": "plus", "=": "equals", "%": "percent", "×": "times", "÷": "divided by",
    "±": "plus or minus", "≈": "approximately", "≠": "is not equal to", "≤": "is at most", "≥": "is at least",
    "<": "less than", ">": "greater than", "→": "to", "√": "square root of", "∞": "infinity",
    "§": "section", "°": "degrees", "€": "euro", "£": "pound", "$": "dollar", "¥": "yen", "©": "copyright",
    "№": "number", "‰": "per mille", "~": "about", "∑": "sum of", "∆": "delta", "²": "squared",
    "³": "cubed", "¢": "cents",
}  # fmt: skip
"""What a sign on its own says."""

NEVER_END = frozenset(
    {*TITLES, *map(str.upper, TITLES), *_POLITE - {"ms"}, "St", "ST", "Dr", "DR", "dr"}
    | {"v", "vs", "Vs", "VS", "e.g", "i.e", "eg", "ie", "cf", "viz", "ca", "approx", "incl"}
    | {"Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec"}
)
"""Abbreviations, without their full stop, after which a sentence goes on."""
MAY_END = frozenset(name.rstrip(".") for name in ABBREVIATIONS if name.endswith(".")) - NEVER_END
"""Abbreviations that end a sentence only if another one clearly begins."""
BEFORE_FIGURES = frozenset(name.rstrip(".") for name in NUMBERED)
"""The same, if a figure follows."""
