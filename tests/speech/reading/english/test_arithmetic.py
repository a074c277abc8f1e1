"""Powers, sums, dimensions."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "2 + 2 = 4": "two plus two equals four",
    "3 * 4": "three times four",
    "6 ÷ 2": "six divided by two",
    "10^6": "ten to the power of six",
    "5²": "five squared",
    "2³": "two cubed",
    "x^2": "x squared",
    "1e-5": "one times ten to the power of minus five",
    "10⁻³": "ten to the power of minus three",
    "5×10⁻³": "five times ten to the power of minus three",
    "6.02×10²³": "six point zero two times ten to the power of twenty-three",
    "3 × 10⁸ m/s": "three times ten to the power of eight meters per second",
    "1920x1080": "nineteen twenty by ten eighty",
    "10 × 12": "ten by twelve",
    "7-3=4": "seven minus three equals four",
    "7 - 3 = 4": "seven minus three equals four",
    "x = 7 - 3": "x equals seven minus three",
    "10 - 3 - 2 = 5": "ten minus three minus two equals five",
    "2 × 3 = 6": "two times three equals six",
    "12.5 / 2 = 6.25": "twelve point five divided by two equals six point two five",
    "1920×1080": "nineteen twenty by ten eighty",
    "1920 x 1080": "nineteen twenty by ten eighty",
    "640x480": "six forty by four eighty",
    "2x4": "two by four",
    "3 x 5 cm": "three by five centimeters",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_arithmetic(written: str) -> None:
    assert normalize(written) == SPOKEN[written]
