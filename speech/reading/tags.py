"""Tags in a text that change how it is spoken: `[pause:1.5s]` and `[rate:0.8]`, as Kokoro-FastAPI writes them.

`[pause:1.5s]`, `[pause:1.5]` and `[pause:1500ms]` are silence. `[rate:0.8]` multiplies the speed from there on, until
the next such tag; `[rate:1]` ends it. Tags with another value are left out, because nobody wants to hear them read
aloud, and so is Kokoro-FastAPI's `[voice:af_bella]`: the voice does not change within a text.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from speech.errors import BadParameter

MAX_PAUSE_S = 10.0
"""Seconds of the longest pause."""
MAX_PAUSES_S = 60.0
"""Seconds of all pauses of a text together."""
_TAG = re.compile(
    r"\[ ?(?:(?P<name>pause|rate) ?[:=](?P<value>[^\[\]\n]{0,20})|voice ?: ?[\w().+-]{1,100} ?)\](?!\()", re.IGNORECASE
)
"""A tag. Longer values are text in brackets, and a bracket after it makes it a link."""
_PAUSE = re.compile(r"\s*(?P<number>[0-9]*\.?[0-9]+)\s*(?P<unit>ms|s|sec|seconds)?\s*", re.IGNORECASE)
_RATE = re.compile(r"\s*(?P<number>[0-9]*\.?[0-9]+)\s*")


@dataclass(frozen=True)
class Passage:
    """The part of a text between two tags. It has no tags itself; it may have nothing to say."""

    text: str
    start: int
    """Index of its first character in the whole text."""
    rate: float = 1.0
    """Factor on the speed."""
    pause_s: float | None = None
    """Seconds of silence before it, in place of the pause of its punctuation; None if no tag says so."""


def passages(text: str) -> list[Passage]:
    """The passages of a text in order, at least one; only the last one may be white space.

    Raises: BadParameter if a pause is too long, or all together are.
    """
    found: list[Passage] = []
    start, rate = 0, 1.0
    pauses_s: list[float] = []  # before the next passage
    all_pauses_s: list[float] = []
    for tag in _TAG.finditer(text):
        passage = text[start : tag.start()]
        if passage.strip():
            found.append(Passage(passage, start, rate, _total(pauses_s)))
            pauses_s = []
        start = tag.end()
        name = (tag["name"] or "").lower()
        if name == "rate":
            rate = _read_rate(tag["value"], rate)
        elif name == "pause":
            pause_s = _read_pause(tag)
            pauses_s += pause_s
            all_pauses_s += pause_s
    _check_total(all_pauses_s)
    return [*found, Passage(text[start:], start, rate, _total(pauses_s))]


def without_tags(text: str) -> str:
    """The text that is spoken."""
    return _TAG.sub(" ", text)


def _total(pauses_s: list[float]) -> float | None:
    return math.fsum(pauses_s) if pauses_s else None


def _read_rate(value: str, before: float) -> float:
    """The rate that a tag sets; the one before it if its value is no number."""
    match = _RATE.fullmatch(value)
    return float(match["number"]) if match else before


def _read_pause(tag: re.Match[str]) -> list[float]:
    """The seconds of a tag; none if its value is no duration."""
    match = _PAUSE.fullmatch(tag["value"])
    if match is None:
        return []
    seconds = float(match["number"]) / (1000 if (match["unit"] or "").lower() == "ms" else 1)
    if seconds > MAX_PAUSE_S:
        hint = "" if match["unit"] else f"; for milliseconds write [pause:{match['number']}ms]"
        raise BadParameter(f"{tag.group()} is too long: a pause has at most {MAX_PAUSE_S:g} s{hint}", "TEXT")
    return [seconds]


def _check_total(pauses_s: list[float]) -> None:
    total_s = math.fsum(pauses_s)
    if total_s > MAX_PAUSES_S + 1e-9:
        message = f"the pauses of a text have at most {MAX_PAUSES_S:g} s together; these have {total_s:g}"
        raise BadParameter(message, "TEXT")
