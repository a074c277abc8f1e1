"""Dates: days, months, years, decades."""

from __future__ import annotations

import re

from speech.reading.english.numbers import cardinal, decade, ordinal, paired
from speech.reading.english.rules import Rule, after, before, keep_stop, rule
from speech.reading.english.times import DASH, TIME_RULES, spoken_time
from speech.reading.english.units import NAME

_FULL_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
_MONTHS = _FULL_MONTHS.split("|")
_MONTH = rf"(?P<month>(?:{_FULL_MONTHS})\b|(?:{_SHORT_MONTHS})\b\.?)"
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


def _full_month(name: str) -> str:
    """'Sept.' -> 'September'."""
    return next(month for month in _MONTHS if month.startswith(name.rstrip(".")[:3]))


def _spoken_date(year: str | None, month: str, day: str, *, day_first: bool = False) -> str:
    said = f"the {ordinal(day)} of {month}" if day_first else f"{month} {ordinal(day)}"
    return f"{said}, {paired(year)}" if year else said


def _month_day(match: re.Match[str]) -> str:
    month, last = _full_month(match["month"]), match["last"]
    said = f"{month} {ordinal(match['day'])}"
    if last:
        said += f" to {ordinal(last)}"
    return f"{said}, {paired(match['year'])}" if match["year"] else said


def _day_month(match: re.Match[str]) -> str:
    article = "" if before(match, 4).lower().endswith("the ") else "the "
    said = f"{article}{ordinal(match['day'])} of {_full_month(match['month'])}"
    return f"{said}, {paired(match['year'])}" if match["year"] else said


def _month_year(match: re.Match[str]) -> str:
    return f"{_full_month(match['month'])} {paired(match['year'])}"


def _month_abbreviation(match: re.Match[str]) -> str:
    return keep_stop(match, _full_month(match["month"]))


def _series(match: re.Match[str]) -> str:
    """Mon-Fri, Mon & Wed, Jan-Mar."""
    names_and_separators = re.split(r"\.?([ ]?[-–—&/,][ ]?|[ ](?:and|or|to)[ ])", match["series"])
    said = ""
    for i, part in enumerate(names_and_separators):
        said += _full_name(part) if i % 2 == 0 else _spoken_separator(part.strip())
    return keep_stop(match, said)


def _full_name(abbreviation: str) -> str:
    """The full name of a weekday or a month."""
    return _WEEKDAYS.get(abbreviation[:3]) or _full_month(abbreviation)


def _spoken_separator(separator: str) -> str:
    return _SEPARATORS.get(separator, f" {separator} ")


_SEPARATORS = {"-": " to ", "–": " to ", "—": " to ", "&": " and ", "/": " and ", ",": ", "}


def _weekday(match: re.Match[str]) -> str:
    return _WEEKDAYS[match["day"]]


def _iso(match: re.Match[str]) -> str | None:
    """2024-05-03, 2024-05-03T10:30."""
    month = int(match["m"])
    if not 1 <= month <= 12 or not 1 <= int(match["d"]) <= 31:
        return None
    said = _spoken_date(match["y"], _MONTHS[month - 1], match["d"])
    return f"{said} at {spoken_time(match['h'], match['min'])}" if match["h"] else said


def _numeric(day_first: bool) -> Rule:
    """3/4/2024, 03.04.24. A number above 12 is the day; else the first one is if `day_first`, or with full
    stops, as in Germany."""

    def say(match: re.Match[str]) -> str | None:
        first, second = int(match["a"]), int(match["b"])
        ambiguous = max(first, second) <= 12
        begins_with_day = (day_first or match["sep"] == ".") if ambiguous else first > 12
        day, month = (first, second) if begins_with_day else (second, first)
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        return _spoken_date(_four_digits(match["y"]), _MONTHS[month - 1], str(day), day_first=day_first)

    return rule(r"(?P<a>[0-9]{1,2})(?P<sep>[/.-])(?P<b>[0-9]{1,2})(?P=sep)(?P<y>[0-9]{4}|[0-9]{2})(?![\w/]|\.\d)", say)


def _four_digits(year: str) -> str:
    """'99' -> '1999', '24' -> '2024'."""
    if len(year) == 4:
        return year
    return ("20" if int(year) < 70 else "19") + year


def _month_and_day(day_first: bool) -> Rule:
    """12/25 without a year: after words such as "on" and "due", or if it is not a usual fraction."""

    def say(match: re.Match[str]) -> str | None:
        first, second = match["a"], match["b"]
        padded = first[0] == "0" or second[0] == "0"
        announced = _BEFORE_DATE.search(before(match, 32)) or _TIME_AFTER_DATE.match(after(match))
        dated = (padded or announced) and not _is_fraction(match)
        unusual_denominator = int(first if day_first else second) > 20
        if (first, second) in (("9", "11"), ("24", "7")) or not (dated or unusual_denominator):
            return None
        day, month = (first, second) if day_first else (second, first)
        if dated and int(month) > 12:
            day, month = month, day
        if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
            return None
        said = _spoken_date(None, _MONTHS[int(month) - 1], str(int(day)), day_first=day_first)
        return f"{said} to" if match["until"] else said

    until = r"(?P<until>[ ]?[-–][ ]?(?=[0-9]{1,2}/[0-9]{1,2}(?![\w/])))?"
    return rule(rf"(?P<a>[0-9]{{1,2}})/(?P<b>[0-9]{{1,2}})(?![\w/]|[.,]\d){until}", say)


def _is_fraction(match: re.Match[str]) -> bool:
    """A fraction where a date could stand, too: on 3/4 of them, cut by 1/2, from 1/2 to 3/4."""
    text = before(match, 48)
    around = text + match.group() + after(match)
    return bool(
        _AFTER_FRACTION.match(match.string, match.end("b"))
        or _CHANGED_BY.search(text)
        or _RANGE_OF_FRACTIONS.search(around)
        or _FRACTION_OF_NOUN.match(match.string, match.start())
    )


_BEFORE_DATE = re.compile(
    r"(?i:\b(?:on|by|until|till|before|after|since|from|starting|dated|(?:due|date|deadline)(?:[ ]is|:)?))[ ]$|"
    rf"\b(?:{'|'.join(_WEEKDAYS)}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\.?,?[ ]$|"
    r"(?i:\b(?:from|on|due))[ ][0-9]{1,2}/[0-9]{1,2}(?:[ ](?:to|until|through|and|or)[ ]|[ ]?[-–][ ]?)$"
)
"""Words that announce a date, and the first date of a range."""
_TIME_AFTER_DATE = re.compile(r"[ ]at[ ](?:noon\b|[0-9]{1,2}(?::[0-9]|[ ]?[aApP]\.?[mM]))")
_AFTER_FRACTION = re.compile(
    rf"[ ]?(?:[-–](?![ ]?[0-9]{{1,2}}/)|[+=×*÷])[ ]?[0-9]|"
    rf"[ -](?:of|the|a|an|time|price|full|empty|way|cups?|inch|inches|miles?|hours?|pounds?|"
    rf"teaspoons?|tablespoons?|{NAME})(?!\w)"
)
"""What follows a fraction but never a date: an operator, or a word for what it is a part of."""
_CHANGED_BY = re.compile(
    r"\b(?:cut|fell|falls?|rose|rises?|grew|grows?|shrank|shrunk|"
    r"(?:go|goes|gone|went|is|are|was|were)[ ](?:up|down)|dropped|slashed|multipl(?:y|ied)|"
    r"(?:increas|decreas|reduc|divid|chang|rais)(?:e|es|ed|ing))(?:[ ][\w']{1,15}){0,2}[ ]by[ ]$"
)
_USUAL_PART = "(?:1/2|[12]/3|[13]/4|[1357]/8)"
_FRACTION_OF_NOUN = re.compile(
    rf"{_USUAL_PART}[ ](?!(?:and|as|at|because|but|by|for|from|he|if|in|is|it|or|please|she|so|then|there|they|through|"
    r"to|unless|until|was|we|were|when|will|with|you)\b)[a-z]"
)
_RANGE_OF_FRACTIONS = re.compile(rf"\bfrom[ ]{_USUAL_PART}[ ]to[ ]{_USUAL_PART}(?![0-9/])")


def _decade(match: re.Match[str]) -> str | None:
    """The 90s and the 1990s, but not a wait of 90s."""
    figure, following = match["figure"], after(match)
    named = _BEFORE_DECADE.search(before(match, 48)) and not _AFTER_SECONDS.match(following)
    if len(figure) == 2 and match["seconds"] and not named and not _STYLE.match(following):
        return None
    if figure == "1000" and following.startswith(" of"):
        return None
    return f"{decade(figure)}{' to' if match['until'] else ''}"


_AND = r"(?:,?[ ](?:and|or|to|through|&)[ ]|,[ ]|[-–])"
_BEFORE_DECADE = re.compile(
    r"(?:(?:\b(?:the|early|mid|late|low|high|upper|lower|his|her|their|my|our|your|whose)[ -]|')"
    rf"(?:'?(?:[12][0-9])?[0-9]0'?s?{_AND}){{0,3}}|[12][0-9]{{2}}0s{_AND}(?:'?[0-9]0'?s{_AND}){{0,2}})'?$",
    re.IGNORECASE,
)
_AFTER_SECONDS = re.compile(
    r"[ -](?:timeout|delay|limit|interval|window|mark|wait|countdown|timer|clip|video|break|pause|cooldown|ad|cap|gap|"
    r"commercial|deadline|default|ttl|period|TTL)\b"
)
_STYLE = re.compile(
    r"[ -](?:music|movies?|films?|kids?|child|fashion|style|pop|rock|hits?|songs?|era|nostalgia|shows?|TV|sitcoms?|"
    r"vibes?|looks?|hair|party|themed?|bands?|synth|cartoons?)\b"
)


def _era(match: re.Match[str]) -> str:
    """44 BC."""
    figure = match["figure"]
    year = paired(figure) if len(figure) == 4 else cardinal(figure)
    return f"{year} {_ERA[match['era'].replace('.', '')]}"


def _years(match: re.Match[str]) -> str:
    """1939-45, 1990–1995."""
    last = match["last"]
    if len(last) == 4:
        said = paired(last)
    elif last[0] == "0":
        said = f"oh {cardinal(last[1])}"
    else:
        said = cardinal(last)
    return f"{paired(match['first'])} to {said}"


def _year(match: re.Match[str]) -> str | None:
    """A bare figure from 1100 to 2099 is a year unless it counts something."""
    return None if _COUNTED.match(after(match)) else paired(match.group())


def _early_year(match: re.Match[str]) -> str | None:
    """In 1066, but not in 1024 cases."""
    named = re.search(r"(?i:\b(?:in|since|until|year))[ ]$", before(match))
    counts = re.match(r"[ ](?!was\b|is\b|his\b|this\b)[a-z]{2,20}s\b|[ ]people\b", after(match))
    return paired(match.group()) if named and not counts else None


_COUNTED = re.compile(r"[ ](?:people|times|points|words|men|women|bytes|pages|dollars|euros|pounds|percent|calories)\b")

_DAY_NAME = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)\b\.?)"
_MONTH_NAME = rf"(?:{_FULL_MONTHS}|(?:{_SHORT_MONTHS})\b\.?)"

WORD_RULES = (
    rule(rf"(?P<series>{_DAY_NAME}(?:(?:[ ]?[-–—&/][ ]?|,[ ]|[ ](?:and|or|to)[ ]){_DAY_NAME}){{1,6}})", _series),
    rule(rf"(?P<series>{_MONTH_NAME}(?:[ ]?[-–&/][ ]?{_MONTH_NAME}){{1,11}})(?![\w-])(?![ ][0-9]{{1,2}}\b)", _series),
    rule(
        rf"{_MONTH}[ ]{_DAY}(?:[-–](?P<last>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9]))?(?:,?[ ]{_YEAR})?",
        _month_day,
    ),
    rule(rf"{_MONTH},?[ ]{_YEAR}", _month_year),
    rule(r"(?P<month>(?:Jan|Feb|Apr|Aug|Sept|Sep|Oct|Nov|Dec)\.)(?=[\s,;:)]|\Z)", _month_abbreviation),
    rule(r"(?P<day>Mon|Tues?|Wed|Thurs?|Thu|Fri)(?:\.|\b(?=,?[ ](?:[0-9]|[JFMASOND][a-z]{2})))", _weekday),
    rule(r"(?P<day>Sat|Sun)(?:\.(?=,?[ ][0-9A-Z])|(?=,?[ ][0-9]|,[ ][A-Z]))", _weekday),
)
"""Tried where a word begins."""


def figure_rules(*, british: bool) -> tuple[Rule, ...]:
    """Tried at a figure. 3/4/2024 is March fourth, or the third of April if `british`."""
    return (
        rule(
            r"(?P<y>[12][0-9]{3})(?P<sep>[-/.])(?P<m>[0-9]{2})(?P=sep)(?P<d>[0-9]{2})(?![0-9])"
            r"(?:T(?P<h>[0-9]{2}):(?P<min>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?(?!\w))?",
            _iso,
        ),
        _numeric(british),
        _month_and_day(british),
        rule(rf"{_DAY}[ ](?:of[ ])?{_MONTH}(?:,?[ ]{_YEAR})?", _day_month),
        *TIME_RULES,
        rule(
            r"(?P<figure>[12][0-9][0-9]0|[1-9]0)(?:(?P<seconds>s)|'s)\b(?P<until>[-–](?='?(?:[12][0-9])?[0-9]0'?s\b))?",
            _decade,
        ),
        rule(r"(?P<figure>[0-9]{1,4})[ ]?(?P<era>B\.?C\.?E\.?|B\.C\.|BC|A\.D\.|AD|CE)(?!\w)", _era),
        rule(
            rf"(?P<first>1[1-9][0-9]{{2}}|20[0-9]{{2}}){DASH}(?P<last>[12][0-9]{{3}}|[0-9]{{2}})(?![\w,/-]|\.\d)",
            _years,
        ),
        rule(r"(?:1[1-9][0-9]{2}|20[0-9]{2})(?![\w%°/:$£€]|[,.-]\d)", _year),
        rule(r"10[0-9]{2}(?![\w%°/:$£€]|[,.-]\d)", _early_year),
    )
