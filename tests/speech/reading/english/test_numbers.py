"""Whole and decimal numbers."""

from __future__ import annotations

import pytest

from speech.reading.english.numbers import cardinal, decade, fraction, mixed, number, ordinal, paired, plural, raised
from speech.reading.normalizer import normalize

SPOKEN = {
    "12 eggs": "twelve eggs",
    "1,234 miles": "one thousand two hundred and thirty-four miles",
    "1000000": "one million",
    "3.14": "three point one four",
    "0.5": "zero point five",
    ".5": "point five",
    "1,234.56": "one thousand two hundred and thirty-four point five six",
    "-5": "minus five",
    "It fell to -12.": "It fell to minus twelve.",
    "007": "zero zero seven",
    "2.5 million": "two point five million",
    "1234567890123456": "one two three four five six seven eight nine zero one two three four five six",
    "٣ and ５": "three and five",
    "-2147483648": "minus two billion one hundred and forty-seven million four hundred and eighty-three thousand six "
    "hundred and forty-eight",
    "pages 747-800": "pages seven hundred and forty-seven to eight hundred",
    "1,000": "one thousand",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_numbers(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


def test_functions_of_numbers() -> None:
    assert cardinal("1,234") == "one thousand two hundred and thirty-four"
    assert ordinal("21") == "twenty-first"
    assert number(".5") == "point five"
    assert [paired(figure) for figure in ("1905", "2000", "747")] == [
        "nineteen oh five",
        "two thousand",
        "seven forty-seven",
    ]
    assert [decade(figure) for figure in ("1990", "90")] == ["nineteen nineties", "nineties"]
    assert [plural(word) for word in ("penny", "half", "city", "inch")] == ["pence", "halves", "cities", "inches"]
    assert [fraction("3", "4"), fraction("3", "77")] == ["three quarters", None]
    assert mixed("2", "one half") == "two and a half"
    assert [raised(power) for power in ("2", "-3", "n")] == [
        "squared",
        "to the power of minus three",
        "to the power of n",
    ]
