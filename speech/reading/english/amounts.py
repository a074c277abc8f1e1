"""Quantities: percentages, fractions, ratings, ordinals, ranges, versions, and all other figures."""

from __future__ import annotations

import re

from speech.reading.english.numbers import FIGURE, SIGN, TO, cardinal, fraction, minus, mixed, number, ordinal, plural
from speech.reading.english.rules import Rule, after, before, rule
from speech.reading.english.units import DOUBTFUL, NAME, SCALES, UNITS, counted

_VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
"""Numerator and denominator of each fraction that is a single character."""
_PAIRS = frozenset({("24", "7"), ("9", "11"), ("20", "20")})
"""Pairs that look like fractions but are read as two numbers: 24/7."""


def _percent(match: re.Match[str]) -> str:
    name = "percent" if match["unit"] == "%" else "per mille"
    last = f" to {number(match['last'])}" if match["last"] else ""
    return f"{minus(match['sign'])}{number(match['figure'])}{last} {name}"


def _ordinal(match: re.Match[str]) -> str:
    return ordinal(match["figure"])


def _fraction(match: re.Match[str]) -> str | None:
    whole, above, below = match["whole"], match["above"], match["below"]
    if not whole and not match["unit"]:
        if _is_pair(match):
            return f"{cardinal(above)} {cardinal(below)}"
        if above == below or _is_rating(match):
            return f"{cardinal(above)} out of {cardinal(below)}"
    said = fraction(above, below)
    if whole and (said is None or int(above) >= int(below)):
        return None
    said = said or f"{cardinal(above)} over {cardinal(below)}"
    return f"{mixed(whole, said)} to" if match["until"] else _of_unit(match, said)


def _is_pair(match: re.Match[str]) -> bool:
    """Whether the numbers are read one after the other: 24/7, the 80/20 rule, 6/8 time."""
    above, below = match["above"], match["below"]
    shares = int(above) + int(below) == 100 and int(above) >= 50
    return (above, below) in _PAIRS or shares or bool(_BEAT.match(after(match)))


def _is_rating(match: re.Match[str]) -> bool:
    """Whether 8/10 is read as "eight out of ten": before "stars" and the like, after "rated" and the like, or if the
    denominator is ten and no noun follows."""
    following = after(match)
    if _STARS.match(following):
        return True
    if _CONTINUES_FRACTION.match(following):
        return False
    if _RATED.search(before(match, 48)):
        return True
    return match["below"] == "10" and match["above"] != "1" and not re.search(r"[-+=×*/(][ ]?$", before(match))


_BEAT = re.compile(r"[ ](?:time|beat|meter|rhythm)\b")
_RATED = re.compile(
    r"\b(?:rated|rating|scored?|scores|grade|(?:gave|gives?)[ ](?:it|this|them|him|her))[ ]"
    r"(?:(?:it|this|of|an?|is|was)[ ]){0,2}$"
)
_STARS = re.compile(r"[ -](?:stars?|points|marks|rating|score)\b")
_CONTINUES_FRACTION = re.compile(r"[ ]?[-+=×*÷/]|[ ]x\b|[ ](?:of|the|a|an|inch|inches|mile|miles|second|seconds)\b")


def _of_unit(match: re.Match[str], said: str) -> str:
    """`said` (a fraction) with the unit of the match, if it has one: 'one half pound', 'three quarters of a pound'."""
    whole, unit = match["whole"], match["unit"]
    if not unit:
        return mixed(whole, said)
    name = UNITS[unit.rstrip(".")]
    if whole:
        return f"{mixed(whole, said)} {counted(name, False)}"
    if " over " in said:
        return f"{said} {counted(name, False)}"
    if said.startswith("one "):
        return f"{said} {name}"
    return f"{said} of {'an' if name[0] in 'aeiou' or name == 'hour' else 'a'} {name}"


def _out_of(match: re.Match[str]) -> str:
    return f"{number(match['above'])} out of {cardinal(match['below'].removesuffix('.0'))}"


def _vulgar(match: re.Match[str]) -> str | None:
    above, below = _VULGAR[match["vulgar"]]
    said = fraction(str(above), str(below))
    return None if said is None else _of_unit(match, said)


def _version(match: re.Match[str]) -> str:
    """A version number (v2, 1.2.3), or an IP address, which has four parts and is read with "dot"."""
    parts = match["parts"].split(".")
    prefix = "version " if match["v"] and not before(match, 9).lower().endswith("version ") else ""
    return prefix + (" dot " if len(parts) == 4 else " point ").join(cardinal(part) for part in parts)


def _range(match: re.Match[str]) -> str | None:
    if re.search("[0-9]-$", before(match)):  # 1-2-3 is not a range
        return None
    if match["figure"] == match["last"] == "50":
        return "fifty fifty"
    return f"{number(match['figure'])} to {number(match['last'])}"


def _score(match: re.Match[str]) -> str:
    return f"{cardinal(match['figure'])} to {cardinal(match['last'])}"


def _number(match: re.Match[str]) -> str:
    figure = match["figure"]
    scale = f" {SCALES[match['scale']]}" if match["scale"] else ""
    return minus(match["sign"]) + number(figure) + scale


_BEFORE_MINUS = re.compile(r"(?:^|[\s(\[=<>+*/×,:–])$")
"""Text after which a hyphen is a minus sign."""


def _negative(match: re.Match[str]) -> str | None:
    return _number(match) if _BEFORE_MINUS.search(before(match, 1)) else None


def _plural_of_name(match: re.Match[str]) -> str | None:
    """The figures of B-52s, F-16s."""
    return plural(cardinal(match["figure"])) if re.search("(?<![0-9])[A-Za-z]-$", before(match)) else None


def _inside_name(match: re.Match[str]) -> str:
    """Figures inside a name: B2B, MP3, x86."""
    return cardinal(match.group())


_UNIT = rf"(?:[ -]?(?P<unit>(?!(?:{'|'.join(DOUBTFUL)})\b)(?:{NAME}))(?![\w²³/']))?"

FIGURE_RULES: tuple[Rule, ...] = (
    rule(rf"{SIGN}(?P<figure>{FIGURE})(?:[ ]?%?{TO}(?P<last>{FIGURE}))?[ ]?(?P<unit>[%‰])(?:-(?=[a-z]))?", _percent),
    rule(r"(?P<figure>[0-9]{1,3}(?:,[0-9]{3}){0,4}|[0-9]{1,15})(?:st|nd|rd|th|ST|ND|RD|TH)\b", _ordinal),
    rule(r"(?P<above>[0-9]{1,3}\.[0-9]{1,2})/(?P<below>[1-9][0-9]{0,2}(?:\.0)?)(?![\w/]|[.,]\d)", _out_of),
    rule(
        r"(?:(?P<whole>[0-9]{1,6})[ -])?(?P<above>[0-9]{1,3})[/⁄](?P<below>[1-9][0-9]{0,3})(?![\w/]|[.,]\d)"
        rf"(?P<until>[-–](?=[0-9]{{1,2}}/[0-9]))?{_UNIT}",
        _fraction,
    ),
    rule(rf"(?P<whole>[0-9]{{1,6}})?[ ]?(?P<vulgar>[{''.join(_VULGAR)}]){_UNIT}", _vulgar),
    rule(r"(?P<v>)(?P<parts>[0-9]{1,9}(?:\.[0-9]{1,9}){2,5})(?![0-9])", _version),
    rule(r"(?P<figure>[0-9]{1,4}):(?P<last>[0-9]{1,4})(?![\w:])", _score),
    rule(rf"(?P<figure>{FIGURE})(?:[-–—]|[ ][–—][ ])(?P<last>{FIGURE})(?![-–—]?\w)", _range),
    rule(r"(?P<figure>[0-9]{1,4})s\b", _plural_of_name),
    rule(rf"(?P<sign>)(?P<figure>{FIGURE})(?P<scale>(?:bn|tn|mn)\b)?", _number),
)
"""Tried at a figure or a decimal point, after all other rules; the last one matches every figure."""

SIGN_RULES = (rule(rf"(?P<sign>[-−])(?P<figure>{FIGURE})(?P<scale>)(?!\w)", _negative),)
"""Tried at a sign."""
VERSION_RULES = (rule(r"(?P<v>[vV])\.?[ ]?(?P<parts>[0-9]{1,9}(?:\.[0-9]{1,9}){0,5})(?![\w])", _version),)
"""Tried at a letter."""
GLUED = rule(r"[0-9]{1,40}", _inside_name)
"""The only rule for a figure right after a letter or another figure."""
