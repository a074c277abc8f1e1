"""What a rule sees around its match, and which full stops end a sentence."""

from __future__ import annotations

import re

import pytest

from speech.reading.english.rules import after, before, keep_stop, rule
from speech.reading.normalizer import normalize


def found(pattern: str, text: str) -> re.Match[str]:
    match = re.search(pattern, text)
    assert match is not None
    return match


def test_before_and_after_are_bounded() -> None:
    match = found("b+", "aaaabbcccc")
    assert (before(match), after(match)) == ("aaaa", "cccc")
    assert (before(match, 2), after(match, 3)) == ("aa", "ccc")


def test_patterns_are_verbose_and_ascii() -> None:
    pattern = rule(r"[0-9] [ ] \w", lambda match: "").pattern
    assert pattern.match("1 a")
    assert not pattern.match("1 é")


@pytest.mark.parametrize("following", ["", " ", "\n", " The end", " “It is”", "” He left"])
def test_a_full_stop_before_a_new_sentence_stays(following: str) -> None:
    assert keep_stop(found(r"U\.S\.", "the U.S." + following), "US") == "US."


@pytest.mark.parametrize("following", [" Army", " economy", ", where", " (the)"])
def test_a_full_stop_inside_a_sentence_goes(following: str) -> None:
    assert keep_stop(found(r"U\.S\.", "the U.S." + following), "US") == "US"


def test_without_a_full_stop_none_is_added() -> None:
    assert keep_stop(found("US", "the US. The end"), "US") == "US"


def test_a_rule_that_gives_none_leaves_the_text_to_the_next_one() -> None:
    assert normalize("Gen Z met Gen. Lee") == "Gen Z met General Lee"
