"""Arithmetic: powers of ten and of anything, sums, dimensions."""

from __future__ import annotations

import re

from speech.reading.english.numbers import FIGURE, number, paired, raised
from speech.reading.english.rules import Rule, before, rule
from speech.reading.english.units import DOUBTFUL, NAME, UNITS, counted

_EXPONENTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_OPERATORS = {"+": "plus", "-": "minus", "–": "minus", "*": "times", "×": "times", "x": "times", "·": "times",
              "÷": "divided by", "/": "divided by"}  # fmt: skip


def _scientific(match: re.Match[str]) -> str:
    return f"{number(match['figure'])} times ten {raised(match['exponent'])}"


def _times_ten(match: re.Match[str]) -> str:
    unit = f" {counted(UNITS[match['unit'].rstrip('.')], False)}" if match["unit"] else ""
    return f"{number(match['figure'])} times ten {raised(_exponent(match))}{unit}"


def _power(match: re.Match[str]) -> str:
    power = raised(_exponent(match))
    return f"{number(match['figure'])} {power}" if match["figure"] else power


def _exponent(match: re.Match[str]) -> str:
    exponent: str = match["small"] or match["caret"]
    return exponent.translate(_EXPONENTS)


def _sum(match: re.Match[str]) -> str | None:
    """One side of an equation: 7-3=4 is no range."""
    parts = re.split(r"[ ]?([-+–*×x·÷/])[ ]?", match.group())
    behind = match["equals"] is None
    if behind and (not before(match).endswith("= ") or " " not in match.group() or {"x", "×"} & set(parts)):
        return None
    return " ".join(_OPERATORS.get(part) or number(part) for part in parts)


def _by(match: re.Match[str]) -> str | None:
    parts = re.split(r"[ ]?[x×][ ]?", match["parts"])
    unit = match["unit"]
    if unit in DOUBTFUL:
        return None
    pixels = unit in (None, "px") and len(parts) == 2 and all(re.fullmatch("[1-9][0-9]{2,3}", part) for part in parts)
    said = " by ".join((paired if pixels else number)(part) for part in parts)
    return f"{said} {counted(UNITS[unit.rstrip('.')], False)}" if unit else said


_RAISED = r"(?:\^(?P<caret>-?[0-9]{1,3})|(?P<small>⁻?[⁰¹²³⁴-⁹]{1,3}))"
_OPERAND = r"(?!0[0-9x])[0-9]{1,9}(?:,[0-9]{3}){0,3}(?:\.[0-9]{1,9})?"
_SIDE = r"[0-9]{1,6}(?:\.[0-9]{1,4})?"

ARITHMETIC_RULES: tuple[Rule, ...] = (
    rule(rf"(?P<figure>{FIGURE})[eE](?P<exponent>[-+]?[0-9]{{1,3}})(?!\w)", _scientific),
    rule(rf"(?P<figure>{FIGURE})[ ]?[x×·⋅][ ]?10{_RAISED}(?:[ ]?(?P<unit>{NAME})(?![\w²³/']))?", _times_ten),
    rule(rf"(?P<figure>{FIGURE}){_RAISED}", _power),
    rule(
        rf"{_OPERAND}(?:(?:[ ]?[-+–*×x·÷][ ]?|[ ]/[ ]){_OPERAND}){{1,8}}(?![\w.,/-]|[ ]?[-+–*×x·÷][ ]?[\w(])"
        r"(?P<equals>(?=[ ]?=(?!>)))?",
        _sum,
    ),
    rule(rf"(?P<parts>{_SIDE}(?:[ ]?[x×][ ]?{_SIDE}){{1,3}})(?:[ ]?(?P<unit>{NAME}))?(?![\w²³'])", _by),
)
"""Tried where a figure or a decimal point begins."""
POWER_RULES = (rule(r"(?P<figure>)\^(?P<caret>-?[0-9]{1,3})(?P<small>)", _power),)
