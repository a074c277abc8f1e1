"""Formulas in LaTeX, such as $E=mc^2$ and \\(\\frac{1}{2}\\): delimiters, commands and groups."""

from __future__ import annotations

import re

from speech.reading.english.numbers import cardinal, fraction, raised
from speech.reading.english.rules import before, rule

_COMMANDS = {
    "times": "times", "cdot": "times", "div": "divided by", "pm": "plus or minus", "le": "is at most",
    "leq": "is at most", "ge": "is at least", "geq": "is at least", "ne": "is not equal to", "neq": "is not equal to",
    "approx": "approximately", "infty": "infinity", "sqrt": "square root of", "int": "integral of", "sum": "sum of",
    "sin": "sine", "cos": "cosine", "tan": "tangent", "to": "to", "rightarrow": "to", "frac": "", "dfrac": "",
    "tfrac": "", "left": "", "right": "", "text": "", "mathrm": "", "mathbf": "", "mathbb": "", "displaystyle": "",
}  # fmt: skip
"""The spoken form of each command. Other commands are read by their names: \\alpha."""
_FORMULA = re.compile(
    r"""
    \$\$(?P<display>[^$]{1,200})\$\$
    | \$(?=\S)(?=[A-Za-z]\$|[^$\n]{0,200}[\\^_=])(?P<inline>[^$\n]{0,200}(?<!\s))\$(?!\w)
    | \\\((?P<round>[^\n]{1,200}?)\\\)
    | \\\[(?P<square>[\s\S]{1,200}?)\\\]
    """,
    re.VERBOSE,
)
"""A formula with its delimiters. Between dollar signs there must be more than a price: '$5 and $10' has no formula."""
_INDEX = re.compile(r"_(?:\{([^{}]{0,40})\})?")
_LETTER_A = re.compile("(?<![A-Za-z])a(?![A-Za-z])")
_OPEN_GROUP = re.compile(r"(?:\\[A-Za-z]{2,20}|\^|\})\{[^{}\n]{0,40}$")


def without_delimiters(text: str) -> str:
    """`text` with spaces instead of the delimiters of formulas and of indices. Its length stays the same.

    The variable a becomes A in formulas, because "a" is read as the article.
    """
    return _FORMULA.sub(_without_delimiters, text)


def _without_delimiters(match: re.Match[str]) -> str:
    name = match.lastgroup or ""
    formula = _INDEX.sub(lambda index: f"  {index[1]} " if index[1] else " " * len(index[0]), match[name])
    left, right = match.start(name) - match.start(), match.end() - match.end(name)
    return " " * left + _LETTER_A.sub("A", formula) + " " * right


def _fraction(match: re.Match[str]) -> str:
    above, below = match["above"], match["below"]
    return fraction(above, below) or f"{cardinal(above)} over {cardinal(below)}"


def _command(match: re.Match[str]) -> str | None:
    said = _COMMANDS.get(match["name"])
    return None if said is None else f" {said} "


def _power(match: re.Match[str]) -> str:
    return f" {raised(match['group'] or match['letter'])}"


def _closing(match: re.Match[str]) -> str | None:
    """The bracket at the end of a command's group is silent."""
    return "" if _OPEN_GROUP.search(before(match, 64)) else None


def _between_groups(match: re.Match[str]) -> str | None:
    """\\frac{b+c}{2d}: b plus c over two d."""
    return " over " if _OPEN_GROUP.search(before(match, 64)) else None


LATEX_RULES = (
    rule(r"\\[dt]?frac\{(?P<above>[0-9]{1,9})\}\{(?P<below>[0-9]{1,9})\}", _fraction),
    rule(r"(?<![A-Za-z]{2})\\(?P<name>[A-Za-z]{2,20})\{?", _command),
    rule(r"\^(?:\{(?P<group>-?(?:[0-9]{1,9}|[a-z]))\}|(?P<letter>[a-z])(?!\w))", _power),
    rule(r"\^\{", lambda match: " to the power of "),
    rule(r"\}\{", _between_groups),
    rule(r"\}", _closing),
)
"""Tried at a sign."""
