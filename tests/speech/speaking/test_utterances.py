"""Utterances cover the text, fit Kokoro, and place their words in the whole text."""

from __future__ import annotations

import itertools

import pytest

from speech.errors import BadParameter
from speech.speaking.utterances import MAX_SYMBOLS, utterances

TEXT = """The first sentence is short. The second one costs $12.50, and it goes on after a comma until it ends!

A last paragraph: with a colon, and "a quotation" at its end."""


def test_utterances_are_characters_of_the_text_in_order() -> None:
    spoken = list(utterances(TEXT))
    assert len(spoken) > 1
    assert all(utterance.text == TEXT[utterance.start : utterance.end] for utterance in spoken)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spoken))
    assert "".join("".join(utterance.text for utterance in spoken).split()) == "".join(TEXT.split())


def test_words_are_placed_in_the_whole_text_and_in_the_symbols() -> None:
    for utterance in utterances(TEXT):
        for word in utterance.words:
            assert word.word == TEXT[word.start : word.end]
            assert utterance.start <= word.start < word.end <= utterance.end
            assert 0 <= word.first < word.last <= len(utterance.symbols)
            assert utterance.symbols[word.first : word.last].strip()


def test_no_utterance_has_more_symbols_than_kokoro_speaks_well() -> None:
    """Digits have many more phonemes than characters, and this number has no place to split it."""
    number = "7" * 900
    spoken = list(utterances(f"The number is {number}."))
    assert len(spoken) > 3
    assert all(0 < len(utterance.symbols) <= MAX_SYMBOLS for utterance in spoken)


def test_limits_make_utterances_shorter() -> None:
    sentence = "They walked along the river, past the mill, over the bridge, and up the hill to the old church."
    assert len(list(utterances(sentence * 3, first=200, limit=200))) < len(list(utterances(sentence * 3, limit=60)))


@pytest.mark.parametrize("text", ["", " ", "…", "***", "🙂"])
def test_a_text_without_words_has_no_utterances(text: str) -> None:
    assert list(utterances(text)) == []


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(BadParameter, match="klingon"):
        list(utterances("Hello.", "klingon"))
