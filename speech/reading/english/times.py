"""Times of day, and how long something takes."""

from __future__ import annotations

import re

from speech.reading.english.numbers import cardinal, digits
from speech.reading.english.rules import Rule, keep_stop, rule
from speech.reading.english.units import counted


def spoken_time(hour: str, minute: str) -> str:
    said = cardinal(str(int(hour)))
    if minute == "00":
        return f"{said} o'clock" if int(hour) in range(1, 13) else f"{said} hundred"
    return said + (f" oh {cardinal(minute[1])}" if minute[0] == "0" else f" {cardinal(minute)}")


def _clock(match: re.Match[str]) -> str | None:
    hour, minute, second, half = match["h"], match["min"], match["s"], match["half"]
    if int(hour) > (12 if half else 24):
        return None
    said = cardinal(str(int(hour))) if half and minute == "00" else spoken_time(hour, minute)
    if second:
        said += f" and {cardinal(str(int(second)))} second{'' if int(second) == 1 else 's'}"
    said = keep_stop(match, f"{said} {_half(half)}") if half else said
    return f"{said} to" if match["until"] else said


def _hour(match: re.Match[str]) -> str | None:
    if not 1 <= int(match["h"]) <= 12:
        return None
    said = cardinal(str(int(match["h"])))
    if match["last"]:
        said += f" to {cardinal(str(int(match['last'])))}"
    said = keep_stop(match, f"{said} {_half(match['half'])}")
    return f"{said} to" if match["until"] else said


def _half(half: str) -> str:
    return "AM" if half[0] in "aA" else "PM"


def _military(match: re.Match[str]) -> str:
    return f"{digits(match['h'])} {'hundred' if match['min'] == '00' else digits(match['min'])} hours"


def _duration(match: re.Match[str]) -> str:
    parts = (("hour", match["h"]), ("minute", match["m"]), ("second", match["s"]))
    return " ".join(f"{cardinal(str(int(n)))} {counted(unit, int(n) == 1)}" for unit, n in parts if n)


_HALF = r"(?P<half>[ap]\.[ ]?m\.|[ap]m\b|[AP]M\b|[AP]\.M\.)"
DASH = r"[ ]?[-–—][ ]?"
_UNTIL = rf"(?P<until>{DASH}(?=[0-9]{{1,2}}(?:[:.][0-9]|[ ]?[aApP]\.?[ ]?[mM])|noon\b|midnight\b))?"

TIME_RULES: tuple[Rule, ...] = (
    rule(
        rf"(?P<h>[0-9]{{1,2}}):(?P<min>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?(?:[ ]?{_HALF})?(?![\w:]|\.\d){_UNTIL}",
        _clock,
    ),
    rule(rf"(?P<h>[0-9]{{1,2}})\.(?P<min>[0-5][0-9])(?P<s>)[ ]?{_HALF}(?!\w){_UNTIL}", _clock),
    rule(rf"(?P<h>[0-9]{{1,2}})(?:{DASH}(?P<last>[0-9]{{1,2}}))?[ ]?{_HALF}(?!\w){_UNTIL}", _hour),
    rule(r"(?P<h>[01][0-9]|2[0-3])(?P<min>[0-5][0-9])[ ](?:hours|hrs)\b", _military),
    rule(
        r"(?P<h>[0-9]{1,3})[ ]?h[ ]?(?P<m>[0-5]?[0-9])[ ]?m(?:in)?(?:[ ]?(?P<s>[0-5]?[0-9])[ ]?s)?(?![\w/²³])",
        _duration,
    ),
    rule(r"(?P<h>)(?P<m>[0-9]{1,2})m[ ]?(?P<s>[0-5]?[0-9])s(?!\w)", _duration),
)
"""Tried where a figure begins."""
