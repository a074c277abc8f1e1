"""Arithmetic: scientific notation, powers, sums, dimensions."""

from __future__ import annotations

import re

from speech.reading.english.numbers import FIGURE, number, paired, raised
from speech.reading.english.rules import Rule, before, rule
from speech.reading.english.units import DOUBTFUL, NAME, UNITS, counted

_EXPONENTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_OPERATORS = {"+": "plus", "-": "minus", "–": "minus", "*": "times", "×": "times", "x": "times", "·": "times",
              "÷": "divided by", "/": "divided by"}  # fmt: skip


def _exponential(match: re.Match[str]) -> str:
    """1e-5."""
    return f"{number(match['figure'])} times ten {raised(match['exponent'])}"


def _scientific(match: re.Match[str]) -> str:
    """6.02×10²³, 3 × 10⁸ m/s."""
    unit = f" {counted(UNITS[match['unit'].rstrip('.')], False)}" if match["unit"] else ""
    return f"{number(match['figure'])} times ten {raised(_exponent(match))}{unit}"


def _power(match: re.Match[str]) -> str:
    """5², 10^6, and the ^2 of x^2."""
    power = raised(_exponent(match))
    return f"{number(match['figure'])} {power}" if match["figure"] else power


def _exponent(match: re.Match[str]) -> str:
    exponent: str = match["small"] or match["caret"]
    return exponent.translate(_EXPONENTS)


def _sum(match: re.Match[str]) -> str | None:
    """One side of an equation. Without one, 7-3 is a range or a score."""
    parts = re.split(r"[ ]?([-+–*×x·÷/])[ ]?", match.group())
    if match["equals"] is None:
        is_right_side = before(match).endswith("= ") and " " in match.group()
        if not is_right_side or {"x", "×"} & set(parts):
            return None
    return " ".join(_OPERATORS.get(part) or number(part) for part in parts)


def _dimensions(match: re.Match[str]) -> str | None:
    """1920x1080, 3 x 5 cm."""
    parts = re.split(r"[ ]?[x×][ ]?", match["parts"])
    unit = match["unit"]
    if unit in DOUBTFUL:
        return None
    pixels = unit in (None, "px") and len(parts) == 2 and all(re.fullmatch("[1-9][0-9]{2,3}", part) for part in parts)
    said = " by ".join(paired(part) if pixels else number(part) for part in parts)
    return f"{said} {counted(UNITS[unit.rstrip('.')], False)}" if unit else said


_RAISED = r"(?:\^(?P<caret>-?[0-9]{1,3})|(?P<small>⁻?[⁰¹²³⁴-⁹]{1,3}))"
_OPERAND = r"(?!0[0-9x])[0-9]{1,9}(?:,[0-9]{3}){0,3}(?:\.[0-9]{1,9})?"
_SIDE = r"[0-9]{1,6}(?:\.[0-9]{1,4})?"

ARITHMETIC_RULES: tuple[Rule, ...] = (
    rule(rf"(?P<figure>{FIGURE})[eE](?P<exponent>[-+]?[0-9]{{1,3}})(?!\w)", _exponential),
    rule(rf"(?P<figure>{FIGURE})[ ]?[x×·⋅][ ]?10{_RAISED}(?:[ ]?(?P<unit>{NAME})(?![\w²³/']))?", _scientific),
    rule(rf"(?P<figure>{FIGURE}){_RAISED}", _power),
    rule(
        rf"{_OPERAND}(?:(?:[ ]?[-+–*×x·÷][ ]?|[ ]/[ ]){_OPERAND}){{1,8}}(?![\w.,/-]|[ ]?[-+–*×x·÷][ ]?[\w(])"
        r"(?P<equals>(?=[ ]?=(?!>)))?",
        _sum,
    ),
    rule(rf"(?P<parts>{_SIDE}(?:[ ]?[x×][ ]?{_SIDE}){{1,3}})(?:[ ]?(?P<unit>{NAME}))?(?![\w²³'])", _dimensions),
)
"""Tried at a figure or a decimal point."""
POWER_RULES = (rule(r"(?P<figure>)\^(?P<caret>-?[0-9]{1,3})(?P<small>)", _power),)
"""Tried at a sign."""
