"""Japanese phrases, with English among them."""

from __future__ import annotations

import sys

import pytest

from speech.errors import EngineUnusable
from speech.reading import japanese
from speech.reading.phonemes import phonemize
from tests.speech.reading.spoken import spoken

WITH_LATIN_LETTERS = [
    ("Pythonが", ["Python", "が"], "pˈIθˌɑn ɡa"),
    ("AIはWi-Fiを使う。", ["AI", "は", "Wi-Fi", "を使う"], "ˈAˌI βa wˈIfˌI o ʦɨkaɯ."),
]


@pytest.mark.parametrize(("text", "words", "symbols"), WITH_LATIN_LETTERS, ids=str)
def test_latin_letters_are_english(text: str, words: list[str], symbols: str) -> None:
    said = spoken(text, "ja")
    assert [text[word.start : word.end] for word in said.words] == [word.word for word in said.words] == words
    assert symbols in said.symbols


def test_without_its_libraries_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    japanese._romanizer.cache_clear()
    monkeypatch.setitem(sys.modules, "misaki.cutlet", None)
    with pytest.raises(EngineUnusable, match=r"tritone\[ja\]"):
        phonemize("你好 333", "ja")
