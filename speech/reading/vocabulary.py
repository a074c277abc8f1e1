"""Kokoro's alphabet: the id of every phoneme symbol (hexgrad/Kokoro-82M, config.json)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

TOKENS = 178
"""Rows of Kokoro's token embedding; some of them have no symbol and are never used."""
PAD = 0
"""The token id that stands at both ends of every input."""

VOCABULARY: dict[str, int] = {
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, "\"": 11, "(": 12, ")": 13, "“": 14, "”": 15,
    " ": 16, "\u0303": 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22, "ꭧ": 23, "A": 24, "I": 25, "O": 31,
    "Q": 33, "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42, "a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48,
    "h": 50, "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61,
    "t": 62, "u": 63, "v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "β": 75,
    "ɔ": 76, "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɟ": 90, "ɡ": 92,
    "ɥ": 99, "ɨ": 101, "ɪ": 102, "ʝ": 103, "ɯ": 110, "ɰ": 111, "ŋ": 112, "ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116,
    "ɸ": 118, "θ": 119, "œ": 120, "ɹ": 123, "ɾ": 125, "ɻ": 126, "ʁ": 128, "ɽ": 129, "ʂ": 130, "ʃ": 131, "ʈ": 132,
    "ʧ": 133, "ʊ": 135, "ʋ": 136, "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148, "ˈ": 156,
    "ˌ": 157, "ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177,
}  # fmt: skip
"""Token id of each phoneme symbol; every symbol is one character."""

MARKS = frozenset(';:,.!?—…"()“”')
"""The punctuation marks of the vocabulary. Kokoro turns them into pauses and intonation."""


def token_ids(phonemes: str) -> list[int]:
    """The token id of each symbol, with PAD at both ends. Raises: KeyError for a symbol outside VOCABULARY."""
    return [PAD, *(VOCABULARY[symbol] for symbol in phonemes), PAD]


def to_vocabulary(phonemes: str) -> str:
    """`phonemes` in symbols of VOCABULARY only: others are replaced by similar ones, or dropped."""
    return "".join(map(_symbol_to_vocabulary, phonemes))


_SIMILAR = {"g": "ɡ", "ɫ": "l", "ɱ": "m", "ʊ̯": "ʊ"}


@lru_cache(maxsize=1024)
def _symbol_to_vocabulary(symbol: str) -> str:
    """An accented letter outside the vocabulary loses the accents that are not in it."""
    if symbol in VOCABULARY:
        return symbol
    symbol = _SIMILAR.get(symbol, symbol)
    return "".join(part for part in unicodedata.normalize("NFD", symbol) if part in VOCABULARY)
