"""Times of day, and durations."""

from __future__ import annotations

import re

from speech.reading.english.numbers import cardinal, digits
from speech.reading.english.rules import Rule, keep_stop, rule
from speech.reading.english.units import counted


def spoken_time(hour: str, minute: str) -> str:
    """'10', '05' -> 'ten oh five'; '10', '00' -> 'ten o'clock'; '14', '00' -> 'fourteen hundred'."""
    said = cardinal(str(int(hour)))
    if minute == "00":
        return f"{said} o'clock" if int(hour) in range(1, 13) else f"{said} hundred"
    return said + (f" oh {cardinal(minute[1])}" if minute[0] == "0" else f" {cardinal(minute)}")


def _clock(match: re.Match[str]) -> str | None:
    """10:30, 7:45 AM, 1:05:30, 3.30pm."""
    hour, minute, second, am_pm = match["h"], match["min"], match["s"], match["am_pm"]
    if int(hour) > (12 if am_pm else 24):
        return None
    said = cardinal(str(int(hour))) if am_pm and minute == "00" else spoken_time(hour, minute)
    if second:
        said += f" and {cardinal(str(int(second)))} {counted('second', int(second) == 1)}"
    said = keep_stop(match, f"{said} {_am_or_pm(am_pm)}") if am_pm else said
    return f"{said} to" if match["until"] else said


def _hour(match: re.Match[str]) -> str | None:
    """5pm, 9-5pm."""
    if not 1 <= int(match["h"]) <= 12:
        return None
    said = cardinal(str(int(match["h"])))
    if match["last"]:
        said += f" to {cardinal(str(int(match['last'])))}"
    said = keep_stop(match, f"{said} {_am_or_pm(match['am_pm'])}")
    return f"{said} to" if match["until"] else said


def _am_or_pm(written: str) -> str:
    return "AM" if written[0] in "aA" else "PM"


def _military(match: re.Match[str]) -> str:
    """0600 hours."""
    minutes = "hundred" if match["min"] == "00" else digits(match["min"])
    return f"{digits(match['h'])} {minutes} hours"


def _duration(match: re.Match[str]) -> str:
    """1h 30m, 5m 30s."""
    parts = (("hour", match["h"]), ("minute", match["m"]), ("second", match["s"]))
    return " ".join(f"{cardinal(str(int(n)))} {counted(unit, int(n) == 1)}" for unit, n in parts if n)


_AM_PM = r"(?P<am_pm>[ap]\.[ ]?m\.|[ap]m\b|[AP]M\b|[AP]\.M\.)"
DASH = r"[ ]?[-–—][ ]?"
"""The pattern of the dash between two times or years."""
_UNTIL = rf"(?P<until>{DASH}(?=[0-9]{{1,2}}(?:[:.][0-9]|[ ]?[aApP]\.?[ ]?[mM])|noon\b|midnight\b))?"

TIME_RULES: tuple[Rule, ...] = (
    rule(
        rf"(?P<h>[0-9]{{1,2}}):(?P<min>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?(?:[ ]?{_AM_PM})?(?![\w:]|\.\d){_UNTIL}",
        _clock,
    ),
    rule(rf"(?P<h>[0-9]{{1,2}})\.(?P<min>[0-5][0-9])(?P<s>)[ ]?{_AM_PM}(?!\w){_UNTIL}", _clock),
    rule(rf"(?P<h>[0-9]{{1,2}})(?:{DASH}(?P<last>[0-9]{{1,2}}))?[ ]?{_AM_PM}(?!\w){_UNTIL}", _hour),
    rule(r"(?P<h>[01][0-9]|2[0-3])(?P<min>[0-5][0-9])[ ](?:hours|hrs)\b", _military),
    rule(
        r"(?P<h>[0-9]{1,3})[ ]?h[ ]?(?P<m>[0-5]?[0-9])[ ]?m(?:in)?(?:[ ]?(?P<s>[0-5]?[0-9])[ ]?s)?(?![\w/²³])",
        _duration,
    ),
    rule(r"(?P<h>)(?P<m>[0-9]{1,2})m[ ]?(?P<s>[0-5]?[0-9])s(?!\w)", _duration),
)
"""Tried at a figure."""
