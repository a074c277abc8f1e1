"""Sums of money."""

from __future__ import annotations

import re

from speech.reading.english.numbers import FIGURE, SIGN, TO, cardinal, is_one, minus, number
from speech.reading.english.rules import rule
from speech.reading.english.units import CURRENCIES, PER, SCALES, counted

_SCALE = "|".join(sorted(map(re.escape, SCALES), key=len, reverse=True))
_SYMBOL = "|".join(sorted((re.escape(c) for c in CURRENCIES if not c.isalpha()), key=len, reverse=True))
_CODE = "|".join(c for c in CURRENCIES if c.isalpha())
_PERIOD = "|".join(sorted(map(re.escape, PER), key=len, reverse=True))

_DESCRIBED_NOUN = re.compile(
    "[ -](?:bill|note|coin|house|home|deal|fine|car|ticket|gift|fee|prize|question|investment|loan|budget|fund|project|"
    "contract|tax|donation|bet|grant|bonus|company|industry|lawsuit|settlement|bailout|discount|credit)\\b"
)
"""Nouns that a sum describes; the currency is in the singular before them: a twenty dollar bill."""


def _money(match: re.Match[str]) -> str:
    unit, cents = CURRENCIES[match["symbol"].strip()]
    figure, scale, last = match["figure"], match["scale"], match["last"]
    tail = f" per {PER[match['per']]}" if match["per"] else ""
    if match["until"]:
        tail += " to"
    singular = bool(_DESCRIBED_NOUN.match(match.string, match.end()))
    sign = minus(match["sign"])
    if last or scale:
        said = number(figure) + (f" to {number(last)}" if last else "")
        scale = f" {SCALES[scale]}" if scale else ""
        return f"{sign}{said}{scale} {counted(unit, singular)}{tail}"
    return sign + _units_and_cents(figure, unit, cents, singular=singular) + tail


def _units_and_cents(figure: str, unit: str, cents: str, *, singular: bool) -> str:
    """'3.50', 'dollar', 'cent' -> 'three dollars and fifty cents'. A comma before two digits is a decimal comma."""
    if re.search(",[0-9]{2}$", figure):
        figure = figure.replace(".", "").replace(",", ".")
    whole, dot, part = figure.partition(".")
    if not dot or len(part) > 2 or not cents or not part.strip("0"):
        figure = figure if part.strip("0") else whole or "0"
        return f"{number(figure)} {counted(unit, singular or is_one(figure))}"
    part = str(int(part.ljust(2, "0")))
    said_cents = f"{cardinal(part)} {counted(cents, part == '1')}"
    if not whole.strip("0"):
        return said_cents
    return f"{cardinal(whole)} {counted(unit, is_one(whole))} and {said_cents}"


def _cents(match: re.Match[str]) -> str:
    return f"{cardinal(match['figure'])} {counted('cent', is_one(match['figure']))}"


_CURRENCY = rf"(?P<symbol>{_SYMBOL}|(?:{_CODE})[ ]?(?=[-–0-9.]))[ ]?"
_INDIAN_FIGURE = r"[0-9]{1,2}(?:,[0-9]{2}){1,3},[0-9]{3}(?![0-9]|,[0-9])(?:\.[0-9]{2})?"
_EUROPEAN_FIGURE = r"(?:[0-9]{1,3}(?:\.[0-9]{3}){1,3}|[0-9]{1,6}),[0-9]{2}(?![0-9]|[.,][0-9])"
_FIGURE = f"{_INDIAN_FIGURE}|{_EUROPEAN_FIGURE}|{FIGURE}"
"""The pattern of an amount: 1,50,000 (India), 1.234,56 (Europe), or any other figure."""
_SUM = (
    rf"(?P<figure>{_FIGURE})(?:{TO}(?:{_SYMBOL})?(?P<last>{FIGURE}))?(?:[ -]?(?P<scale>{_SCALE})(?![\w]))?"
    rf"(?:[ ]?/[ ]?(?P<per>{_PERIOD})\b)?(?P<until>{TO}(?=(?P=symbol)[0-9]))?"
)
_MONEY_AFTER = (
    rf"{SIGN}(?P<figure>{_FIGURE})(?:{TO}(?P<last>{FIGURE}))?(?:[ ]?(?P<scale>{_SCALE})(?=[ ]?[€£$A-Z]))?"
    rf"[ ]?(?P<symbol>[€£¥₹]|\$(?![0-9])|(?:{_CODE})\b)(?:[ ]?/[ ]?(?P<per>{_PERIOD})\b)?"
    rf"(?P<until>{TO}(?=(?:{FIGURE})[ ]?(?P=symbol)))?"
)
CURRENCY_RULES = (rule(SIGN + _CURRENCY + _SUM, _money), rule(_CURRENCY + "(?P<sign>[-–])" + _SUM, _money))
"""Tried at a sign, or at the name of a currency."""
MONEY_RULES = (
    rule(_MONEY_AFTER, _money),
    rule(r"(?P<figure>[0-9]{1,4})¢", _cents),
)
"""Tried at a figure."""
