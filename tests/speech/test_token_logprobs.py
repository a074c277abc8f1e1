"""Tokens with their log-probabilities: their bytes are the text, whatever is cut off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.token_logprobs import TokenLogprob, lstripped, spelled, stripped


def tokens(*contents: bytes) -> list[TokenLogprob]:
    return [TokenLogprob.of(content, -0.5) for content in contents]


def test_a_part_of_a_character_is_written_as_a_replacement() -> None:
    first, second = tokens(b" \xf0\x9f", b"\x91\x8d")
    assert (first.token, second.token) == (" \ufffd", "\ufffd\ufffd")
    assert spelled([first, second]) == " 👍"


def test_a_token_keeps_what_is_not_white_space() -> None:
    (hello,) = stripped(tokens(b"  Hello "))
    assert (hello.token, hello.bytes, hello.logprob) == ("Hello", tuple(b"Hello"), -0.5)
    assert [token.token for token in lstripped(tokens(b" ", b" Hi", b" "))] == ["Hi", " "]


def test_only_the_ends_are_stripped() -> None:
    assert [token.token for token in stripped(tokens(b" A", b" ", b" b ", b"\n"))] == ["A", " ", " b"]


@pytest.mark.parametrize("content", [(), (b" ",), (b" ", b"\n ")])
def test_white_space_alone_has_no_tokens(content: tuple[bytes, ...]) -> None:
    assert stripped(tokens(*content)) == lstripped(tokens(*content)) == ()


@given(text=st.text("a é今👍\u3000\n"), cuts=st.sets(st.integers(0, 30)))
def test_wherever_the_bytes_are_cut_the_text_is_that_of_str(text: str, cuts: set[int]) -> None:
    content, places = text.encode(), sorted({0, *cuts})
    parts = [content[start:end] for start, end in zip(places, [*places[1:], len(content)], strict=True)]
    given_tokens = tokens(*(part for part in parts if part))
    assert spelled(given_tokens) == text
    assert spelled(lstripped(given_tokens)) == text.lstrip()
    assert spelled(stripped(given_tokens)) == text.strip()
    assert all(token.bytes for token in stripped(given_tokens))
