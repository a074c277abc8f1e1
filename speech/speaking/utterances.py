"""Text -> utterances: phonemes that Kokoro can speak in one go, with each word's place in the whole text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from speech.reading.phonemes import Phonemes, SpokenWord, phonemize
from speech.reading.splitting import FIRST, LIMIT, Piece, split

MAX_SYMBOLS = 300
"""Phoneme symbols of one utterance. Kokoro takes 510, but rushes and skips words beyond about 400."""
_MIN_LIMIT = 16
"""Estimated phonemes below which a text is not split any further; its symbols are split instead."""


@dataclass(frozen=True)
class Utterance:
    """A piece of a text that is synthesized in one go."""

    text: str
    """The characters `start` to `end` of the whole text."""
    start: int
    end: int
    symbols: str
    """Its phonemes."""
    words: tuple[SpokenWord, ...]
    """Its words: `start` and `end` count the characters of the whole text, `first` and `last` the symbols."""


def utterances(
    text: str, language: str = "en-us", *, first: int = FIRST, limit: int = LIMIT, origin: int = 0
) -> Iterator[Utterance]:
    """The utterances of a text in order, each made when it is asked for. Pieces without words are left out.

    `first` and `limit` are the phonemes of the first utterance and of any utterance; they are estimates, as in
    speech/reading/splitting.py. If the text is a part of another one, `origin` is the index of its first character
    there. Raises: BadParameter for an unknown language, EngineUnusable for one that is not installed.
    """
    limit = min(limit, MAX_SYMBOLS)
    for piece in split(text, first=first, limit=limit):
        yield from _fit(Piece(piece.text, piece.start + origin, piece.end + origin), language, limit)


def _fit(piece: Piece, language: str, limit: int) -> Iterator[Utterance]:
    """The utterance of a piece; several if it has more phonemes than was estimated."""
    phonemes = phonemize(piece.text, language)
    if len(phonemes.symbols) <= MAX_SYMBOLS:
        yield from _utterance(piece, phonemes)
        return
    limit = limit * 2 // 3
    parts = list(split(piece.text, first=limit, limit=limit)) if limit > _MIN_LIMIT else []
    for part in parts:
        yield from _fit(Piece(part.text, piece.start + part.start, piece.start + part.end), language, limit)
    if not parts:
        for fitting in _cut_symbols(phonemes):
            yield from _utterance(piece, fitting)


def _utterance(piece: Piece, phonemes: Phonemes) -> Iterator[Utterance]:
    """One utterance; none if the piece has no words."""
    if phonemes.words:
        words = tuple(
            replace(word, start=word.start + piece.start, end=word.end + piece.start) for word in phonemes.words
        )
        yield Utterance(piece.text, piece.start, piece.end, phonemes.symbols, words)


def _cut_symbols(phonemes: Phonemes) -> Iterator[Phonemes]:
    """Symbols cut into parts that fit, at a space where there is one. A word that is cut belongs to both parts."""
    start = 0
    symbols = phonemes.symbols
    while start < len(symbols):
        end = min(start + MAX_SYMBOLS, len(symbols))
        if end < len(symbols):
            end = max(symbols.rfind(" ", start, end), start + MAX_SYMBOLS // 2)
        words = (
            replace(word, first=max(word.first, start) - start, last=min(word.last, end) - start)
            for word in phonemes.words
            if word.first < end and word.last > start
        )
        yield Phonemes(symbols[start:end], tuple(words))
        start = end
