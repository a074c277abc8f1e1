"""Text -> what is synthesized piece by piece: phonemes that fit Kokoro, with words placed in the whole text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from speech.reading.phonemes import Phonemes, SpokenWord, phonemize
from speech.reading.splitting import FIRST, LIMIT, Piece, split

MOST = 300
"""Symbols of one utterance; Kokoro takes 510, but rushes and skips words beyond about 400."""


@dataclass(frozen=True)
class Utterance:
    """`text` is the characters `start` to `end` of the whole text; its words are placed in the whole text too."""

    text: str
    start: int
    end: int
    symbols: str
    words: tuple[SpokenWord, ...]


def utterances(text: str, language: str = "en-us", *, first: int = FIRST, limit: int = LIMIT) -> Iterator[Utterance]:
    """Utterances in order, each made when it is asked for; pieces that say nothing are left out.

    Raises: BadParameter for an unknown language, EngineUnusable for one that is not installed.
    """
    for piece in split(text, first=first, limit=min(limit, MOST)):
        yield from _fitting(piece, language, min(limit, MOST))


def _fitting(piece: Piece, language: str, limit: int) -> Iterator[Utterance]:
    """The piece, in smaller ones if it says more than was estimated."""
    phonemes = phonemize(piece.text, language)
    if len(phonemes.symbols) <= MOST:
        yield from _utterance(piece, phonemes)
        return
    smaller = limit * 2 // 3
    parts = list(split(piece.text, first=smaller, limit=smaller)) if smaller > 16 else []
    if not parts:
        for fitting in _pieces_of(phonemes):
            yield from _utterance(piece, fitting)
    for part in parts:
        yield from _fitting(Piece(part.text, piece.start + part.start, piece.start + part.end), language, smaller)


def _utterance(piece: Piece, phonemes: Phonemes) -> Iterator[Utterance]:
    if phonemes.words:
        words = tuple(
            replace(word, start=word.start + piece.start, end=word.end + piece.start) for word in phonemes.words
        )
        yield Utterance(piece.text, piece.start, piece.end, phonemes.symbols, words)


def _pieces_of(phonemes: Phonemes) -> Iterator[Phonemes]:
    """Symbols of a few words that say very much, cut at spaces where there are any; a word that is cut is in both."""
    start = 0
    symbols = phonemes.symbols
    while start < len(symbols):
        end = min(start + MOST, len(symbols))
        if end < len(symbols):
            end = max(symbols.rfind(" ", start, end), start + MOST // 2)
        words = (
            replace(word, first=max(word.first, start) - start, last=min(word.last, end) - start)
            for word in phonemes.words
            if word.first < end and word.last > start
        )
        yield Phonemes(symbols[start:end], tuple(words))
        start = end
