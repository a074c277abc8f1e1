"""Chinese words, with English among them."""

from __future__ import annotations

import sys

import pytest

from speech.errors import EngineUnusable
from speech.reading import chinese
from speech.reading.phonemes import phonemize
from tests.speech.reading.spoken import spoken

WITH_LATIN_LETTERS = [
    ("我喜欢用Python写代码", ["我", "喜欢", "用", "Python", "写", "代码"], "pˈIθˌɑn"),
    ("iPhone 15很好", ["iPhone", "15", "很", "好"], "ˈIfˌOn"),
    ("GPT和AI", ["GPT", "和", "AI"], "ʤˌipˌitˈi"),
    ("Hello World", ["Hello", "World"], "həlˈO wˈɜɹld"),
]


@pytest.mark.parametrize(("text", "words", "symbols"), WITH_LATIN_LETTERS, ids=str)
def test_latin_letters_are_english(text: str, words: list[str], symbols: str) -> None:
    said = spoken(text, "zh")
    assert [text[word.start : word.end] for word in said.words] == [word.word for word in said.words] == words
    assert symbols in said.symbols


def test_without_its_libraries_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese._misaki.cache_clear()
    chinese._jieba.cache_clear()
    monkeypatch.setitem(sys.modules, "misaki.zh", None)
    with pytest.raises(EngineUnusable, match=r"tritone\[zh\]"):
        phonemize("你好 333", "zh")
