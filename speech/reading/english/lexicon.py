"""Phonemes of English words: misaki's lexicon (hexgrad/misaki, Apache-2.0), and espeak-ng for words that it lacks.

misaki itself tokenizes and tags text with a spaCy model, which is not on the package index. Here our own
code tokenizes (speech/reading/phonemes.py) and tags (heteronyms.py) the words; only misaki's lexicon and its rules for
stress and liaison are used.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any

from speech.errors import EngineUnusable
from speech.reading import espeak
from speech.reading.english.heteronyms import tags

LONGEST_WORD = 40
"""Longest word that is looked up, in characters: misaki's time grows with the square of a word's length."""

# Pairs of espeak's IPA and misaki's symbols, replaced in this order (misaki/espeak.py, EspeakFallback).
_FROM_ESPEAK = (
    ("ʔˌn̩", "ʔn"), ("ʔn̩", "ʔn"), ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"),
    ("ə^l", "ᵊl"), ("ʲo", "jo"), ("ʲə", "jə"), ("ʲ", ""), ("ɚ", "əɹ"), ("r", "ɹ"), ("x", "k"), ("ç", "k"), ("ɐ", "ə"),
    ("ɬ", "l"), ("\u0303", ""), ("\u0329", ""),
)  # fmt: skip
_FROM_ESPEAK_BRITISH = (("e^ə", "ɛː"), ("iə", "ɪə"), ("ə^ʊ", "Q"), ("o", "ɔ"), ("^", ""))
_FROM_ESPEAK_AMERICAN = (
    ("o^ʊ", "O"),
    ("ɜːɹ", "ɜɹ"),
    ("ɜː", "ɜɹ"),
    ("ɪə", "iə"),
    ("ː", ""),
    ("ɾ", "T"),
    ("ʔ", "t"),
    ("o", "ɔ"),
    ("^", ""),
)

_CORRECTIONS = {"anna": "ˈænə", "Anna": "ˈænə"}
"""American entries that replace misaki's. Its Anna is the German one, and was heard as "on a"."""

_LOADING = threading.Lock()


def pronounce(tokens: Sequence[str], *, british: bool) -> list[str]:
    """Phonemes of each token of a sentence. Tokens are words and punctuation marks; a mark stays as it is.

    Raises: EngineUnusable if misaki or espeak-ng is not installed.
    """
    with _LOADING:
        lexicon = _lexicon(british)
    return lexicon.pronounce(tokens)


@lru_cache(maxsize=2)
def _lexicon(british: bool) -> _Lexicon:
    return _Lexicon(_misaki(), british)


def _misaki() -> ModuleType:
    """The module misaki.en without spaCy, which it imports but needs only for functions that are not used here.

    That saves 44 wheels (63 MB to fetch, 210 MB on disk); and spaCy's thinc imports torch wherever torch is installed.
    """
    placeholder = ModuleType("spacy")
    stands_in = sys.modules.setdefault("spacy", placeholder) is placeholder
    try:
        from misaki import en
    except ImportError as error:
        raise EngineUnusable("English phonemes need misaki; run: pip install misaki (Python 3.11 or 3.12)") from error
    finally:
        if stands_in:
            del sys.modules["spacy"]
    module: ModuleType = en
    return module


class _Lexicon:
    """The British or the American lexicon, with misaki's G2P that applies it to a sentence."""

    def __init__(self, misaki: ModuleType, british: bool) -> None:
        self._misaki = misaki
        self._british = british
        self._g2p: Any = _g2p(misaki, british, self._ask_espeak)

    def pronounce(self, tokens: Sequence[str]) -> list[str]:
        words = [token for token in tokens if token[:1].isalpha()]
        tags_of_words = iter(tags(words))
        tagged = [self._token(token, next(tags_of_words) if token[:1].isalpha() else "") for token in tokens]
        _, pronounced = self._g2p("", preprocess=lambda _: ("", tagged, {}))
        if len(pronounced) != len(tokens):
            raise AssertionError(f"misaki made {len(pronounced)} tokens of {len(tokens)}")
        return [token.phonemes or "" for token in pronounced]

    def _token(self, text: str, tag: str) -> Any:
        """misaki's token; a punctuation mark gets itself as phonemes, so that misaki leaves it alone."""
        token = self._misaki.MToken(text=text[:LONGEST_WORD], tag=tag, whitespace=" ")
        token._ = self._misaki.MToken.Underscore(is_head=True, num_flags="", prespace=False)
        if not text[:1].isalpha():
            token.phonemes = text
            token._.rating = 4
        return token

    def _ask_espeak(self, token: Any) -> tuple[str, int]:
        """Phonemes and rating of a word that is not in the lexicon; misaki calls this."""
        return _espeak_in_misaki_symbols(token.text, self._british), 2


@lru_cache(maxsize=4096)
def _espeak_in_misaki_symbols(word: str, british: bool) -> str:
    said = espeak.phonemes(word, "en-gb" if british else "en-us")
    for old, new in (*_FROM_ESPEAK, *(_FROM_ESPEAK_BRITISH if british else _FROM_ESPEAK_AMERICAN)):
        said = said.replace(old, new)
    return said


def _g2p(misaki: ModuleType, british: bool, fallback: Any) -> Any:
    """misaki's G2P for tokens that are given; its own constructor would download a spaCy model."""
    g2p = misaki.G2P.__new__(misaki.G2P)
    g2p.version, g2p.british, g2p.unk = None, british, ""
    g2p.lexicon, g2p.fallback = misaki.Lexicon(british), fallback
    if not british:
        g2p.lexicon.golds |= _CORRECTIONS
    g2p.tokenize = lambda _text, tokens, _features: tokens
    return g2p
