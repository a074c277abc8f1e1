"""Numbers in English words. Figures are strings of ASCII digits, with or without commas between thousands."""

from __future__ import annotations

from num2words import num2words

FIGURE = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}(?![0-9])|[0-9]{1,40})(?:\.[0-9]{1,20})?|\.[0-9]{1,20}"
"""The pattern of a whole or decimal figure."""
TO = r"(?:[-–—]|[ ][-–—][ ])"
"""The pattern of the dash between the ends of a range."""
SIGN = r"(?P<sign>[-−–]?)"
"""The pattern of a minus sign, or of nothing."""
MAX_NAMED_DIGITS = 15
"""Longer figures are read digit by digit, because few listeners know the names of such numbers."""
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_IRREGULAR_PLURALS = {
    "foot": "feet",
    "inch": "inches",
    "half": "halves",
    "penny": "pence",
    "real": "reais",
    "six": "sixes",
}


def digits(figure: str, *, zero: str = "zero") -> str:
    """'1905' -> 'one nine zero five'; other characters are skipped."""
    return " ".join(zero if c == "0" else DIGITS[int(c)] for c in figure if c in "0123456789")


def cardinal(figure: str) -> str:
    """'1,234' -> 'one thousand two hundred and thirty-four'; '007' and very long figures digit by digit."""
    figure = figure.replace(",", "")
    if len(figure) > MAX_NAMED_DIGITS or (figure.startswith("0") and len(figure) > 1):
        return digits(figure)
    return str(num2words(int(figure))).replace(",", "")


def ordinal(figure: str) -> str:
    """'21' -> 'twenty-first'."""
    figure = figure.replace(",", "")
    if len(figure) > MAX_NAMED_DIGITS:
        return digits(figure)
    return str(num2words(int(figure), to="ordinal")).replace(",", "")


def minus(sign: str) -> str:
    """The word for a sign that SIGN matched, with a space after it; '' if there is none."""
    return "minus " if sign else ""


def raised(power: str) -> str:
    """'2' -> 'squared', '-3' -> 'to the power of minus three', 'n' -> 'to the power of n'."""
    if power == "2":
        return "squared"
    if power == "3":
        return "cubed"
    figure = power.lstrip("+-")
    sign = minus("-" if power[0] == "-" else "")
    return f"to the power of {sign}{cardinal(figure) if figure.isdecimal() else figure}"


def is_one(figure: str) -> bool:
    """Whether a noun after `figure` is in the singular."""
    return figure.replace(",", "") == "1"


def number(figure: str) -> str:
    """A whole or decimal figure: '3.14' -> 'three point one four', '.5' -> 'point five'."""
    whole, dot, fraction = figure.partition(".")
    if not fraction:
        return cardinal(whole)
    head = f"{cardinal(whole)} " if whole else ""
    return f"{head}point {digits(fraction)}" if dot else head


def paired(figure: str) -> str:
    """Two digits at a time, for years, pixels and planes: '1905' -> 'nineteen oh five', '2000' -> 'two thousand',
    '747' -> 'seven forty-seven'."""
    value = int(figure)
    if not 100 <= value <= 9999 or (value >= 1000 and value % 1000 < 10):
        return cardinal(str(value))
    century, rest = divmod(value, 100)
    said = cardinal(str(century))
    if rest == 0:
        return f"{said} hundred"
    if rest < 10:
        return f"{said} oh {DIGITS[rest]}"
    return f"{said} {cardinal(str(rest))}"


def decade(figure: str) -> str:
    """'1990' -> 'nineteen nineties', '90' -> 'nineties', '1800' -> 'eighteen hundreds'."""
    return plural(paired(figure)) if len(figure) == 4 else plural(cardinal(figure))


def plural(words: str) -> str:
    """`words` with the last one in the plural; a word that ends with s stays as it is."""
    head, _, last = words.rpartition(" ")
    if last in _IRREGULAR_PLURALS:
        last = _IRREGULAR_PLURALS[last]
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "" if last.endswith("s") else "es"
    else:
        last += "s"
    return f"{head} {last}" if head else last


def fraction(above: str, below: str) -> str | None:
    """'3', '4' -> 'three quarters'; None if it is not usually read as a fraction, such as 3/77."""
    count, parts = int(above), int(below)
    if not 1 <= count < 100 or parts not in (*range(2, 21), 32, 64, 100):
        return None
    name = {2: "half", 4: "quarter"}.get(parts) or ordinal(below)
    return f"{cardinal(str(count))} {name if count == 1 else plural(name)}"


def mixed(whole: str | None, said: str) -> str:
    """A whole number and a fraction: '2', 'one half' -> 'two and a half'. Without a whole number just the fraction."""
    if not whole:
        return said
    said = said.replace("one half", "a half").replace("one quarter", "a quarter")
    return f"{cardinal(whole)} and {said}"
