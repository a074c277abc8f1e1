"""Segments out of tokens, on a small vocabulary."""

from types import SimpleNamespace

import numpy as np
import pytest

from speech.hearing.segments import WindowSegment, complete_segments, segments_before_loss, split_at_timestamps
from speech.hearing.tokenizer import Tokenizer
from speech.hearing.windows import Window

BEGIN = 100


@pytest.fixture
def tokenizer() -> Tokenizer:
    """0-98 text, 99 end, timestamps from 100."""
    return SimpleNamespace(  # type: ignore[return-value]
        eot=99, is_timestamp=lambda token: token >= BEGIN, seconds=lambda token: (token - BEGIN) * 0.02
    )


def stamp(seconds: float) -> int:
    return BEGIN + round(seconds / 0.02)


def spans(segments: list[WindowSegment]) -> list[tuple[float, float]]:
    return [(segment.start, segment.end) for segment in segments]


def test_text_between_timestamps_is_a_segment(tokenizer: Tokenizer) -> None:
    tokens = [stamp(0), 1, 2, stamp(3), stamp(3.5), 4, stamp(6)]
    segments = split_at_timestamps(tokenizer, tokens, 6.0)
    assert spans(segments) == [(0, 3), (3.5, 6)]
    assert [segment.tokens for segment in segments] == [tuple(tokens[:4]), tuple(tokens[4:])]
    assert [segment.first for segment in segments] == [0, 4]


def test_text_after_the_last_timestamp_ends_with_the_window(tokenizer: Tokenizer) -> None:
    assert spans(split_at_timestamps(tokenizer, [stamp(0), 1, stamp(2), stamp(2), 3], 5.0)) == [(0, 2), (2, 5)]
    assert spans(split_at_timestamps(tokenizer, [1, 2], 5.0)) == [(0, 5)]


def test_no_text_is_no_segment(tokenizer: Tokenizer) -> None:
    assert split_at_timestamps(tokenizer, [], 5.0) == []
    assert split_at_timestamps(tokenizer, [stamp(0), stamp(5)], 5.0) == []


def test_timestamps_stay_inside_the_window(tokenizer: Tokenizer) -> None:
    assert spans(split_at_timestamps(tokenizer, [stamp(0), 1, stamp(5.02)], 5.0)) == [(0, 5)]


def test_a_segment_at_the_end_of_an_open_window_is_left_to_the_next(tokenizer: Tokenizer) -> None:
    first, second = WindowSegment(0, 20, 0, ()), WindowSegment(20, 30, 5, ())
    assert complete_segments([first, second], 30.0) == [first]
    assert complete_segments([second], 30.0) == [second]


def test_speech_that_was_skipped_is_decoded_again() -> None:
    window = Window(16_000, np.zeros(20 * 16_000, np.float32), ((16_000, 5 * 16_000), (8 * 16_000, 21 * 16_000)))
    first, second, third = WindowSegment(0, 4, 0, ()), WindowSegment(7, 12, 5, ()), WindowSegment(15, 20, 9, ())
    assert segments_before_loss([first, second], window) == [first, second]
    assert segments_before_loss([first, second, third], window) == [first, second]
