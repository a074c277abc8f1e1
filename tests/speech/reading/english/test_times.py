"""Times of day, opening hours, durations."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "10:30": "ten thirty",
    "10:05": "ten oh five",
    "10:00": "ten o'clock",
    "14:00": "fourteen hundred",
    "5pm": "five PM",
    "5 p.m. today": "five PM today",
    "at 5 p.m. We left.": "at five PM. We left.",
    "7:45 AM": "seven forty-five AM",
    "12:00 pm": "twelve PM",
    "1:05:30": "one oh five and thirty seconds",
    "9-5pm": "nine to five PM",
    "9:00-10:30": "nine o'clock to ten thirty",
    "2024-05-03T10:30": "May third, twenty twenty-four at ten thirty",
    "1h 30m": "one hour thirty minutes",
    "2h15m": "two hours fifteen minutes",
    "5m 30s": "five minutes thirty seconds",
    "1h30m20s": "one hour thirty minutes twenty seconds",
    "9am–5pm": "nine AM to five PM",
    "9am-5pm": "nine AM to five PM",
    "9am-noon": "nine AM to noon",
    "8:00 AM - 5:00 PM": "eight AM to five PM",
    "9 a.m.-5 p.m. daily": "nine AM to five PM daily",
    "10:30 - 11:30": "ten thirty to eleven thirty",
    "3.30pm": "three thirty PM",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_times(written: str) -> None:
    assert normalize(written) == SPOKEN[written]
