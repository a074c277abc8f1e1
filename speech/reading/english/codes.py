"""Figures that are no quantity, read digit by digit or in pairs: telephone numbers, cards, ZIP codes, planes."""

from __future__ import annotations

import re
from collections.abc import Callable

from speech.reading.english.numbers import digits, paired
from speech.reading.english.rules import Rule, after, before, rule

_GROUPS = {6: (3, 3), 7: (3, 4), 8: (4, 4), 10: (3, 3, 4), 11: (1, 3, 3, 4), 12: (3, 3, 3, 3), 13: (3, 3, 3, 4)}
"""How long runs of digits are divided."""


def _in_groups(match: re.Match[str]) -> str:
    said = ", ".join(part for group in re.findall("[0-9]+", match.group()) for part in _divided(group))
    return f"{'plus ' if match.group().startswith('+') else ''}{said}{' X' if match.group().endswith('X') else ''}"


def _divided(group: str) -> list[str]:
    parts, start = [], 0
    for size in _GROUPS.get(len(group), (len(group),)):
        parts.append(digits(group[start : start + size]))
        start += size
    return parts


def _only_behind(words: str) -> Callable[[re.Match[str]], str | None]:
    """Digits behind `words`, a pattern of what is in front of them."""
    pattern = re.compile(rf"\b(?:{words})$")

    def say(match: re.Match[str]) -> str | None:
        return _in_groups(match) if pattern.search(before(match, 32)) else None

    return say


def _bare(match: re.Match[str]) -> str | None:
    return (
        None
        if re.match(r"[ ](?:[a-z]{3,20}s|people)\b|[ ]?(?:[€£¥₹$%]|[A-Z]{2,3}\b)", after(match))
        else _in_groups(match)
    )


def _plane(match: re.Match[str]) -> str | None:
    variant = match["variant"]
    if not re.search(r"\bBoeing[ ]$" if not variant else r"\b(?:Boeing|[Tt]he|[Aa])[ ]$", before(match)):
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
    rule(r"(?!214748364[78]|429496729[56])[2-9][0-9]{2}[2-9][0-9]{6}(?![\w%°]|[.,-][0-9])", _bare),
    rule(r"(?:911|999|112)(?!\w|[.,-]\d)", _only_behind(r"(?i:call|dial|dialed|calling|dialing)[ ]")),
    rule(r"[0-9]{4}(?:([ -])[0-9]{4})(?:\1[0-9]{4}){2}(?![0-9])", _in_groups),
    rule(r"[0-9]{3}-[0-9]{2}-[0-9]{4}(?![\w-])", _in_groups),
    rule(r"97[89]-(?:[0-9]{1,7}-){3}[0-9](?![\w-])", _in_groups),
    rule(r"[0-9](?:[ -]?[0-9]){8,11}[ -]?[0-9X](?!\w)", _only_behind("ISBN(?:-1[03])?:?[ ]")),
    rule(
        r"[0-9]{5}(?:-[0-9]{4})?(?![\w-]|[.,][0-9])",
        _only_behind(rf"(?:(?<=,[ ])|(?!HI|IN|ME|OH|OK|OR))(?:{_STATES})[ ]|(?i:zip(?:[ ]code)?(?:[ ]is|:)?[ ])"),
    ),
    rule(
        r"(?:[0-9]{3,4}(?:-[0-9]{3,4}){1,3}|[0-9]{4,8})(?![\w-]|[.,][0-9])",
        _only_behind(r"(?:(?<!error[ ])code|PIN|pin|passcode|password|Code(?=[ ]is|:))(?:[ ]is|:)?[ ]"),
    ),
    rule(r"(?P<plane>7[0-8]7)(?:-(?P<variant>[1-9]00|[1-9]|10))?(?![\w%-]|[.,][0-9])", _plane),
)
"""Tried where a figure, a plus or a bracket begins."""
