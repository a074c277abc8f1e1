"""How English words sound: misaki's lexicon (hexgrad/misaki, Apache-2.0), with espeak-ng for words it lacks.

misaki tokenizes and tags with a spaCy model, which its makers do not publish on the package index; the words come in
tokenized and tagged here (heteronyms.py), so only its lexicon and its rules of stress and liaison are used.
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
"""Characters of a word that are looked up: misaki takes quadratic time for the parts of a word."""

_FALLBACK = (
    ("ʔˌn̩", "ʔn"), ("ʔn̩", "ʔn"), ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"),
    ("ə^l", "ᵊl"), ("ʲo", "jo"), ("ʲə", "jə"), ("ʲ", ""), ("ɚ", "əɹ"), ("r", "ɹ"), ("x", "k"), ("ç", "k"), ("ɐ", "ə"),
    ("ɬ", "l"), ("\u0303", ""), ("\u0329", ""),
)  # fmt: skip
_BRITISH = (("e^ə", "ɛː"), ("iə", "ɪə"), ("ə^ʊ", "Q"), ("o", "ɔ"), ("^", ""))
_AMERICAN = (
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
"""espeak's sounds in the letters of misaki (misaki/espeak.py, EspeakFallback)."""

_CORRECTED = {"anna": "ˈænə", "Anna": "ˈænə"}
"""misaki's American Anna is a German one, and was heard as "on a"."""

_LOADING = threading.Lock()


def pronounce(tokens: Sequence[str], *, british: bool) -> list[str]:
    """Phonemes of each token of a sentence: words, and marks of punctuation, which stand for themselves."""
    with _LOADING:
        lexicon = _lexicon(british)
    return lexicon.pronounce(tokens)


@lru_cache(maxsize=2)
def _lexicon(british: bool) -> _Lexicon:
    return _Lexicon(_misaki(), british)


def _misaki() -> ModuleType:
    """misaki.en without spaCy, which it imports at its top and needs only for what is not used here.

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
    """One of the two lexicons, with misaki's way of going through a sentence."""

    def __init__(self, misaki: ModuleType, british: bool) -> None:
        self._misaki = misaki
        self._british = british
        self._g2p: Any = _walker(misaki, british, self._fall_back)

    def pronounce(self, tokens: Sequence[str]) -> list[str]:
        words = [token for token in tokens if token[:1].isalpha()]
        tagged = iter(tags(words))
        marked = [self._token(token, next(tagged) if token[:1].isalpha() else "") for token in tokens]
        _, said = self._g2p("", preprocess=lambda _: ("", marked, {}))
        if len(said) != len(tokens):
            raise AssertionError(f"misaki made {len(said)} tokens of {len(tokens)}")
        return [token.phonemes or "" for token in said]

    def _token(self, text: str, tag: str) -> Any:
        token = self._misaki.MToken(text=text[:LONGEST_WORD], tag=tag, whitespace=" ")
        token._ = self._misaki.MToken.Underscore(is_head=True, num_flags="", prespace=False)
        if not text[:1].isalpha():
            token.phonemes = text
            token._.rating = 4
        return token

    def _fall_back(self, token: Any) -> tuple[str, int]:
        return _from_espeak(token.text, self._british), 2


@lru_cache(maxsize=4096)
def _from_espeak(word: str, british: bool) -> str:
    said = espeak.phonemes(word, "en-gb" if british else "en-us")
    for old, new in (*_FALLBACK, *(_BRITISH if british else _AMERICAN)):
        said = said.replace(old, new)
    return said


def _walker(misaki: ModuleType, british: bool, fallback: Any) -> Any:
    """misaki's G2P over tokens that are given; its own constructor would download a model."""
    walker = misaki.G2P.__new__(misaki.G2P)
    walker.version, walker.british, walker.unk = None, british, ""
    walker.lexicon, walker.fallback = misaki.Lexicon(british), fallback
    if not british:
        walker.lexicon.golds |= _CORRECTED
    walker.tokenize = lambda _text, tokens, _features: tokens
    return walker
