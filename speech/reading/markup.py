"""Parts of a text that are not read out: HTML, Markdown, emoji, control characters."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_MARKUP = re.compile(
    r"""
    (?P<comment><!--[^<]{0,2000}?-->)
    | (?P<tag></?[A-Za-z][A-Za-z0-9-]{0,30}(?:\s[^<>]{0,2000})?/?>)
    | (?P<link>\]\([^()\s]{0,2000}(?:[ ]"[^"\n]{0,200}")?\))
    | (?P<open>\[(?=!\[|[^\[\]\n]{1,300}\]\())
    | (?P<note>\[\^?[0-9]{1,3}\](?!\())
    | (?P<image>!(?=\[))
    | (?P<fence>`{1,8}(?:(?<=```)[A-Za-z0-9+-]{0,20}(?=\n))?)
    | (?P<line>(?:(?<=\n)|\A)[ \t]{0,12}(?:\#{1,6}[ ]|>[ ]?|[-*+•‣▪][ ](?:\[[ xX]\][ ])?|(?:[-*_=][ ]?){3,80}(?=\n|\Z)))
    | (?P<stars>\*{1,6}(?=[^\s0-9])|(?<=[^\s0-9])\*{1,6})
    | (?P<strike>~~)
    | (?P<under>(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w))
    | (?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});)
    | (?P<smile>(?<!\w)[:;=]['-]?[)(DPpoO3|/](?!\w))
    """,
    re.VERBOSE,
)
STARTS = frozenset("<][!`#>-*+•‣▪=_~&:;\n \t")
"""The characters that markup can begin with."""

_SPOKEN_SYMBOLS = frozenset("©°№℃℉Ω∆∑√∞≈≠≤≥→←½±×÷$+<=>|~^`¢£¥€₹₩₽₿¬¦´¨¯¸")
"""Symbols that are read out, although their category is silent."""
_SILENT_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Me"})
"""Unicode categories: control, format, surrogate, private, unassigned, pictures, modifiers, enclosing marks."""


@lru_cache(maxsize=4096)
def is_silent(char: str) -> bool:
    """Whether `char` is never read out: emoji and other pictures, control characters, unassigned characters."""
    if char in _SPOKEN_SYMBOLS or char in "\t\n\r":
        return False
    return unicodedata.category(char) in _SILENT_CATEGORIES or char in "\ufe0e\ufe0f\u20e3"


def markup_at(text: str, position: int) -> tuple[int, str] | None:
    """The end of the markup that begins at `position`, and its spoken form; None if there is no markup.

    An HTML entity is read as its character, a tag that starts a new line is a pause, everything else is silent.
    """
    match = _MARKUP.match(text, position)
    if match is None or not match.end() > position:
        return None
    if match["entity"]:
        char = html.unescape(match["entity"])
        return (match.end(), char) if char != match["entity"] else None
    return match.end(), ", " if match["tag"] and _BLOCK_TAG.match(match["tag"]) else ""


_BLOCK_TAG = re.compile(r"</?(?:br|p|div|li|tr|td|th|h[1-6])\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def plain_character(char: str) -> str:
    """The ASCII letter, digit or sign that `char` is a variant of (full-width, mathematical ...), else `char`.

    Always one character, so that positions in a text stay the same.
    """
    if char.isascii():
        return char
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and folded.isascii() and folded.isalpha() else char


_LOOKALIKES = {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u3000": " ", "’": "'", "‘": "'",
               "ʼ": "'", "\u2010": "-", "\u2011": "-", "\u2012": "-", "−": "-", "μ": "µ", "Ω": "Ω"}  # fmt: skip
