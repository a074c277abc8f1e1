"""Figures with units: single letters that may be units, inches and feet, ranges, screens."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "a 5-km run": "a five kilometer run",
    "5-10 km": "five to ten kilometers",
    "10 km–20 km": "ten kilometers to twenty kilometers",
    "5°C–10°C": "five degrees Celsius to ten degrees Celsius",
    "5 °C - 10 °C": "five degrees Celsius to ten degrees Celsius",
    "500 m–2 km": "five hundred meters to two kilometers",
    "5 km - 10 min": "five kilometers — ten minutes",
    "-5°C": "minus five degrees Celsius",
    "5'10\"": "five foot ten",
    "90°": "ninety degrees",
    "Apt. 4A": "apartment four A",
    "exit 12A": "exit twelve A",
    "Rooms 12A-14A": "Rooms twelve A fourteen A",
    "seats 12A and 14A": "seats twelve A and fourteen A",
    "Room 3A": "Room three A",
    "Row 14L": "Row fourteen L",
    "Section 12W": "Section twelve W",
    "Apt 5V": "Apt five V",
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
    "1000s of stars": "thousands of stars",
    "100s of people": "hundreds of people",
    "10,000s of people": "tens of thousands of people",
    "10s of silence": "ten seconds of silence",
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


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_measures(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


def test_the_letter_of_a_house_number_is_no_unit() -> None:
    assert normalize("221A Baker St.") == "two hundred and twenty-one A Baker Street."
