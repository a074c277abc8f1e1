"""What figures are read as: units and letters, seconds and decades, dates, codes, sums, and their neighbours."""

from __future__ import annotations

import time

import pytest

from speech.reading.normalizer import normalize

LETTERS_AND_UNITS = {
    "Apt. 4A": "apartment four A",
    "221A Baker St.": "two hundred and twenty-one A Baker Street.",
    "exit 12A": "exit twelve A",
    "Rooms 12A-14A": "Rooms twelve A fourteen A",
    "seats 12A and 14A": "seats twelve A and fourteen A",
    "Room 3A": "Room three A",
    "Row 14L": "Row fourteen L",
    "Section 12W": "Section twelve W",
    "Apt 5V": "Apt five V",
    "B-52s and F-16s": "B fifty-twos and F sixteens",
    "a 5A fuse": "a five amps fuse",
    "a 12V battery": "a twelve volts battery",
    "a 100W bulb": "a one hundred watts bulb",
    "2L of water": "two liters of water",
    "a line 5m long": "a line five meters long",
    "30 s": "thirty seconds",
    "5 s 200 ms": "five seconds two hundred milliseconds",
    "9.8 s.": "nine point eight seconds.",
    "100 W": "one hundred watts",
    "100 W Main St": "one hundred W Main Street",
    "900 W 45th Street": "nine hundred W forty-fifth Street",
    "2 L of water": "two liters of water",
    "3 A, 5 V": "three amps, five volts",
    "3 A grades": "three A grades",
    "I got 3 A's": "I got three A's",
    "Plan 5 A is it": "Plan five A is it",
    "5 m long": "five meters long",
}
SECONDS_AND_DECADES = {
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
    "1h 30m": "one hour thirty minutes",
    "2h15m": "two hours fifteen minutes",
    "5m 30s": "five minutes thirty seconds",
    "1h30m20s": "one hour thirty minutes twenty seconds",
}
ARITHMETIC = {
    "7-3=4": "seven minus three equals four",
    "7 - 3 = 4": "seven minus three equals four",
    "x = 7 - 3": "x equals seven minus three",
    "10 - 3 - 2 = 5": "ten minus three minus two equals five",
    "2 × 3 = 6": "two times three equals six",
    "12.5 / 2 = 6.25": "twelve point five divided by two equals six point two five",
    "scores 3-2": "scores three to two",
    "10-15 minutes": "ten to fifteen minutes",
    "1920×1080": "nineteen twenty by ten eighty",
    "1920 x 1080": "nineteen twenty by ten eighty",
    "640x480": "six forty by four eighty",
    "2x4": "two by four",
    "3 x 5 cm": "three by five centimeters",
    "a 10%-off sale": "a ten percent off sale",
}
SCHEDULES = {
    "9am–5pm": "nine AM to five PM",
    "9am-5pm": "nine AM to five PM",
    "9am-noon": "nine AM to noon",
    "8:00 AM - 5:00 PM": "eight AM to five PM",
    "9 a.m.-5 p.m. daily": "nine AM to five PM daily",
    "10:30 - 11:30": "ten thirty to eleven thirty",
    "3.30pm": "three thirty PM",
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
}
RATINGS_AND_YEARS = {
    "rated 8/10": "rated eight out of ten",
    "8/10 of a mile": "eight tenths of a mile",
    "1/10": "one tenth",
    "3/5 stars": "three out of five stars",
    "2/5": "two fifths",
    "4.5/5": "four point five out of five",
    "in 6/8 time": "in six eight time",
    "20/20 vision": "twenty twenty vision",
    "50-50": "fifty fifty",
    "50/50": "fifty fifty",
    "rate 1/1000": "rate one over one thousand",
    "the 80/20 rule": "the eighty twenty rule",
    "in 1066": "in ten sixty-six",
    "in 1024 cases": "in one thousand and twenty-four cases",
    "1024 bytes": "one thousand and twenty-four bytes",
    "2020-21": "twenty twenty to twenty-one",
    "1000s of stars": "thousands of stars",
    "100s of people": "hundreds of people",
    "10,000s of people": "tens of thousands of people",
    "10s of silence": "ten seconds of silence",
}
DATES_WITHOUT_A_YEAR = {
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
CODES = {
    "07700 900123": "zero seven seven zero zero, nine zero zero, one two three",
    "+44 7700 900123": "plus four four, seven seven zero zero, nine zero zero, one two three",
    "4155552671": "four one five, five five five, two six seven one",
    "NY 10001": "NY one zero zero zero one",
    "Portland, OR 97201": "Portland, OR nine seven two zero one",
    "OK 50000 people": "OK fifty thousand people",
    "123-45-6789": "one two three, four five, six seven eight nine",
    "978-3-16-148410-0": "nine seven eight, three, one six, one four eight, four one zero, zero",
    "code is 123-456": "code is one two three, four five six",
    "Summer of Code 2008": "Summer of Code two thousand and eight",
    "-2147483648": "minus two billion one hundred and forty-seven million four hundred and eighty-three thousand six "
    "hundred and forty-eight",
    "error code 404": "error code four hundred and four",
    "a Boeing 747-400": "a Boeing seven forty-seven four hundred",
    "pages 747-800": "pages seven hundred and forty-seven to eight hundred",
    "1,000": "one thousand",
}
MEASURES = {
    'a 15" laptop': "a fifteen inch laptop",
    '15" and 17" laptops': "fifteen inches and seventeen inch laptops",
    '6" of snow': "six inches of snow",
    'He said "I have 15" and left': 'He said "I have fifteen" and left',
    '["15", "16"]': '("fifteen", "sixteen")',
    '10" x 12"': "ten inches by twelve inches",
    'the 2"x4"': "the two inches by four inches",
    'a 10"-wide board': "a ten inch wide board",
    "a 12' x 10' room": "a twelve feet by ten foot room",
    "12' x 10'": "twelve feet by ten feet",
    "'3' by default": "three by default",
    "the '12' year": "the twelve year",
    "5'10 tall": "five foot ten tall",
    "10 lbs. of it": "ten pounds of it",
    "10 lbs. Bob left": "ten pounds. Bob left",
    "6 in. of rain": "six inches of rain",
    "5 ft 10 in": "five feet ten inches",
    "5 ft 10 in the water": "five feet ten in the water",
    "2 tsp salt": "two teaspoons salt",
    "1/2 tbsp": "one half tablespoon",
    "0/30 mins": "zero over thirty minutes",
    "3/4 lb": "three quarters of a pound",
    "9.8 m/s²": "nine point eight meters per second squared",
    "6ft 2in tall": "six feet two inches tall",
    "5 sq. ft. of it": "five square feet of it",
    "180°C/350°F": "one hundred and eighty degrees Celsius or three hundred and fifty degrees Fahrenheit",
    "1-1/2 cups": "one and a half cups",
    'on 3/4" plywood': "on three quarters inch plywood",
    '1-1/2" long': "one and a half inches long",
    "1/4-1/2 cup": "one quarter to one half cup",
    "2½ V": "two and a half V",
    "1080p": "ten eighty p",
    "720p60": "seven twenty p sixty",
    "4K": "four K",
}
MORE_MONEY = {
    "CA$45": "forty-five Canadian dollars",
    "R$ 50": "fifty reais",
    "Rs. 500": "five hundred rupees",
    "₹500": "five hundred rupees",
    "₹1,50,000": "one hundred and fifty thousand rupees",
    "€3,50": "three euros and fifty cents",
    "3,50 €": "three euros and fifty cents",
    "€1,000": "one thousand euros",
    "€.0": "zero euros",
    "€1.234,56": "one thousand two hundred and thirty-four euros and fifty-six cents",
}
FIGURES = {
    **LETTERS_AND_UNITS, **SECONDS_AND_DECADES, **ARITHMETIC, **SCHEDULES, **RATINGS_AND_YEARS, **DATES_WITHOUT_A_YEAR,
    **CODES, **MEASURES, **MORE_MONEY,
}  # fmt: skip


@pytest.mark.parametrize("written", FIGURES, ids=str)
def test_figures_are_read_for_what_they_are(written: str) -> None:
    assert normalize(written) == FIGURES[written]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("on 3/4", "on the third of April"),
        ("due 10/15", "due the fifteenth of October"),
        ("3/4 cup", "three quarters cup"),
    ],
)
def test_british_dates_without_a_year_begin_with_the_day(written: str, spoken: str) -> None:
    assert normalize(written, "en-gb") == spoken


HOSTILE = [
    '15" ',
    "1x",
    "7-3-",
    "1 - ",
    "Mon-",
    "Jan-",
    "1/2 ",
    "5'",
    "90s-",
    "seat 1A, ",
    "1 h 1 m ",
    "$1,50",
    "0-",
    "ISBN 1-",
]


@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
@pytest.mark.slow
def test_time_grows_with_length_only(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    began = time.process_time()
    normalize(text)
    assert time.process_time() - began < 20
