"""Names of units, in the singular and in the plural."""

from __future__ import annotations

import pytest

from speech.reading.english.units import UNITS, counted
from speech.reading.normalizer import normalize

SPOKEN = {
    "5 km": "five kilometers",
    "1 km": "one kilometer",
    "5km": "five kilometers",
    "100 km/h": "one hundred kilometers per hour",
    "60 mph": "sixty miles per hour",
    "72°F": "seventy-two degrees Fahrenheit",
    "1°C": "one degree Celsius",
    "3.2GHz": "three point two gigahertz",
    "16 GB": "sixteen gigabytes",
    "20 m²": "twenty square meters",
    "10kg": "ten kilograms",
    "6 ft": "six feet",
    "250 ms": "two hundred and fifty milliseconds",
    "100 Mbps": "one hundred megabits per second",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_units(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


@pytest.mark.parametrize(
    ("unit", "one", "many"),
    [
        ("mph", "mile per hour", "miles per hour"),
        ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
        ("°", "degree", "degrees"),
        ("ft", "foot", "feet"),
        ("sq ft", "square foot", "square feet"),
        ("m/s²", "meter per second squared", "meters per second squared"),
        ("GHz", "gigahertz", "gigahertz"),
    ],
)
def test_names_are_counted(unit: str, one: str, many: str) -> None:
    assert counted(UNITS[unit], one=True) == one
    assert counted(UNITS[unit], one=False) == many
