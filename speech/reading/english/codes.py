"""Figures that are not quantities, read digit by digit or in pairs: telephone and card numbers, ZIP codes, planes."""

from __future__ import annotations

import re
from collections.abc import Callable

from speech.reading.english.numbers import digits, paired
from speech.reading.english.rules import Rule, after, before, rule

_GROUPS = {6: (3, 3), 7: (3, 4), 8: (4, 4), 10: (3, 3, 4), 11: (1, 3, 3, 4), 12: (3, 3, 3, 3), 13: (3, 3, 3, 4)}
"""Sizes of the groups of digits, with a pause between them, by the length of the number."""


def _in_groups(match: re.Match[str]) -> str:
    """Digit by digit, with a pause after each group."""
    groups: list[str] = []
    for number in re.findall("[0-9]+", match.group()):
        groups += _divided(number)
    plus = "plus " if match.group().startswith("+") else ""
    check_digit = " X" if match.group().endswith("X") else ""
    return plus + ", ".join(groups) + check_digit


def _divided(number: str) -> list[str]:
    """'5551234' -> ['five five five', 'one two three four']."""
    groups, start = [], 0
    for size in _GROUPS.get(len(number), (len(number),)):
        groups.append(digits(number[start : start + size]))
        start += size
    return groups


def _only_after(words: str) -> Callable[[re.Match[str]], str | None]:
    """For a number that is a code only if `words`, a pattern, matches the text right before it."""
    pattern = re.compile(rf"\b(?:{words})$")

    def say(match: re.Match[str]) -> str | None:
        return _in_groups(match) if pattern.search(before(match, 32)) else None

    return say


def _ten_digits(match: re.Match[str]) -> str | None:
    """A telephone number, unless a plural noun, a currency or a unit after it shows that it is an amount."""
    if re.match(r"[ ](?:[a-z]{3,20}s|people)\b|[ ]?(?:[€£¥₹$%]|[A-Z]{2,3}\b)", after(match)):
        return None
    return _in_groups(match)


def _plane(match: re.Match[str]) -> str | None:
    """A Boeing 747, the 747-400."""
    variant = match["variant"]
    named = r"\b(?:Boeing|[Tt]he|[Aa])[ ]$" if variant else r"\bBoeing[ ]$"
    if not re.search(named, before(match)):
        return None
    return paired(match["plane"]) + (f" {paired(variant)}" if variant else "")


_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)

CODE_RULES: tuple[Rule, ...] = (
    rule(r"(?:\+?1[-. ])?\([0-9]{3}\)[-. ]?[0-9]{3}[-. ][0-9]{4}(?![\w-])", _in_groups),
    rule(r"(?:\+?1[-. ])?[0-9]{3}([-. ])[0-9]{3}\1[0-9]{4}(?![\w-])", _in_groups),
    rule(r"\+[0-9]{1,3}(?:[ .-]?\(?[0-9]{1,5}\)?){2,6}(?![\w-])", _in_groups),
    rule(r"(?:\([0-9]{3,5}\)|0[0-9]{2,4})[ ][0-9]{3,4}[ -][0-9]{3,4}(?![\w-])", _in_groups),
    rule(r"0[0-9]{3,4}[ ][0-9]{6}(?![\w-])", _in_groups),
    rule(r"[0-9]{3}-[0-9]{4}(?![\w-])", _in_groups),
    rule(r"(?!214748364[78]|429496729[56])[2-9][0-9]{2}[2-9][0-9]{6}(?![\w%°]|[.,-][0-9])", _ten_digits),
    rule(r"(?:911|999|112)(?!\w|[.,-]\d)", _only_after(r"(?i:call|dial|dialed|calling|dialing)[ ]")),
    rule(r"[0-9]{4}(?:([ -])[0-9]{4})(?:\1[0-9]{4}){2}(?![0-9])", _in_groups),
    rule(r"[0-9]{3}-[0-9]{2}-[0-9]{4}(?![\w-])", _in_groups),
    rule(r"97[89]-(?:[0-9]{1,7}-){3}[0-9](?![\w-])", _in_groups),
    rule(r"[0-9](?:[ -]?[0-9]){8,11}[ -]?[0-9X](?!\w)", _only_after("ISBN(?:-1[03])?:?[ ]")),
    rule(
        r"[0-9]{5}(?:-[0-9]{4})?(?![\w-]|[.,][0-9])",
        _only_after(rf"(?:(?<=,[ ])|(?!HI|IN|ME|OH|OK|OR))(?:{_STATES})[ ]|(?i:zip(?:[ ]code)?(?:[ ]is|:)?[ ])"),
    ),
    rule(
        r"(?:[0-9]{3,4}(?:-[0-9]{3,4}){1,3}|[0-9]{4,8})(?![\w-]|[.,][0-9])",
        _only_after(r"(?:(?<!error[ ])code|PIN|pin|passcode|password|Code(?=[ ]is|:))(?:[ ]is|:)?[ ]"),
    ),
    rule(r"(?P<plane>7[0-8]7)(?:-(?P<variant>[1-9]00|[1-9]|10))?(?![\w%-]|[.,][0-9])", _plane),
)
"""Tried where a figure, a plus or a bracket begins."""
