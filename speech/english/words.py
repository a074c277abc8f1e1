"""Words that are not said as they are written: abbreviations, Roman numerals, addresses, names of code."""

from __future__ import annotations

import re

from speech.english.numbers import cardinal, digits, ordinal
from speech.english.rules import ENDS_SENTENCE, Rule, after, before, keep_stop, rule

TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Messrs": "Messers", "Prof": "Professor", "Capt": "Captain",
    "Col": "Colonel", "Gen": "General", "Lt": "Lieutenant", "Sgt": "Sergeant", "Cpl": "Corporal", "Maj": "Major",
    "Cmdr": "Commander", "Adm": "Admiral", "Rev": "Reverend", "Hon": "Honorable", "Gov": "Governor", "Sen": "Senator",
    "Rep": "Representative", "Pres": "President", "Mt": "Mount", "Ft": "Fort", "Fr": "Father", "Br": "Brother",
}  # fmt: skip
"""Said as a title only in front of a name; they never end a sentence."""
_ALSO_WORDS = frozenset({"Adm", "Br", "Col", "Fr", "Gen", "Hon", "Rep", "Sen"})
"""Titles only with their full stop: Gen Z is no general."""

ABBREVIATIONS = {
    "e.g.": "for example", "eg.": "for example", "i.e.": "that is", "ie.": "that is", "etc.": "et cetera",
    "vs.": "versus", "cf.": "compare", "al.": "al", "viz.": "namely", "ca.": "circa", "approx.": "approximately",
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
_DOMAINS = (
    "com|org|net|edu|gov|io|dev|ai|app|info|co|uk|us|eu|de|fr|es|it|nl|jp|cn|in|br|ca|au|ch|tv|me|xyz|tech|blog|biz"
)
_FILES = (
    "py|js|ts|jsx|tsx|html|css|txt|md|json|ya?ml|toml|ini|cfg|csv|tsv|xml|pdf|docx?|xlsx?|pptx?|zip|gz|tar|exe|dll|so|"
    "jpe?g|png|gif|svg|mp3|mp4|wav|flac|ogg|mov|avi|sh|bat|cpp|hpp|rs|go|rb|java|kt|swift|sql|log|onnx"
)
_AS_WORD = frozenset({"com", "org", "net", "dot", "info", "dev", "app", "tech", "blog", "biz", "me", "java", "swift",
                      "zip", "tar", "wav", "gif", "so", "go", "bat", "log", "jpeg", "jpg", "json", "css"})  # fmt: skip
_MARKS = {".": "dot", "/": "slash", "-": "dash", "_": "underscore", "~": "tilde", ":": "colon", "@": "at",
          "+": "plus", "#": "hash", "%": "percent"}  # fmt: skip
_LONGEST_PATH = 40
"""A longer path or query of an address is not read out."""


def _title(match: re.Match[str]) -> str | None:
    title = match["title"]
    return None if title in _ALSO_WORDS and not match.group().endswith(".") else TITLES[title]


def _abbreviation(match: re.Match[str]) -> str:
    return keep_stop(match, ABBREVIATIONS[match.group()])


def _numbered(match: re.Match[str]) -> str:
    return NUMBERED[match["name"]]


def _after_name(match: re.Match[str]) -> bool:
    return bool(re.search(r"(?:[A-Z][\w'’-]*|[0-9](?:st|nd|rd|th))[ ]$", before(match)))


def _street(match: re.Match[str]) -> str | None:
    if re.match(rf"[ ](?:{_SAINTS})\b", after(match)):
        return "Saint"
    if _after_name(match):
        return keep_stop(match, "Street")
    return "Saint" if re.match(r"[ ][A-Z]", after(match)) else keep_stop(match, "Street")


def _doctor(match: re.Match[str]) -> str | None:
    named = re.match(r"[ ][A-Z]", after(match))
    if _after_name(match) and (not named or re.search(r"[0-9][ ](?:[A-Z][\w'’]+[ ]){1,3}$", before(match, 48))):
        return keep_stop(match, "Drive")
    return "Doctor" if named or match.group().endswith(".") else None


def _spell_part(part: str) -> str:
    if part.isdigit():
        return cardinal(part) if len(part) < 5 else digits(part)
    return part if len(part) > 3 or part.lower() in _AS_WORD else " ".join(part.upper())


def _spell_address(address: str) -> str:
    """Names as words, marks by name: 'a-b.io/x' -> 'a dash b dot I O slash x'; short endings in letters."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+|[^\w]|_", address)
    said = [_MARKS.get(part, "") if len(part) == 1 and not part.isalnum() else part for part in parts]
    for i, part in enumerate(parts):
        if part.isdigit():
            said[i] = cardinal(part) if len(part) < 5 else digits(part)
        elif part.isalpha() and (part.lower() == "www" or (i and parts[i - 1] == "." and len(part) < 5)):
            said[i] = _spell_part(part)
    return " ".join(part for part in said if part)


def _url(match: re.Match[str]) -> str:
    host, path = match["host"], match["path"] or ""
    path = path.partition("?")[0].partition("#")[0].rstrip("/")
    return _spell_address(host + (path if len(path) <= _LONGEST_PATH else ""))


def _address(match: re.Match[str]) -> str:
    return _spell_address(match.group())


def _domain(match: re.Match[str]) -> str | None:
    """An address, unless only a space is missing after a full stop: 'I like it.In the end'."""
    name, _, ending = match.group().rpartition(".")
    begins = ending in ("In", "It", "Me", "Us") or (ending.istitle() and name.islower())
    return None if begins else _address(match)


def _in_brackets(match: re.Match[str]) -> str | None:
    """An address in angle brackets, which are not said: 'John <john@example.com>'."""
    for pattern, say in ADDRESS_RULES:
        address = pattern.fullmatch(match["address"])
        if address:
            return say(address)
    return None


def _mention(match: re.Match[str]) -> str:
    return "at " + " ".join(_figures_said(re.findall(r"[^\W\d_]+|[0-9]+", match["name"])))


def _hashtag(match: re.Match[str]) -> str:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+", match["name"])
    return "hashtag " + " ".join(_figures_said(words))


def _figures_said(parts: list[str]) -> list[str]:
    return [cardinal(part) if part.isdecimal() else part for part in parts]


def _roman_value(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[c] for c in numeral]
    return sum(v if v >= max(values[i:]) else -v for i, v in enumerate(values))


def _roman_part(match: re.Match[str]) -> str | None:
    if len(match["numeral"]) == 1 and not _counts(match):
        return None
    return f"{match['part']} {cardinal(str(_roman_value(match['numeral'])))}"


def _counts(match: re.Match[str]) -> bool:
    """Whether I, V or X after a part is a numeral: not the pronoun, an initial, or the name of a type."""
    part, letter = match["part"], match["numeral"]
    if part == "Mark" and re.match(r"\.[ ][A-Z]", after(match)):
        return bool(ENDS_SENTENCE.match(match.string, match.end() + 1))
    if letter == "I":
        return part[0].isupper() and not _is_pronoun(match)
    return letter == "V" or part.lower() not in ("type", "class")


def _is_pronoun(match: re.Match[str]) -> bool:
    """Whether the I in "The Book I read" speaks. After "the" it does, unless what follows goes on after a numeral;
    without it ("Stage I breast cancer") only a verb of thinking tells."""
    following = re.match(r"\s([a-z]+)", after(match))
    if not following or re.search(r"(?:World|Super)[ ]$", before(match)):
        return False
    if _DETERMINED.search(before(match)):
        return not _AFTER_NUMERAL.fullmatch(following[1])
    return bool(_AFTER_PRONOUN.fullmatch(following[1]))


_DETERMINED = re.compile(r"\b(?:the|this|each|every|any|only|first|last)[ ]$", re.IGNORECASE)
_AFTER_PRONOUN = re.compile(
    "am|believe|do|doubt|feel|guess|have|hope|know|like|love|mean|need|promise|said|see|suppose|swear|think|thought|"
    "understand|want|wanted|wish|wonder"
)
_AFTER_NUMERAL = re.compile(
    "of|and|or|to|in|on|at|by|for|from|with|is|are|a|an|the|this|that|it|we|he|she|you|they|"
    "error|trial|study|diabetic|disease|cancer|tumou?r|lesion|reaction|hypersensitivity|collagen|interferon|trauma|"
    "clinical|scene|drug|substance|supernova|civilization|tank|railroad|supplier|building|listed|funding|school|"
    "(?!always|sometimes|was)[a-z]+[^s]s"
)
"""What a numeral describes and what goes on after it: plurals and verbs with an s, which no I has, and a few more."""


def _roman_king(match: re.Match[str]) -> str:
    return f"{match['name']} the {ordinal(str(_roman_value(match['numeral'])))}"


def _roman_century(match: re.Match[str]) -> str:
    return ordinal(str(_roman_value(match["numeral"])))


def _roman_sequel(match: re.Match[str]) -> str | None:
    named = re.search(r"[A-Z][a-z]+[ ]$", before(match))
    return cardinal(str(_roman_value(match.group()))) if named else None


def _initial(match: re.Match[str]) -> str:
    return match["letter"]


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


def _subscript(match: re.Match[str]) -> str:
    return cardinal(match.group().translate(_SUBSCRIPTS))


_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _any(words: dict[str, str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_ROMAN = r"(?P<numeral>(?=[IVX]|[LC][IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?![\w'’])"
_PARTS = (
    "Chapter|Part|Volume|Book|Act|Scene|Section|Article|Appendix|Phase|Type|Class|Level|Stage|Grade|Tier|War|Bowl|"
    "Title|Figure|Table|Mark|Mk|Vol|Episode|Unit|Module|Lesson|Step|Round|Annex|Schedule|chapter|part|volume|book|act|"
    "scene|section|article|phase|type|class|level|stage|grade|tier"
)
_KINGS = (
    "Henry|Louis|Elizabeth|Charles|George|James|Edward|William|Richard|Philip|Pius|Paul|Benedict|Leo|Francis|Frederick|"
    "Napoleon|Nicholas|Alexander|Ivan|Peter|Catherine|Gustav|Christian|Harald|Wilhelm|Felipe|Carlos|Innocent|Gregory|"
    "Clement|Urban|Boniface|Ramses|Ramesses|Cleopatra|Ptolemy|Mehmed|Otto|Haakon|Margrethe"
)

ADDRESS_RULES: tuple[Rule, ...] = (
    rule(
        r"(?:https?://|ftp://|(?=www\.))(?P<host>[\w.-]{1,100}(?::[0-9]{1,5})?)"
        r"(?P<path>/(?:[^\s<>\"'”’)\]]{0,2000}[^\s<>\"'”’)\].,;:!?])?)?",
        _url,
        re.IGNORECASE,
    ),
    rule(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,12}\b", _address),
    rule(
        rf"(?:[a-z0-9-]{{1,63}}\.){{1,5}}(?:{_DOMAINS})(?:/[\w./-]{{0,40}}[\w/])?(?![\w.]\w|\w)",
        _domain,
        re.IGNORECASE,
    ),
)

WORD_RULES: tuple[Rule, ...] = (
    *ADDRESS_RULES,
    rule(rf"(?:{_any(ABBREVIATIONS)})(?!\w)", _abbreviation),
    rule(rf"(?P<name>{_any(NUMBERED)})(?=[ ]?[0-9])", _numbered),
    rule(r"St\b\.?", _street),
    rule(r"Dr\b\.?", _doctor),
    rule(rf"(?P<title>{'|'.join(TITLES)})\b\.?(?=[ ][A-Z])", _title),
    rule(rf"(?P<part>{_PARTS})[ ]{_ROMAN}", _roman_part),
    rule(rf"(?P<name>{_KINGS})[ ](?![IVXLC](?![IVXLC])){_ROMAN}", _roman_king),
    rule(rf"(?=[IVX]{{2,5}}\b){_ROMAN}(?=(?:th)?[ ](?:century|centuries|Century|Olympi))", _roman_century),
    rule(r"(?:II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XVI)(?![\w'’])", _roman_sequel),
    rule(rf"[\w-]{{1,64}}\.(?:{_FILES})(?!\w)", _address),
    rule(r"(?:[A-Za-z]\.){2,8}", _dotted),
    rule(r"(?P<letter>[A-Z])\.(?=[ ][A-Z])", _initial),
    rule(r"(?:[A-Za-z]{1,12}[₀-₉]{1,4}){1,8}[A-Za-z]{0,12}", _formula),
    rule(r"[^\W\d]{1,64}(?:_{1,3}[A-Za-z0-9]{1,64}){1,8}", _spaced),
)
"""Tried where a word begins."""

MARK_RULES: tuple[Rule, ...] = (
    rule(r"<(?:mailto:)?(?P<address>[^\s<>]{1,2000})>", _in_brackets),
    rule(r"@(?P<name>\w{1,40})", _mention),
    rule(r"\#(?=[0-9]{1,9}\b)", lambda match: "number"),
    rule(r"\#(?P<name>[^\W\d_]\w{0,80})", _hashtag),
    rule(r"[₀-₉]{1,4}", _subscript),
    rule(r"(?P<name>№|§)(?=[ ]?[0-9])", _numbered),
    rule(r"\.(?=NET\b)", lambda match: "dot"),
    rule(r"[-=]{1,2}>", lambda match: "to"),
)
"""Tried at other signs."""

SYMBOLS = {
    "&": "and", "@": "at", "+": "plus", "=": "equals", "%": "percent", "×": "times", "÷": "divided by",
    "±": "plus or minus", "≈": "approximately", "≠": "is not equal to", "≤": "is at most", "≥": "is at least",
    "<": "less than", ">": "greater than", "→": "to", "√": "square root of", "∞": "infinity", "π": "pi", "µ": "micro",
    "§": "section", "°": "degrees", "€": "euro", "£": "pound", "$": "dollar", "¥": "yen", "©": "copyright",
    "№": "number", "Ω": "ohm", "‰": "per mille", "~": "about", "∑": "sum of", "∆": "delta", "²": "squared",
    "³": "cubed", "¢": "cents",
}  # fmt: skip
"""What a sign on its own says."""

NEVER_END = frozenset(
    {*TITLES, "St", "Dr", "vs", "e.g", "i.e", "eg", "ie", "cf", "viz", "ca", "approx", "incl"}
    | {"Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec"}
)
"""Abbreviations, without their full stop, after which a sentence goes on."""
MAY_END = frozenset(name.rstrip(".") for name in ABBREVIATIONS if name.endswith(".")) - NEVER_END
"""Abbreviations that end a sentence only if another one clearly begins."""
BEFORE_FIGURES = frozenset(name.rstrip(".") for name in NUMBERED)
"""The same, if a figure follows."""
