"""Measures: a figure and its unit, inches and feet, lines of a screen."""

from __future__ import annotations

import re

from speech.reading.english.numbers import FIGURE, SIGN, TO, cardinal, fraction, is_one, minus, mixed, number, paired
from speech.reading.english.rules import Rule, after, before, keep_stop, rule
from speech.reading.english.units import DOUBTFUL, NAME, UNITS, counted

_ROUND_NUMBERS = {
    "10": "tens",
    "100": "hundreds",
    "1000": "thousands",
    "10000": "tens of thousands",
    "100000": "hundreds of thousands",
}


def _round_number(match: re.Match[str]) -> str:
    """1000s of stars."""
    return _ROUND_NUMBERS[match["figure"].replace(",", "")]


def _measure(match: re.Match[str]) -> str | None:
    figure, last, unit = match["figure"], match["last"], match["unit"]
    if not _is_unit(match):
        return None
    said = number(figure) + (f" to {number(last)}" if last else "")
    singular = match["gap"] == "-" or (is_one(figure) and not last)
    name = counted(UNITS[unit.rstrip(".")], singular)
    # A second measure may follow: 10 km–20 km, 180°C/350°F.
    conjunction = {None: "", "/": " or"}.get(match["until"], " to")
    return keep_stop(match, f"{minus(match['sign'])}{said} {name}{conjunction}")


def _is_unit(match: re.Match[str]) -> bool:
    """Whether a letter after a figure is a unit: 'a 5A fuse', but not 'seat 5A', 'B-52s' and '100 W Main Street'."""
    unit, following = match["unit"], after(match, 64)
    if len(unit) > 1:
        return True
    if re.search("(?<![0-9])[A-Za-z]-$", before(match)):
        return False
    if unit.isupper() and (_NUMBERED.search(before(match, 48)) or _STREET.match(following)):
        return False
    if match["gap"] != " " or unit not in DOUBTFUL:
        return True
    if unit == "A":
        return bool(_AFTER_AMPERES.match(following))
    return not (_NAME_OR_FIGURE if unit.isupper() else _NAME_FOLLOWS).match(following)


_NUMBERED = re.compile(
    r"\b(?:apt|apartment|seat|row|room|rm|suite|ste|gate|exit|section|unit|flat|class|grade|platform|plan|type|option|"
    r"figure|fig|table|schedule|appendix|article|chapter|part|line|track|route|bus|door|building|block|lot|bay|form|level|"
    r"flight|floor|terminal|berth|cabin|zone|area|stage|step|size|model|version|question|exercise|item|number|"
    r"no)s?\.?[ ]"
    r"(?:[0-9]{1,4}[A-Z]?(?:,[ ]|,?[ ](?:and|or|to|&)[ ]|[-–])){0,3}\#?$",
    re.IGNORECASE,
)
"""The text before a number that may end with a letter: a noun, and other such numbers (seats 12A and 14A)."""
_STREET = re.compile(
    r",?(?:[ ][A-Z][\w'-]{1,20}){1,3}[ ](?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Ct|Court|Pl|"
    r"Place|Way|Terrace|Square|Sq|Gardens|Crescent|Close|Row|Hill)\b"
)
_NAME_FOLLOWS = re.compile("[ ][A-Z][a-z]")
_NAME_OR_FIGURE = re.compile("[ ](?:[A-Z][a-z]|[0-9])")
_AFTER_AMPERES = re.compile(
    r"\s{0,3}(?:\Z|[.,;:!?)])|[ ](?:of[ ]current|fuse|current|breaker|circuit|charger|load|supply|at|max|AC|DC)\b"
)


def _feet_and_inches(match: re.Match[str]) -> str | None:
    """5'10", and 5'10 if that can be somebody's height."""
    if not match["mark"] and not 3 <= int(match["feet"]) <= 8:
        return None
    return f"{cardinal(match['feet'])} foot {cardinal(match['inches'])}"


def _ft_and_in(match: re.Match[str]) -> str:
    """5 ft 10 in."""
    feet, inches = match["feet"], match["inches"]
    said = f"{cardinal(feet)} {counted('foot', feet == '1')} {cardinal(inches)} {counted('inch', inches == '1')}"
    return keep_stop(match, said)


def _lengths(match: re.Match[str]) -> str | None:
    """15" and 12' x 10': inches and feet, unless the mark closes a quotation."""
    sides = _ONE_SIDE.findall(match["sides"])
    if _closes_quotation(match, sides):
        return None
    following = after(match)
    describes_noun = match["hyphen"] or (re.match(r"[ ][a-z]{3,}", following) and not _AFTER_PLURAL.match(following))
    last = len(sides) - 1
    said = [
        _length(figure, _UNIT_OF_MARK[mark], singular=bool(describes_noun and i == last))
        for i, (figure, mark) in enumerate(sides)
    ]
    return " by ".join(said)


def _closes_quotation(match: re.Match[str], sides: list[tuple[str, str]]) -> bool:
    """Whether the first mark is a quotation mark: '3' by default; he said "I have 15" and left."""
    mark = sides[0][1]
    if mark in ("″", "′"):
        return False
    preceding = before(match, 200)
    if preceding.endswith(("'", '"', "“")):
        return True
    if mark == "'":
        return len(sides) == 1 and not _AFTER_FEET.match(after(match))
    return _in_quotation(preceding)


def _length(figure: str, unit: str, *, singular: bool) -> str:
    part = re.fullmatch(r"(?:([0-9]+)[ -])?([0-9]+)/([0-9]+)", figure)
    if not part:
        return f"{number(figure)} {counted(unit, singular or is_one(figure))}"
    whole, above, below = part.groups()
    return f"{mixed(whole, fraction(above, below) or figure)} {counted(unit, singular or not whole)}"


def _in_quotation(text: str) -> bool:
    """Whether a quotation is open at the end of `text`. A straight mark after a figure may be inches: it opens none."""
    quoted = False
    for mark in _QUOTE.finditer(text, text.rfind("\n") + 1):
        opens = mark.group() == "“" or (mark.group() == '"' and mark["figure"] is None)
        quoted = opens and not quoted
    return quoted


_QUOTE = re.compile('(?P<figure>(?<=[0-9]))?["“”]')


_UNIT_OF_MARK = {"'": "foot", "′": "foot", '"': "inch", "″": "inch", "”": "inch"}
_MARK = f"[{''.join(_UNIT_OF_MARK)}]"
_FIGURE_OR_PART = rf"(?:[0-9]{{1,3}}[ -])?[1-9][0-9]?/(?:2|4|8|16|32|64)|{FIGURE}"
_SIDE = rf"(?:{_FIGURE_OR_PART}){_MARK}"
_ONE_SIDE = re.compile(rf"({_FIGURE_OR_PART})({_MARK})")
_AFTER_FEET = re.compile(r"[ ](?:tall|long|wide|deep|high|by|ladders?|ceilings?|boards?|poles?|boats?)\b")
_AFTER_PLURAL = re.compile(
    r"[ -](?:tall|long|wide|deep|high|thick|and|from|into|above|below|apart|across|away|was|were|are|per|than|with|for|"
    r"but|off|the|this|that|which|who|when|while|more|less|too|in|at|on|or|of|to|by|is)\b"
)
"""Words after a length in the plural: six inches of snow, but a 15 inch laptop."""


def _screen(match: re.Match[str]) -> str:
    """1080p, 720p60."""
    rate = f" {cardinal(match['rate'])}" if match["rate"] else ""
    return f"{paired(match['lines'])} {match['scan']}{rate}"


_MEASURE = (
    rf"{SIGN}(?P<figure>{FIGURE})(?:{TO}(?P<last>{FIGURE}))?(?P<gap>[ -]?)"
    rf"(?P<unit>{NAME})(?![\w²³']|/(?!-?[0-9]))"
    rf"(?P<until>{TO}(?=-?(?:{FIGURE})[ -]?(?P=unit)(?![\w/]))|"
    rf"/(?=-?(?:{FIGURE})(?:{TO}(?:{FIGURE}))?[ ]?(?:{NAME})(?!\w))|–(?=-?[0-9]))?"
)

INCH_RULES: tuple[Rule, ...] = (
    rule(r"(?P<feet>[0-9]{1,2})['′][ -]?(?P<inches>[0-9]|1[01])(?P<mark>[\"″”]|'')?(?![\w'\"])", _feet_and_inches),
    rule(
        r"(?P<feet>[0-9]{1,2})[ ]?(?:ft|feet|foot)\.?[ ](?P<inches>[0-9]|1[01])[ ]?"
        r"in(?:\.|\b(?![ ](?:the|a|an|this|that|his|her|my|our)\b))",
        _ft_and_in,
    ),
    rule(rf"(?P<sides>{_SIDE}(?:[ ]?[x×][ ]?{_SIDE}){{0,2}})(?:(?P<hyphen>-(?=[a-z]))|(?![\w'\"]))", _lengths),
)
"""Tried at a figure, before dates."""
MEASURE_RULES: tuple[Rule, ...] = (
    rule(
        r"(?P<figure>10(?=s[ ]of[ ](?:thousands|millions|billions))|100|10{0,2},?000)['’]?s(?=[ ]of\b)",
        _round_number,
    ),
    rule(
        r"(?P<lines>144|240|360|480|540|576|720|1080|1440|2160|4320)(?P<scan>[pi])(?P<rate>24|25|30|50|60|120)?(?!\w)",
        _screen,
    ),
    rule(_MEASURE, _measure),
)
"""Tried at a figure or its sign."""
