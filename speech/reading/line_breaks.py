"""Line breaks: a pause between headings, list items, paragraphs and verses; none where a line merely wraps."""

from __future__ import annotations

import re

_HEADING = re.compile(r"[ \t]{0,40}#{1,6}[ \t]")
_LIST_ITEM = re.compile(r"[ \t]{0,40}(?:[-*+•‣▪]|#{1,6}|(?P<number>[0-9]{1,3}[.)]))[ \t]")
_LINE_START = re.compile(r"[ \t]{0,40}[\"'“‘«¿¡(\[*_]{0,4}(?P<first>.)")
"""The start of a line up to its first character that is no quotation mark, bracket or emphasis."""
_UNFINISHED = re.compile(
    r"\b(?:an?|and|are|as|at|be|because|but|by|for|from|his|her|if|in|into|is|its|my|not|of|on|or|our|so|than|that|the|"
    r"their|this|to|was|were|what|when|where|which|while|who|with|your)\s*\Z"
)
"""A last word after which the sentence continues on the next line."""
_MIN_WRAP_WIDTH = 50
"""Narrowest width, in characters, at which prose is wrapped. A shorter line was ended on purpose."""
_LOOK_BACK = 400
"""Characters before a line break that are searched for the start of its line."""


def line_break(text: str, start: int, end: int) -> str:
    """The spoken form of the white space `text[start:end]`, which ends with a line break: ". ", ", " or " "."""
    line = text[max(0, start - _LOOK_BACK) : start].rpartition("\n")[2]
    if text.count("\n", start, end) > 1 or _HEADING.match(line):
        return ". "
    item = _LIST_ITEM.match(text, end)
    if item:
        return ". " if item["number"] else ", "
    next_line = _LINE_START.match(text, end)
    ended_early = len(line) < _MIN_WRAP_WIDTH and not _UNFINISHED.search(line)
    return ", " if ended_early and next_line and _starts_afresh(next_line["first"], line) else " "


def _starts_afresh(first: str, previous_line: str) -> bool:
    """Whether a line that begins with `first` does not continue the sentence of the line before it."""
    return first.isupper() or (first.isdigit() and previous_line[-1:].isascii())
