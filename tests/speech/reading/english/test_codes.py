"""Telephone numbers, cards, ZIP codes, PINs, planes."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "555-1234": "five five five, one two three four",
    "(555) 123-4567": "five five five, one two three, four five six seven",
    "+44 20 7946 0958": "plus four four, two zero, seven nine four six, zero nine five eight",
    "1-800-555-1234": "one, eight zero zero, five five five, one two three four",
    "call 911": "call nine one one",
    "4111 1111 1111 1111": "four one one one, one one one one, one one one one, one one one one",
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
    "error code 404": "error code four hundred and four",
    "a Boeing 747-400": "a Boeing seven forty-seven four hundred",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_codes(written: str) -> None:
    assert normalize(written) == SPOKEN[written]
