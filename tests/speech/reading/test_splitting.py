"""Pieces: where text is cut, and that nothing is lost."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.reading.splitting import LIMIT, split, split_sentences, weight

SENTENCES = [
    ["Dr. Smith paid $3.50.", "He left."],
    ["We met at 5 p.m. and left."],
    ["J. R. R. Tolkien wrote it.", "I read it."],
    ["He lives in the U.S. and works.", "OK."],
    ["He joined the U.S. Army.", "It was in the U.S.", "He left."],
    ["J.K. Rowling wrote it.", "We read it."],
    ["Version 2.1.3 is out!", "Really?", "Yes…", "Good."],
    ['"What?" he said.', "“No.”", "Fine."],
    ["See e.g. No. 5 in vol. 2.", "Done."],
    ["Wait... what?", "Well."],
    ["今天天气很好。", "我们走吧！", "好？"],
    ["आज मौसम अच्छा है।", "नमस्ते।"],
    ["¿Qué tal?", "¡Bien!"],
    ["He spoke to St. John.", "He left."],
]


@pytest.mark.parametrize("sentences", SENTENCES, ids=lambda sentences: sentences[0])
def test_sentences(sentences: list[str]) -> None:
    glue = "" if sentences[0][-1] in "。" else " "
    assert [piece.text for piece in split_sentences(glue.join(sentences))] == sentences


def test_blank_lines_and_list_items_end_sentences() -> None:
    text = "# Title\n\nA line\nthat goes on\n\n- one\n- two\n1. three"
    assert [p.text for p in split_sentences(text)] == ["# Title", "A line\nthat goes on", "- one", "- two", "1. three"]


LONG = (
    "When the morning light finally reached the harbor, the fishermen had already mended their nets, counted their "
    "coins and shared a pot of strong coffee, because the weather report had promised calm seas until noon on May 5, "
    "2024, and nobody who depended on the water wanted to waste even one of the 1,250 hours (or so they said)."
)


def test_a_long_sentence_starts_with_a_small_clause() -> None:
    pieces = list(split(LONG))
    assert pieces[0].text.endswith(",") and weight(pieces[0].text) <= 81
    assert len(pieces) > 2
    assert all(weight(piece.text) <= LIMIT for piece in pieces)
    assert not any(piece.text.startswith(("2024", "hours", "250")) for piece in pieces)


@pytest.mark.parametrize(
    "opening", ["Printing in the only sense with", "Well,", "When the morning light came over the harbor,"]
)
def test_pieces_grow_with_what_was_said_before(opening: str) -> None:
    """Otherwise the next piece would not be ready when the listener has heard the ones before it."""
    weights = [
        weight(piece.text) for piece in split(f"{opening} which we are at present concerned {'and so on ' * 60}")
    ]
    assert all(size <= sum(weights[:i]) + max(weights[0], 45) for i, size in enumerate(weights) if i)
    assert max(weights) > 150


def test_a_greeting_does_not_chop_up_what_follows() -> None:
    text = "Yes. The reason that the sky looks blue is that the molecules of the air scatter more of the blue light."
    assert [piece.text for piece in split(text)] == [
        "Yes.",
        "The reason that the sky looks blue is",
        "that the molecules of the air scatter more of the blue light.",
    ]


UNBROKEN = [
    ["您好，欢迎来到北京。", "我们计划明天上午去银行办理业务然后一起吃饭。"],
    ["会议的时间定在了下一个星期五的上午十点半也就是2024年1月5日。"],
    ["こんにちは、東京へようこそ。", "私たちは明日の午前中に銀行へ行って手続きをしてから食事をします。"],
    ["私たちは明日の午前中に銀行へ行って、", "2024年1月5日に手続きをしてから一緒に食事をします。"],
]


@pytest.mark.parametrize("pieces", UNBROKEN, ids=lambda pieces: pieces[0])
def test_chinese_and_japanese_are_not_cut_within_words_that_fit(pieces: list[str]) -> None:
    assert [piece.text for piece in split("".join(pieces))] == pieces


def test_without_any_mark_the_cut_is_after_a_particle_and_never_between_a_figure_and_its_counter() -> None:
    japanese = [piece.text for piece in split("私たちは明日の午前中に銀行へ行って手続きをしてから食事をします" * 8)]
    assert all(piece[-1] in "はのにへてをる" for piece in japanese[:-1])
    assert all(weight(piece) <= LIMIT for piece in japanese)
    banks = "我们计划明天上午去银行办理业务然后一起吃饭接着我们还要去看望住在城里的老朋友并且讨论明年的旅行计划和工作"
    assert next(split(banks)).text.endswith("城里的")
    chinese = [piece.text for piece in split("会议定在2024年1月5日" * 30)]
    assert not any(piece[0] in "年月日" and previous[-1].isdigit() for previous, piece in pairwise(chinese))
    assert all(weight(piece) <= LIMIT for piece in chinese)


def test_short_sentences_stay_together() -> None:
    assert [piece.text for piece in split("Yes. No! I know that you do.")] == ["Yes. No! I know that you do."]


def test_a_quotation_stays_whole_where_it_fits() -> None:
    text = "And this is what he said to them. “I went home to my house. Then I slept until noon.” That was it, he said."
    assert any(piece.text.startswith("“") and piece.text.endswith("”") for piece in split(text))


@pytest.mark.parametrize(
    "unit", ["a", " ", "\n", ". ", "a, ", '"a. ', "(", "。", "漢", "- \n", "1. ", "#\n"], ids=ascii
)
@pytest.mark.slow
def test_time_grows_with_length_only(unit: str) -> None:
    began = time.process_time()
    list(split((unit * 100_000)[:100_000]))
    assert time.process_time() - began < 10


@pytest.mark.parametrize("text", ["It costs. $$$. Yes.", "Hi! %! Yo!"])
def test_signs_between_sentences_end_nothing(text: str) -> None:
    assert [piece.text for piece in split(text)] == [text]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400) | st.text(alphabet='ab. ,\n?!"“”()12漢。、$%', max_size=400))
def test_pieces_are_in_order_and_hold_all_that_is_said(text: str) -> None:
    pieces = list(split(text, first=20, limit=50))
    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
    assert all(left.end <= right.start for left, right in pairwise(pieces))
    assert all(len(piece.text) == piece.end - piece.start for piece in pieces)
    said = "".join(text[piece.start : piece.end] for piece in pieces)
    assert [c for c in said if c.isalnum()] == [c for c in text if c.isalnum()]
