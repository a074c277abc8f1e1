"""Dates and times of day."""

from __future__ import annotations

import re

from speech.english.numbers import cardinal, decade, digits, ordinal, year
from speech.english.rules import Rule, after, before, keep_stop, rule

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December",
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec",
)
_NAMES = _MONTHS[0].split("|")
_MONTH = rf"(?P<month>(?:{_MONTHS[0]})\b|(?:{_MONTHS[1]})\b\.?)"
_DAY = r"(?P<day>0?[1-9]|[12][0-9]|3[01])(?P<suffix>st|nd|rd|th)?(?![0-9:/%])(?!\.[0-9])(?!,[0-9])"
_YEAR = r"(?P<year>[12][0-9]{3})(?![0-9,./:-]*+[0-9])"
_ERA = {"BC": "B C", "BCE": "B C E", "AD": "A D", "CE": "C E"}

_WEEKDAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Thur": "Thursday",
    "Thurs": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}


def _month(name: str) -> str:
    return next(month for month in _NAMES if month.startswith(name.rstrip(".")[:3]))


def _spoken_date(year_: str | None, month: str, day: str, *, day_first: bool = False) -> str:
    said = f"the {ordinal(day)} of {month}" if day_first else f"{month} {ordinal(day)}"
    return f"{said}, {year(year_)}" if year_ else said


def _month_day(match: re.Match[str]) -> str:
    month, last = _month(match["month"]), match["last"]
    said = f"{month} {ordinal(match['day'])}"
    if last:
        said += f" to {ordinal(last)}"
    return f"{said}, {year(match['year'])}" if match["year"] else said


def _day_month(match: re.Match[str]) -> str:
    article = "" if before(match, 4).lower().endswith("the ") else "the "
    said = f"{article}{ordinal(match['day'])} of {_month(match['month'])}"
    return f"{said}, {year(match['year'])}" if match["year"] else said


def _month_year(match: re.Match[str]) -> str:
    return f"{_month(match['month'])} {year(match['year'])}"


def _month_abbreviation(match: re.Match[str]) -> str:
    return keep_stop(match, _month(match["month"]))


def _weekday(match: re.Match[str]) -> str:
    return _WEEKDAYS[match["day"]]


def _iso(match: re.Match[str]) -> str | None:
    month = int(match["m"])
    if not 1 <= month <= 12 or not 1 <= int(match["d"]) <= 31:
        return None
    said = _spoken_date(match["y"], _NAMES[month - 1], match["d"])
    return f"{said} at {_spoken_time(match['h'], match['min'])}" if match["h"] else said


def _numeric(day_first: bool) -> Rule:
    def say(match: re.Match[str]) -> str | None:
        first, second = int(match["a"]), int(match["b"])
        swap = (day_first or match["sep"] == ".") if max(first, second) <= 12 else first > 12
        day, month = (first, second) if swap else (second, first)
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        long = match["y"] if len(match["y"]) == 4 else ("20" if int(match["y"]) < 70 else "19") + match["y"]
        return _spoken_date(long, _NAMES[month - 1], str(day), day_first=day_first)

    return rule(r"(?P<a>[0-9]{1,2})(?P<sep>[/.-])(?P<b>[0-9]{1,2})(?P=sep)(?P<y>[0-9]{4}|[0-9]{2})(?![\w/]|\.\d)", say)


def _month_and_day(day_first: bool) -> Rule:
    """12/25 without a year, where it is no fraction that anybody says."""

    def say(match: re.Match[str]) -> str | None:
        day, month = (match["a"], int(match["b"])) if day_first else (match["b"], int(match["a"]))
        likely = int(day) in range(21, 32) and 1 <= month <= 12
        return _spoken_date(None, _NAMES[month - 1], day, day_first=day_first) if likely else None

    return rule(r"(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})(?![\w/]|[.,]\d)", say)


def _spoken_time(hour: str, minute: str) -> str:
    said = cardinal(str(int(hour)))
    if minute == "00":
        return f"{said} o'clock" if int(hour) in range(1, 13) else f"{said} hundred"
    return said + (f" oh {cardinal(minute[1])}" if minute[0] == "0" else f" {cardinal(minute)}")


def _clock(match: re.Match[str]) -> str | None:
    hour, minute, second, half = match["h"], match["min"], match["s"], match["half"]
    if int(hour) > (12 if half else 24):
        return None
    said = cardinal(str(int(hour))) if half and minute == "00" else _spoken_time(hour, minute)
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
    return keep_stop(match, f"{said} {_half(match['half'])}")


def _half(half: str) -> str:
    return "AM" if half[0] in "aA" else "PM"


def _military(match: re.Match[str]) -> str:
    return f"{digits(match['h'])} {'hundred' if match['min'] == '00' else digits(match['min'])} hours"


def _decade(match: re.Match[str]) -> str | None:
    figure = match["figure"]
    if len(figure) == 2 and figure == "00":
        return None
    return decade(figure)


def _era(match: re.Match[str]) -> str:
    figure = match["figure"]
    return f"{year(figure) if len(figure) == 4 else cardinal(figure)} {_ERA[match['era'].replace('.', '')]}"


def _years(match: re.Match[str]) -> str:
    last = match["last"]
    said = year(last) if len(last) == 4 else (f"oh {cardinal(last[1])}" if last[0] == "0" else cardinal(last))
    return f"{year(match['first'])} to {said}"


def _year(match: re.Match[str]) -> str | None:
    """A bare figure from 1100 to 2099 is a year unless it counts something."""
    return None if _COUNTED.match(after(match)) else year(match.group())


_COUNTED = re.compile(r"[ ](?:people|times|points|words|men|women|bytes|pages|dollars|euros|pounds|percent|calories)\b")
_HALF = r"(?P<half>[ap]\.[ ]?m\.|[ap]m\b|[AP]M\b|[AP]\.M\.)"
_DASH = r"[ ]?[-–—][ ]?"

WORD_RULES = (
    rule(
        rf"{_MONTH}[ ]{_DAY}(?:[-–](?P<last>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9]))?(?:,?[ ]{_YEAR})?",
        _month_day,
    ),
    rule(rf"{_MONTH},?[ ]{_YEAR}", _month_year),
    rule(r"(?P<month>(?:Jan|Feb|Apr|Aug|Sept|Sep|Oct|Nov|Dec)\.)(?=\s)", _month_abbreviation),
    rule(r"(?P<day>Mon|Tues?|Wed|Thurs?|Thu|Fri)(?:\.|\b(?=,?[ ](?:[0-9]|[JFMASOND][a-z]{2})))", _weekday),
    rule(r"(?P<day>Sat|Sun)(?:\.(?=,?[ ][0-9A-Z])|(?=,[ ][0-9A-Z]))", _weekday),
)
"""Tried where a word begins."""


def figure_rules(*, british: bool) -> tuple[Rule, ...]:
    """Tried where a figure begins. 3/4/2024 is the fourth of March, or in Britain the third of April."""
    return (
        rule(
            r"(?P<y>[12][0-9]{3})(?P<sep>[-/.])(?P<m>[0-9]{2})(?P=sep)(?P<d>[0-9]{2})(?![0-9])"
            r"(?:T(?P<h>[0-9]{2}):(?P<min>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?(?!\w))?",
            _iso,
        ),
        _numeric(british),
        _month_and_day(british),
        rule(rf"{_DAY}[ ](?:of[ ])?{_MONTH}(?:,?[ ]{_YEAR})?", _day_month),
        rule(
            rf"(?P<h>[0-9]{{1,2}}):(?P<min>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?(?:[ ]?{_HALF})?(?![\w:]|\.\d)"
            r"(?P<until>[-–](?=[0-9]{1,2}(?::[0-9]|[ ]?[aApP])))?",
            _clock,
        ),
        rule(rf"(?P<h>[0-9]{{1,2}})(?:{_DASH}(?P<last>[0-9]{{1,2}}))?[ ]?{_HALF}(?!\w)", _hour),
        rule(r"(?P<h>[01][0-9]|2[0-3])(?P<min>[0-5][0-9])[ ](?:hours|hrs)\b", _military),
        rule(r"(?P<figure>[12][0-9][0-9]0|[1-9]0)['’]?s\b", _decade),
        rule(r"(?P<figure>[0-9]{1,4})[ ]?(?P<era>B\.?C\.?E\.?|B\.C\.|BC|A\.D\.|AD|CE)(?!\w)", _era),
        rule(
            rf"(?P<first>1[1-9][0-9]{{2}}|20[0-9]{{2}}){_DASH}(?P<last>[12][0-9]{{3}}|[0-9]{{2}})(?![\w,/-]|\.\d)",
            _years,
        ),
        rule(r"(?:1[1-9][0-9]{2}|20[0-9]{2})(?![\w%°/:$£€]|[,.-]\d)", _year),
    )
