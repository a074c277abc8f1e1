"""A rule of normalization: a pattern that is tried where a token begins, and the spoken form of a match.

Patterns are bounded (`{1,20}`, possessive `++`), so that trying one takes constant time and a text linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Rule(NamedTuple):
    """`say` returns the spoken form of a match, or None if the rule does not apply after all."""

    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], str | None]


def rule(pattern: str, say: Callable[[re.Match[str]], str | None], flags: int = 0) -> Rule:
    """`pattern` is verbose, so a space in it is written [ ] or \\s; \\w, \\d and \\b are ASCII only."""
    return Rule(re.compile(pattern, re.VERBOSE | re.ASCII | flags), say)


def before(match: re.Match[str], count: int = 24) -> str:
    """The last `count` characters before a match, or fewer."""
    return match.string[max(0, match.start() - count) : match.start()]


def after(match: re.Match[str], count: int = 24) -> str:
    """The first `count` characters after a match, or fewer."""
    return match.string[match.end() : match.end() + count]


def keep_stop(match: re.Match[str], said: str) -> str:
    """`said`, followed by a full stop if the match ends with one that also ends the sentence."""
    if not match.group().endswith("."):
        return said
    return said + "." if ENDS_SENTENCE.match(match.string, match.end()) else said


_FIRST_WORDS = (
    "A|After|All|Also|An|And|Any|As|At|Because|Before|Both|But|By|Can|Could|Did|Do|Does|Dr|During|Each|Even|Every|For|"
    "From|Had|Has|Have|He|Her|Here|His|How|However|I|I'm|I've|If|In|Is|It|Its|It's|Just|Let|Many|Maybe|Most|Mr|Mrs|Ms|"
    "My|No|Not|Now|Of|On|Once|One|Or|Other|Our|Please|She|Since|So|Some|Still|That|The|Their|Then|There|These|They|"
    "This|Those|Though|To|Today|Under|Until|Was|We|Well|Were|What|When|Where|Which|While|Who|Why|Will|With|Would|Yes|"
    "Yet|You|Your"
)
ENDS_SENTENCE = re.compile(
    rf"[\"'”’)\]]{{0,3}}(?:\s{{0,3}}\Z|\s{{1,3}}[\"'“‘(]{{0,2}}(?:{_FIRST_WORDS})\b|\s{{0,3}}\n)"
)
"""What follows the full stop of an abbreviation if it also ends a sentence: 'in the U.S. The army', but not 'the
U.S. Army'."""
