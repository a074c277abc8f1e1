"""The language of a text by its script, if the voice speaks another one."""

from __future__ import annotations

import pytest

from speech.reading.scripts import foreign_language


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("Hello, world!", "en-us", ""),
        ("Привет", "en-us", ""),
        ("", "en-us", ""),
        ("123.", "en-us", ""),
        ("你好，世界", "en-us", "zh"),
        ("你好，世界", "zh", ""),
        ("東京", "ja", ""),
        ("東京", "fr", "zh"),
        ("こんにちは世界", "en-us", "ja"),
        ("コーヒーを二つ", "zh", "ja"),
        ("नमस्ते", "en-gb", "hi"),
        ("नमस्ते", "hi", ""),
        ("The word 你好 means hello.", "en-us", ""),
        ("我喜欢用 Python 写程序和做数据分析", "en-us", "zh"),
    ],
)
def test_the_language_of_most_letters(text: str, language: str, written: str) -> None:
    assert foreign_language(text, language) == written
