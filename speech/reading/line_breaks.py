"""Line breaks: a pause where they part headings, items, paragraphs and verses, nothing where they wrap a sentence."""

from __future__ import annotations

import re

_HEADING = re.compile(r"[ \t]{0,40}#{1,6}[ \t]")
_ITEM = re.compile(r"[ \t]{0,40}(?:[-*+•‣▪]|#{1,6}|(?P<number>[0-9]{1,3}[.)]))[ \t]")
_BEGINS = re.compile(r"[ \t]{0,40}[\"'“‘«¿¡(\[*_]{0,4}(?P<first>.)")
_GOES_ON = re.compile(
    r"\b(?:an?|and|are|as|at|be|because|but|by|for|from|his|her|if|in|into|is|its|my|not|of|on|or|our|so|than|that|the|"
    r"their|this|to|was|were|what|when|where|which|while|who|with|your)\s*\Z"
)
_SHORTEST_WRAPPED = 50
"""Characters: nobody wraps prose at less, so what follows a shorter line is a line of its own."""


def line_break(text: str, start: int, end: int) -> str:
    """What the white space from `start` to `end` says, which a line break ends."""
    line = text[max(0, start - 400) : start].rpartition("\n")[2]
    if text.count("\n", start, end) > 1 or _HEADING.match(line):
        return ". "
    item = _ITEM.match(text, end)
    if item:
        return ". " if item["number"] else ", "
    begins = _BEGINS.match(text, end)
    short = len(line) < _SHORTEST_WRAPPED and not _GOES_ON.search(line)
    return ", " if short and begins and _is_new(begins["first"], line) else " "


def _is_new(first: str, line: str) -> bool:
    return first.isupper() or (first.isdigit() and line[-1:].isascii())
