"""Single letters: A, which is the article or a letter, initials, and letters that name one of many (Plan B).

What is said as the article is written "a" from here on, whatever is said as a letter "A".
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
_BEGINS = re.compile(r"(?:^|\n|[…—]|[.!?…:;–-][\"'”’)\]]{0,3}\s)[\s>\#*+•-]*[\"'“‘(\[*_]{0,3}$|[\"“‘(\[]$")
"""What is in front of the first word of a sentence, an item or a quotation."""
_IN_TITLE = re.compile(
    r"\b(?:[a-z]{2,}|About|After|And|As|At|Be|Become|Before|Being|Build|But|By|Choose|Create|Find|For|From|Get|Give|Had|"
    r"Has|Have|I'm|In|Into|Is|It's|Just|Like|Make|Need|Not|Of|On|Once|Only|Or|Over|Quite|Such|Take|Than|Through|To|Under|"
    r"Upon|Use|Want|Was|What|With|Without|Write)\s$"
)
"""What stands in front of an article that has a capital because it is in a title: How to Build A House."""
_INITIAL_FOLLOWS = re.compile(r"\s[AI]\.")
"""Not the words that begin a sentence."""
_SHOUTED = re.compile(r"[A-Z'],?\s$")


def _article(match: re.Match[str]) -> str | None:
    left, right = before(match), after(match)
    if _BEGINS.search(left):
        return "a"
    if _LABELLED.search(left):
        return None
    in_title = _IN_TITLE.search(left) and re.match(r"\s(?!Minor|Major|Flat|Sharp)[A-Z][a-z]", right)
    shouted = _SHOUTED.search(left) and re.match(r"\s[A-Z]{2}", right)
    return "a" if in_title or shouted else None


def _initial(match: re.Match[str]) -> str:
    return match["letter"] + ("." if letter_ends(match.string, match.end() - 1) else "")


def letter_ends(text: str, stop: int) -> bool:
    """Whether the full stop at `stop`, after a single letter, ends a sentence: 'Plan B. Next', but 'John B. Smith'."""
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
