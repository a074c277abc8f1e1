"""Tables of units, currencies and scales (million ...): how each is written, and its name in the singular."""

from __future__ import annotations

import re

from speech.reading.english.numbers import plural

_BASE = {
    "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "µm": "micrometer", "nm": "nanometer",
    "mi": "mile", "ft": "foot", "yd": "yard", "yds": "yard", "kg": "kilogram", "g": "gram", "mg": "milligram",
    "µg": "microgram", "mcg": "microgram", "lb": "pound", "lbs": "pound", "oz": "ounce", "L": "liter", "l": "liter",
    "in": "inch", "tsp": "teaspoon", "tbsp": "tablespoon", "Tbsp": "tablespoon", "qt": "quart",
    "ml": "milliliter", "mL": "milliliter", "cl": "centiliter", "gal": "gallon", "ha": "hectare",
    "mph": "mile per hour", "kph": "kilometer per hour", "fps": "frame per second", "rpm": "R P M", "bpm": "B P M",
    "mpg": "mile per gallon", "ppm": "part per million", "psi": "P S I", "dpi": "D P I", "px": "pixel",
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "THz": "terahertz",
    "kB": "kilobyte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "PB": "petabyte",
    "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "TiB": "tebibyte",
    "kbps": "kilobit per second", "Kbps": "kilobit per second", "Mbps": "megabit per second",
    "Gbps": "gigabit per second", "W": "watt", "kW": "kilowatt", "MW": "megawatt", "GW": "gigawatt",
    "Wh": "watt hour", "kWh": "kilowatt hour", "MWh": "megawatt hour", "V": "volt", "kV": "kilovolt",
    "mV": "millivolt", "mA": "milliamp", "mAh": "milliamp hour", "kJ": "kilojoule", "kcal": "kilocalorie",
    "cal": "calorie", "Pa": "pascal", "kPa": "kilopascal", "hPa": "hectopascal", "MPa": "megapascal", "dB": "decibel",
    "Ω": "ohm", "kΩ": "kilohm", "ms": "millisecond", "µs": "microsecond", "ns": "nanosecond", "min": "minute",
    "mins": "minute", "sec": "second", "secs": "second", "hr": "hour", "hrs": "hour", "h": "hour", "s": "second",
    "A": "amp", "°C": "degree Celsius", "°F": "degree Fahrenheit", "℃": "degree Celsius", "℉": "degree Fahrenheit",
    "°": "degree",
}  # fmt: skip
"""Units that are not made of others."""
PER = {"h": "hour", "hr": "hour", "s": "second", "min": "minute", "day": "day", "week": "week", "month": "month",
       "year": "year", "yr": "year", "mo": "month", "kg": "kilogram", "L": "liter", "l": "liter", "m": "meter",
       "km": "kilometer", "gal": "gallon", "cm": "centimeter", "m²": "square meter", "m³": "cubic meter",
       "night": "night", "person": "person", "hour": "hour", "minute": "minute", "second": "second", "unit": "unit",
       "lb": "pound", "oz": "ounce"}  # fmt: skip
"""Units that may follow a slash: km/h, $5/month."""

DOUBTFUL = frozenset({"s", "h", "A", "W", "V", "l", "L"})
"""Units that, if there is a space after the figure, may be mere letters instead."""

_LENGTHS = ("km", "m", "cm", "mm", "mi", "ft", "yd")
_POWERS = {"²": "square", "³": "cubic", "^2": "square", "^3": "cubic"}

UNITS: dict[str, str] = {
    **_BASE,
    **{f"{unit}{power}": f"{name} {_BASE[unit]}" for unit in _LENGTHS for power, name in _POWERS.items()},
    **{f"{square} {unit}": f"square {_BASE[unit]}" for unit in _LENGTHS for square in ("sq", "sq.")},
    **{f"{unit}/s{power}": f"{_BASE[unit]} per second squared" for unit in _LENGTHS for power in ("²", "^2", "2")},
    **{f"{unit}/{per}": f"{_BASE[unit]} per {name}" for unit in _BASE if unit.isalpha() for per, name in PER.items()},
}
"""All units, with squares, cubes and rates."""
_ABBREVIATED = (
    r"(?<=[0-9])in\b|in\.(?=\s|\Z|[,;:)])|"
    r"(?:lbs?|oz|(?:sq\.?[ ])?ft|yds?|mi|gal|qt|tsp|[tT]bsp|mins?|secs?|hrs?)\.(?=[ ][a-z0-9(]|[,;:)])"
)
NAME = "|".join((_ABBREVIATED, *sorted(map(re.escape, UNITS.keys() - {"in"}), key=len, reverse=True)))
"""The pattern of a unit. "in" is one only right after a figure or with a full stop; else it is the preposition."""

CURRENCIES: dict[str, tuple[str, str]] = {
    "$": ("dollar", "cent"),
    "US$": ("US dollar", "cent"),
    "A$": ("Australian dollar", "cent"),
    "C$": ("Canadian dollar", "cent"),
    "CA$": ("Canadian dollar", "cent"),
    "AU$": ("Australian dollar", "cent"),
    "HK$": ("Hong Kong dollar", "cent"),
    "NZ$": ("New Zealand dollar", "cent"),
    "£": ("pound", "penny"),
    "€": ("euro", "cent"),
    "¥": ("yen", "sen"),
    "R$": ("real", "centavo"),
    "₹": ("rupee", "paisa"),
    "Rs.": ("rupee", "paisa"),
    "Rs": ("rupee", "paisa"),
    "₩": ("won", "jeon"),
    "₽": ("ruble", "kopek"),
    "₿": ("bitcoin", ""),
    "USD": ("US dollar", "cent"),
    "EUR": ("euro", "cent"),
    "GBP": ("pound", "penny"),
    "JPY": ("yen", "sen"),
    "CHF": ("Swiss franc", "centime"),
    "CAD": ("Canadian dollar", "cent"),
    "AUD": ("Australian dollar", "cent"),
    "INR": ("rupee", "paisa"),
    "CNY": ("yuan", "fen"),
    "BTC": ("bitcoin", ""),
}
"""Each currency and its hundredth part, '' if it has none."""
SCALES = {
    "k": "thousand", "K": "thousand", "m": "million", "M": "million", "mn": "million", "mm": "million", "MM": "million",
    "b": "billion", "B": "billion", "bn": "billion", "Bn": "billion", "t": "trillion", "T": "trillion",
    "tn": "trillion", "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
}  # fmt: skip
"""Abbreviations and names of large numbers, as they are written after a sum of money."""
_SAME_IN_PLURAL = frozenset({"hertz", "kilohertz", "megahertz", "gigahertz", "terahertz", "yen", "sen", "won", "jeon",
                             "yuan", "fen", "paisa", "R P M", "B P M", "P S I", "D P I"})  # fmt: skip


def counted(name: str, one: bool) -> str:
    """A unit or currency in the singular if `one`, else in the plural: 'mile per hour' -> 'miles per hour'."""
    if one or name in _SAME_IN_PLURAL:
        return name
    head, per, rest = name.partition(" per ")
    noun, _, scale = head.partition(" ")
    head = f"degrees {scale}".rstrip() if noun == "degree" else plural(head)
    return f"{head}{per}{rest}"
