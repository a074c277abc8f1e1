"""Days, months, years, decades; with and without a year."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "May 5th, 2024": "May fifth, twenty twenty-four",
    "May 5, 2024": "May fifth, twenty twenty-four",
    "5 May 2024": "the fifth of May, twenty twenty-four",
    "the 4th of July": "the fourth of July",
    "2024-05-03": "May third, twenty twenty-four",
    "5/3/2024": "May third, twenty twenty-four",
    "25/12/2023": "December twenty-fifth, twenty twenty-three",
    "03.05.2024": "May third, twenty twenty-four",
    "on 12/25": "on December twenty-fifth",
    "12/25/99": "December twenty-fifth, nineteen ninety-nine",
    "Jan. 3": "January third",
    "Sept. 11": "September eleventh",
    "May 2024": "May twenty twenty-four",
    "March 5-7": "March fifth to seventh",
    "Mon, Jan 6": "Monday, January sixth",
    "May 50 people come?": "May fifty people come?",
    "March 10,000 miles": "March ten thousand miles",
    "in 1984": "in nineteen eighty-four",
    "in 1905": "in nineteen oh five",
    "in 2000 and 2005": "in two thousand and two thousand and five",
    "in 1900": "in nineteen hundred",
    "1500 people": "one thousand five hundred people",
    "44 BC": "forty-four B C",
    "the 1990s": "the nineteen nineties",
    "the '90s": "the nineties",
    "the 90s": "the nineties",
    "the 1800s": "the eighteen hundreds",
    "the 2000s": "the two thousands",
    "1939-45": "nineteen thirty-nine to forty-five",
    "1990–1995": "nineteen ninety to nineteen ninety-five",
    "Wait 30s and retry": "Wait thirty seconds and retry",
    "timeout of 60s": "timeout of sixty seconds",
    "120s": "one hundred and twenty seconds",
    "30s-60s": "thirty seconds to sixty seconds",
    "the 30s timeout": "the thirty seconds timeout",
    "in the 30s": "in the thirties",
    "the 60s and 70s": "the sixties and seventies",
    "in his 40s": "in his forties",
    "the mid-90s": "the mid nineties",
    "80s music": "eighties music",
    "the late '80s": "the late eighties",
    "music from the 1970s, 80s and 90s": "music from the nineteen seventies, eighties and nineties",
    "90's": "nineties",
    "1950s–60s": "nineteen fifties to sixties",
    "Mon-Fri": "Monday to Friday",
    "Sat-Sun": "Saturday to Sunday",
    "Mon & Wed": "Monday and Wednesday",
    "Monday-Friday": "Monday to Friday",
    "Sat 10-4": "Saturday ten to four",
    "Mon, Wed and Fri at 5": "Monday, Wednesday and Friday at five",
    "Sun & Moon": "Sun and Moon",
    "Jan-Mar 2024": "January to March twenty twenty-four",
    "Mar-a-Lago": "Mar-a-Lago",
    "in Feb.": "in February.",
    "in Nov.": "in November.",
    "in 1066": "in ten sixty-six",
    "in 1024 cases": "in one thousand and twenty-four cases",
    "1024 bytes": "one thousand and twenty-four bytes",
    "2020-21": "twenty twenty to twenty-one",
    "The meeting is on 3/4": "The meeting is on March fourth",
    "due 10/15": "due October fifteenth",
    "finished by 3/4": "finished by March fourth",
    "Fri 3/4": "Friday March fourth",
    "from 3/4 to 3/10": "from March fourth to March tenth",
    "03/04": "March fourth",
    "on 3/4-3/8": "on March fourth to March eighth",
    "Sign up by 3/4": "Sign up by March fourth",
    "went up by 1/3": "went up by one third",
    "3/4 at 5pm": "March fourth at five PM",
    "Deadline: 10/15": "Deadline: October fifteenth",
    "from 1/2 to 3/4": "from one half to three quarters",
    "cut by 1/2": "cut by one half",
    "reduced it by 1/3": "reduced it by one third",
    "on 2/3 occasions": "on two thirds occasions",
    "on 3/4 we meet": "on March fourth we meet",
    'He said "meet on 3/4" and left': 'He said "meet on March fourth" and left',
    "on 3/4 of them": "on three quarters of them",
    "on 9/11": "on nine eleven",
    "3/4 cup": "three quarters cup",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_dates(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


BRITISH = {
    "3/4/2024": "the third of April, twenty twenty-four",
    "4/13/2024": "the thirteenth of April, twenty twenty-four",
    "on 3/4": "on the third of April",
    "due 10/15": "due the fifteenth of October",
    "3/4 cup": "three quarters cup",
}


@pytest.mark.parametrize("written", BRITISH)
def test_british_dates_begin_with_the_day(written: str) -> None:
    assert normalize(written, "en-gb") == BRITISH[written]
