"""Single letters: A as the article or as a letter, initials, and letters that label one of several things (Plan B).

The rules write the article as "a" and the letter as "A"; later steps tell the two apart by this.
"""

from __future__ import annotations

import re

from speech.reading.english.rules import ENDS_SENTENCE, after, before, rule

_LABELS = (
    "annex|answer|apartment|appendix|article|block|box|building|bus|case|category|cell|chapter|choice|class|column|"
    "company|exhibit|figure|form|gate|gen|generation|grade|group|hall|hepatitis|influenza|item|letter|level|line|list|"
    "model|option|part|phase|plan|point|product|question|room|route|row|sample|scenario|schedule|section|series|set|"
    "side|stage|step|strain|suite|table|team|terminal|tier|triple|type|unit|variant|version|vitamin|volume|zone"
)
_LABELLED = re.compile(rf"\b(?:{_LABELS}|an?|the)[ ]$", re.IGNORECASE)
"""Nouns that a single letter may follow: Plan B."""
_BEFORE_FIRST_WORD = re.compile(r"(?:^|\n|[…—]|[.!?…:;–-][\"'”’)\]]{0,3}\s)[\s>\#*+•-]*[\"'“‘(\[*_]{0,3}$|[\"“‘(\[]$")
"""The text in front of the first word of a sentence, a list item or a quotation."""
_BEFORE_ARTICLE_IN_TITLE = re.compile(
    r"\b(?:[a-z]{2,}|About|After|And|As|At|Be|Become|Before|Being|Build|But|By|Choose|Create|Find|For|From|Get|Give|Had|"
    r"Has|Have|I'm|In|Into|Is|It's|Just|Like|Make|Need|Not|Of|On|Once|Only|Or|Over|Quite|Such|Take|Than|Through|To|Under|"
    r"Upon|Use|Want|Was|What|With|Without|Write)\s$"
)
"""The words in front of an article that is capitalised because it is in a title: How to Build A House."""
_INITIAL_FOLLOWS = re.compile(r"\s[AI]\.")
"""A. and I. as initials, not as the first word of a sentence."""
_AFTER_CAPITALS = re.compile(r"[A-Z'],?\s$")


def _article(match: re.Match[str]) -> str | None:
    left, right = before(match), after(match)
    if _BEFORE_FIRST_WORD.search(left):
        return "a"
    if _LABELLED.search(left):
        return None
    in_title = _BEFORE_ARTICLE_IN_TITLE.search(left) and re.match(r"\s(?!Minor|Major|Flat|Sharp)[A-Z][a-z]", right)
    in_capitals = _AFTER_CAPITALS.search(left) and re.match(r"\s[A-Z]{2}", right)
    return "a" if in_title or in_capitals else None


def _initial(match: re.Match[str]) -> str:
    return match["letter"] + ("." if letter_ends(match.string, match.end() - 1) else "")


def letter_ends(text: str, stop: int) -> bool:
    """Whether the full stop at `stop`, after a letter, ends a sentence: 'Plan B. Next', but not 'John B. Smith'."""
    if _LABELLED.search(text[max(0, stop - 24) : stop - 1]):
        return True
    return bool(ENDS_SENTENCE.match(text, stop + 1)) and not _INITIAL_FOLLOWS.match(text, stop + 1)


LETTER_RULES = (
    rule(r"(?P<letter>[A-Z])\.(?=[ ][A-Z])", _initial),
    rule(r"a(?=\))", lambda match: "A"),
    rule(
        r"A(?=[ \t]+(?:(?u:\w)|[\"'“‘(\[*_`$£€\#@])|\n[\"“a-z])"
        r"(?![ \t]+(?:(?i:is|was|are|were|and|or|to|for|in|on|at|as|of|minus|equals|through|versus|vs|has|had|stands|"
        r"because|if|but)\b(?![-'])|[A-Z](?![\w'-])))",
        _article,
    ),
)
"""Tried where a word begins."""
