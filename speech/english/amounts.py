"""Quantities: money, measures, percentages, fractions, phone numbers, versions and plain figures."""

from __future__ import annotations

import re

from speech.english.numbers import cardinal, digits, fraction, number, ordinal
from speech.english.rules import Rule, before, rule
from speech.english.units import ATTACHED, CURRENCIES, PER, SCALES, UNITS, counted

_FIGURE = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}(?![0-9])|[0-9]{1,40})(?:\.[0-9]{1,20})?|\.[0-9]{1,20}"
_TO = r"(?:[-–—]|[ ][-–—][ ])"
_SCALE = "|".join(sorted(map(re.escape, SCALES), key=len, reverse=True))
_LONGEST_FIRST = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_SYMBOL = "|".join(sorted((re.escape(c) for c in CURRENCIES if not c.isalpha()), key=len, reverse=True))
_CODE = "|".join(c for c in CURRENCIES if c.isalpha())
_PERIOD = "|".join(sorted(map(re.escape, PER), key=len, reverse=True))
_SIGN = r"(?P<sign>[-−–]?)"
_VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
_EXPONENTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _minus(sign: str) -> str:
    return "minus " if sign else ""


def _until(match: re.Match[str]) -> str:
    """The dash of a range whose both ends have their unit: 5 °C–10 °C."""
    return " to" if match["until"] else ""


def _is_one(figure: str) -> bool:
    return figure.replace(",", "") == "1"


_ATTRIBUTE = re.compile(
    "[ -](?:bill|note|coin|house|home|deal|fine|car|ticket|gift|fee|prize|question|investment|loan|budget|fund|project|"
    "contract|tax|donation|bet|grant|bonus|company|industry|lawsuit|settlement|bailout|discount|credit)\\b"
)
"""What money describes: a twenty dollar bill."""


def _money(match: re.Match[str]) -> str:
    unit, cents = CURRENCIES[match["symbol"].strip()]
    figure, scale, last = match["figure"], match["scale"], match["last"]
    tail = f" per {PER[match['per']]}" if match["per"] else ""
    one = bool(_ATTRIBUTE.match(match.string, match.end()))
    minus = _minus(match["sign"])
    if last or scale:
        said = number(figure) + (f" to {number(last)}" if last else "")
        scale = f" {SCALES[scale]}" if scale else ""
        return f"{minus}{said}{scale} {counted(unit, one)}{tail}{_until(match)}"
    return minus + _coins(figure, unit, cents, one=one) + tail + _until(match)


def _coins(figure: str, unit: str, cents: str, *, one: bool) -> str:
    whole, dot, part = figure.partition(".")
    if not dot or len(part) > 2 or not cents or not part.strip("0"):
        figure = whole if not part.strip("0") else figure
        return f"{number(figure)} {counted(unit, one or _is_one(figure))}"
    part = str(int(part.ljust(2, "0")))
    coins = f"{cardinal(part)} {counted(cents, part == '1')}"
    if not whole.strip("0"):
        return coins
    return f"{cardinal(whole)} {counted(unit, _is_one(whole))} and {coins}"


def _cents(match: re.Match[str]) -> str:
    return f"{cardinal(match['figure'])} {counted('cent', _is_one(match['figure']))}"


def _measure(match: re.Match[str]) -> str | None:
    figure, last, unit = match["figure"], match["last"], match["unit"]
    if unit in ATTACHED and match["gap"] == " ":
        return None
    if unit == "s" and not last and re.fullmatch("[0-9]{1,3}0|[0-9]{4}", figure):
        return None
    adjective = match["gap"] == "-"
    said = number(figure) + (f" to {number(last)}" if last else "")
    name = counted(UNITS[unit], adjective or (_is_one(figure) and not last))
    return f"{_minus(match['sign'])}{said} {name}{_until(match)}"


def _percent(match: re.Match[str]) -> str:
    name = "percent" if match["unit"] == "%" else "per mille"
    last = f" to {number(match['last'])}" if match["last"] else ""
    return f"{_minus(match['sign'])}{number(match['figure'])}{last} {name}"


def _feet(match: re.Match[str]) -> str:
    return f"{cardinal(match['feet'])} foot {cardinal(match['inches'])}"


def _ordinal(match: re.Match[str]) -> str:
    return ordinal(match["figure"])


def _fraction(match: re.Match[str]) -> str | None:
    whole, above, below = match["whole"], match["above"], match["below"]
    if (above, below) in (("24", "7"), ("9", "11"), ("50", "50")):
        return f"{cardinal(above)} {cardinal(below)}"
    if above == below:
        return f"{cardinal(above)} out of {cardinal(below)}"
    said = fraction(above, below)
    if said is None or (whole and int(above) > int(below)):
        return None if whole else f"{cardinal(above)} over {cardinal(below)}"
    return _mixed(whole, said)


def _vulgar(match: re.Match[str]) -> str | None:
    above, below = _VULGAR[match["vulgar"]]
    said = fraction(str(above), str(below))
    return None if said is None else _mixed(match["whole"], said)


def _mixed(whole: str | None, said: str) -> str:
    if not whole:
        return said
    said = said.replace("one half", "a half").replace("one quarter", "a quarter")
    return f"{cardinal(whole)} and {said}"


def _phone(match: re.Match[str]) -> str:
    groups = re.findall("[0-9]+", match.group())
    plus = "plus " if match.group().startswith("+") else ""
    return plus + ", ".join(digits(group, zero="zero") for group in groups)


def _emergency(match: re.Match[str]) -> str | None:
    return (
        digits(match.group()) if re.search(r"(?i)\b(?:call|dial|dialed|calling|dialing)[ ]$", before(match)) else None
    )


def _version(match: re.Match[str]) -> str:
    """A prefix 'v', or two points and more, make it a version; four parts are an IP address, read with 'dot'."""
    parts = match["parts"].split(".")
    prefix = "version " if match["v"] and not before(match, 9).lower().endswith("version ") else ""
    return prefix + (" dot " if len(parts) == 4 else " point ").join(cardinal(part) for part in parts)


def _range(match: re.Match[str]) -> str | None:
    if re.search("[0-9]-$", before(match)):  # 1-2-3 is no range
        return None
    return f"{number(match['figure'])} to {number(match['last'])}"


def _by(match: re.Match[str]) -> str:
    return " by ".join(number(part) for part in re.split(r"[ ]?[x×][ ]?", match.group()))


def _score(match: re.Match[str]) -> str:
    return f"{cardinal(match['figure'])} to {cardinal(match['last'])}"


def _scientific(match: re.Match[str]) -> str:
    return f"{number(match['figure'])} times ten {_raised(match['exponent'])}"


def _times_ten(match: re.Match[str]) -> str:
    unit = f" {counted(UNITS[match['unit']], False)}" if match["unit"] else ""
    return f"{number(match['figure'])} times ten {_raised(_exponent(match))}{unit}"


def _power(match: re.Match[str]) -> str:
    power = _raised(_exponent(match))
    return f"{number(match['figure'])} {power}" if match["figure"] else power


def _exponent(match: re.Match[str]) -> str:
    exponent: str = match["small"] or match["caret"]
    return exponent.translate(_EXPONENTS)


def _raised(power: str) -> str:
    named = {"2": "squared", "3": "cubed"}.get(power)
    if not named:
        named = f"to the power of {'minus ' if power[0] == '-' else ''}{cardinal(power.lstrip('+-'))}"
    return named


def _card(match: re.Match[str]) -> str:
    return ", ".join(digits(group) for group in re.split("[ -]", match.group()))


def _number(match: re.Match[str]) -> str:
    figure = match["figure"]
    scale = f" {SCALES[match['scale']]}" if match["scale"] else ""
    return _minus(match["sign"]) + number(figure) + scale


_MINUS_HERE = re.compile(r"(?:^|[\s(\[=<>+*/×,:–])$")


def _signed(match: re.Match[str]) -> str | None:
    return _number(match) if _MINUS_HERE.search(before(match, 1)) else None


def _glued(match: re.Match[str]) -> str:
    """Figures inside a name: B2B, MP3, F-16, x86."""
    return cardinal(match.group())


PHONE_RULES = (
    rule(r"(?:\+?1[-. ])?\([0-9]{3}\)[-. ]?[0-9]{3}[-. ][0-9]{4}(?![\w-])", _phone),
    rule(r"(?:\+?1[-. ])?[0-9]{3}([-. ])[0-9]{3}\1[0-9]{4}(?![\w-])", _phone),
    rule(r"\+[0-9]{1,3}(?:[ .-]?\(?[0-9]{1,5}\)?){2,6}(?![\w-])", _phone),
    rule(r"(?:\([0-9]{3,5}\)|0[0-9]{2,4})[ ][0-9]{3,4}[ -][0-9]{3,4}(?![\w-])", _phone),
    rule(r"[0-9]{3}-[0-9]{4}(?![\w-])", _phone),
    rule(r"(?:911|999|112)(?!\w|[.,-]\d)", _emergency),
    rule(r"[0-9]{4}(?:([ -])[0-9]{4})(?:\1[0-9]{4}){2}(?![0-9])", _card),
)

_CURRENCY = rf"(?P<symbol>{_SYMBOL}|(?:{_CODE})[ ]?(?=[-–0-9.]))[ ]?"
_SUM = (
    rf"(?P<figure>{_FIGURE})(?:{_TO}(?:{_SYMBOL})?(?P<last>{_FIGURE}))?(?:[ -]?(?P<scale>{_SCALE})(?![\w]))?"
    rf"(?:[ ]?/[ ]?(?P<per>{_PERIOD})\b)?(?P<until>{_TO}(?=(?P=symbol)[0-9]))?"
)
_MONEY_AFTER = (
    rf"{_SIGN}(?P<figure>{_FIGURE})(?:{_TO}(?P<last>{_FIGURE}))?(?:[ ]?(?P<scale>{_SCALE})(?=[ ]?[€£$A-Z]))?"
    rf"[ ]?(?P<symbol>[€£¥₹]|\$(?![0-9])|(?:{_CODE})\b)(?:[ ]?/[ ]?(?P<per>{_PERIOD})\b)?"
    rf"(?P<until>{_TO}(?=(?:{_FIGURE})[ ]?(?P=symbol)))?"
)
CURRENCY_RULES = (rule(_SIGN + _CURRENCY + _SUM, _money), rule(_CURRENCY + "(?P<sign>[-–])" + _SUM, _money))
"""Tried where a sign or the name of a currency begins."""
MONEY_RULES = (
    rule(_MONEY_AFTER, _money),
    rule(r"(?P<figure>[0-9]{1,4})¢", _cents),
)


_MEASURE = (
    rf"{_SIGN}(?P<figure>{_FIGURE})(?:{_TO}(?P<last>{_FIGURE}))?(?P<gap>[ -]?)"
    rf"(?P<unit>{_LONGEST_FIRST})(?![\w²³/'])"
    rf"(?P<until>{_TO}(?=-?(?:{_FIGURE})[ -]?(?P=unit)(?![\w/]))|–(?=-?[0-9]))?"
)

_RAISED = r"(?:\^(?P<caret>-?[0-9]{1,3})|(?P<small>⁻?[⁰¹²³⁴-⁹]{1,3}))"

FIGURE_RULES: tuple[Rule, ...] = (
    rule(r"(?P<feet>[0-9]{1,2})['′][ ]?(?P<inches>[0-9]{1,2})(?:[\"″”]|'')", _feet),
    rule(rf"(?P<figure>{_FIGURE})[eE](?P<exponent>[-+]?[0-9]{{1,3}})(?!\w)", _scientific),
    rule(rf"(?P<figure>{_FIGURE})[ ]?[x×·⋅][ ]?10{_RAISED}(?:[ ]?(?P<unit>{_LONGEST_FIRST})(?![\w²³/']))?", _times_ten),
    rule(_MEASURE, _measure),
    rule(rf"{_SIGN}(?P<figure>{_FIGURE})(?:[ ]?%?{_TO}(?P<last>{_FIGURE}))?[ ]?(?P<unit>[%‰])", _percent),
    rule(r"(?P<figure>[0-9]{1,3}(?:,[0-9]{3}){0,4}|[0-9]{1,15})(?:st|nd|rd|th|ST|ND|RD|TH)\b", _ordinal),
    rule(
        r"(?:(?P<whole>[0-9]{1,6})[ ])?(?P<above>[0-9]{1,3})[/⁄](?P<below>[1-9][0-9]{0,3})(?![\w/]|[.,]\d)", _fraction
    ),
    rule(rf"(?P<whole>[0-9]{{1,6}})?[ ]?(?P<vulgar>[{''.join(_VULGAR)}])", _vulgar),
    rule(r"(?P<v>)(?P<parts>[0-9]{1,9}(?:\.[0-9]{1,9}){2,5})(?![0-9])", _version),
    rule(rf"(?P<figure>{_FIGURE}){_RAISED}", _power),
    rule(r"[0-9]{1,6}(?:\.[0-9]{1,4})?(?:[ ]?[x×][ ]?[0-9]{1,6}(?:\.[0-9]{1,4})?){1,3}(?!\w)", _by),
    rule(r"(?P<figure>[0-9]{1,4}):(?P<last>[0-9]{1,4})(?![\w:])", _score),
    rule(rf"(?P<figure>{_FIGURE})(?:[-–—]|[ ][–—][ ])(?P<last>{_FIGURE})(?![-–—]?\w)", _range),
    rule(rf"(?P<sign>)(?P<figure>{_FIGURE})(?P<scale>(?:bn|tn|mn)\b)?", _number),
)
"""Tried where a figure or a decimal point begins; the last one takes what is left."""

SIGN_RULES = (
    rule(r"(?P<figure>)\^(?P<caret>-?[0-9]{1,3})(?P<small>)", _power),
    rule(rf"(?P<sign>[-−])(?P<figure>{_FIGURE})(?P<scale>)(?!\w)", _signed),
)
VERSION_RULES = (rule(r"(?P<v>[vV])\.?[ ]?(?P<parts>[0-9]{1,9}(?:\.[0-9]{1,9}){0,5})(?![\w])", _version),)
GLUED = rule(r"[0-9]{1,40}", _glued)
