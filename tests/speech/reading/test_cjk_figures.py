"""Figures in Chinese and Japanese: they sound like the same amounts written in words."""

from __future__ import annotations

import pytest

from tests.speech.reading.spoken import spoken

FIGURES = [
    ("zh", "100km", "一百公里"),
    ("zh", "5 kg", "五公斤"),
    ("zh", "20℃", "二十摄氏度"),
    ("zh", "20.5°C", "二十点五摄氏度"),
    ("zh", "¥100", "一百元"),
    ("zh", "$100万", "一百万美元"),
    ("zh", "€20", "二十欧元"),
    ("zh", "50％", "百分之五十"),
    ("zh", "12,000元", "一万二千元"),
    ("zh", "1,234,567人", "一百二十三万四千五百六十七人"),
    ("zh", "2024年", "二零二四年"),
    ("zh", "20年", "二十年"),
    ("zh", "2024-01-05", "二零二四年一月五日"),
    ("zh", "10:30", "十点三十分"),
    ("zh", "10：00", "十点"),
    ("zh", "9:05-9:30", "九点零五分到九点三十分"),
    ("zh", "3:1", "三比一"),
    ("zh", "1/2", "二分之一"),
    ("zh", "3-5天", "三到五天"),
    ("zh", "$5-10", "五到十美元"),
    ("zh", "10%-20%", "百分之十到百分之二十"),
    ("zh", "-5度", "负五度"),
    ("zh", "温度是-5℃", "温度是负五摄氏度"),
    ("zh", "138-1234-5678", "一三八一二三四五六七八"),
    ("zh", "12345678901234567890", "一二三四五六七八九零一二三四五六七八九零"),
    ("ja", "5kg", "五キログラム"),
    ("ja", "5 cm", "五センチメートル"),
    ("ja", "20℃", "二十度"),
    ("ja", "10%", "十パーセント"),
    ("ja", "$100", "百ドル"),
    ("ja", "¥100", "百円"),
    ("ja", "12,000円", "一万二千円"),
    ("ja", "1,234円", "千二百三十四円"),
    ("ja", "3.14", "さんてんいちよん"),
    ("ja", "10:30", "十時三十分"),
    ("ja", "3-5日", "三から五日"),
    ("ja", "-5度", "マイナス五度"),
    ("ja", "3:1", "三対一"),
]


@pytest.mark.parametrize(("language", "written", "words"), FIGURES, ids=lambda value: str(value))
def test_figures_and_their_signs_are_words_of_the_language(language: str, written: str, words: str) -> None:
    said = spoken(written, language)
    assert said.symbols.replace(" ", "") == spoken(words, language).symbols.replace(" ", "")
    assert (said.words[0].start, said.words[-1].end) == (0, len(written))


def test_a_hyphen_between_letters_and_a_figure_is_no_minus() -> None:
    assert spoken("GPT-4很好", "zh").symbols == spoken("GPT 4很好", "zh").symbols
    assert spoken("GPT-4は", "ja").symbols == spoken("GPT 4は", "ja").symbols
