"""Kokoro's alphabet."""

from __future__ import annotations

from speech.reading.vocabulary import PAD, TOKENS, VOCABULARY, token_ids


def test_the_alphabet() -> None:
    assert len(set(VOCABULARY.values())) == len(VOCABULARY) == 114
    assert all(len(symbol) == 1 and PAD < number < TOKENS for symbol, number in VOCABULARY.items())


def test_ids_are_padded_at_both_ends() -> None:
    assert token_ids("a.") == [PAD, VOCABULARY["a"], VOCABULARY["."], PAD]
