"""The spoken form of written text: punctuation, hostile input, and properties that hold for any text.

The tables for each kind of token are in the test files of speech/reading/english.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.reading.normalizer import normalize, spoken_tokens
from tests.speech.reading import test_markup
from tests.speech.reading.english import (
    test_abbreviations,
    test_addresses,
    test_amounts,
    test_arithmetic,
    test_codes,
    test_dates,
    test_latex,
    test_measures,
    test_money,
    test_numbers,
    test_roman,
    test_times,
    test_units,
    test_words,
)

SPOKEN = {
    "he/she": "he slash she",
    "Wait... what?!": "Wait… what?",
    "yes -- no": "yes — no",
    "wow!!!": "wow!",
    "don’t": "don't",
    "well-known": "well-known",
    "": "",
    "\u200b\ufeff": "",
}
ENGLISH_TABLES = (
    test_abbreviations, test_addresses, test_amounts, test_arithmetic, test_codes, test_dates, test_latex, test_markup,
    test_measures, test_money, test_numbers, test_roman, test_times, test_units, test_words,
)  # fmt: skip
"""The test files with a table of English text and its spoken form, `SPOKEN`."""
ALL_SPOKEN = {said for table in (SPOKEN, *(file.SPOKEN for file in ENGLISH_TABLES)) for said in table.values()}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_spoken_form(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


def test_the_tables_are_long_enough() -> None:
    assert len(ALL_SPOKEN) >= 400


@pytest.mark.parametrize("language", ["es", "fr", "hi", "it", "ja", "pt-br", "zh"])
def test_other_languages_only_lose_their_markup(language: str) -> None:
    assert normalize("**3,5 €** 😀 <b>el 3/4</b> 你好", language) == "3,5 € el 3/4 你好"


@pytest.mark.parametrize("spoken", sorted(said for said in ALL_SPOKEN if not set(said) & set("0123456789")))
def test_spoken_text_is_read_unchanged(spoken: str) -> None:
    assert normalize(spoken) in (spoken, spoken.rstrip(".") + ".")


HOSTILE = [
    "a", "9", "1,", "[", "<a ", "a.b.", "www.", "1/2 ", "a-", "@", "#a", "*_", "http://", " ", "\n", ".\n", "1:1:", "$",
    "$1-", "&amp", "<!--", "](", "III ", "a@", "('", "\"'", "é", "漢", "😀", "\u0301", "A.", "555-", "- ", "[a", "__a",
    "5 km/", "+1 ", "('5 ", "\t#", " - \n", "<br", "`", "a'", "word ", ". ", '"a. ', "\0", "\ud800", "1.", "St. ",
    "v1.", "$x", "$$", "$a_", "\\(", "\\[", "\\frac{", "^{", "}{", "a\n", "A ", "/a", "~/", "C:\\a", "- A\n", "Mr. ",
    '15" ', "1x", "7-3-", "1 - ", "Mon-", "Jan-", "5'", "90s-", "seat 1A, ", "1 h 1 m ", "$1,50", "0-", "ISBN 1-",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
@pytest.mark.slow
def test_time_grows_with_length_only(unit: str) -> None:
    """100 kB of anything take seconds at most; quadratic patterns would take minutes."""
    text = (unit * 100_000)[:100_000]
    began = time.process_time()
    normalize(text)
    assert time.process_time() - began < 20


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en-us", "en-gb", "es", "ja"]))
def test_tokens_are_in_order_and_cover_any_text(text: str, language: str) -> None:
    position = 0
    for token in spoken_tokens(text, language):
        assert token.start <= token.end
        assert token.start == position or not token.text.strip()
        position = max(position, token.end)
    assert position == len(text)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abIVX0123456789.,:;/-$€%°@#*_[]()<>&'\" \n½²kmGHz", max_size=60))
def test_any_figures_come_out_as_words(text: str) -> None:
    assert not set(normalize(text)) & set("0123456789½")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["the", "cat", "sat", "mats", "I", "don't", "why;", "it's", "well-known"]), max_size=12)
)
def test_plain_words_stay(words: list[str]) -> None:
    assert normalize(" ".join(words)) == " ".join(words)
