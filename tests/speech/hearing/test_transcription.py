"""Segments out of tokens, and the ladder of attempts."""

from types import SimpleNamespace

import numpy as np
import pytest

from speech.hearing.decoding import Hypothesis
from speech.hearing.tokenizer import Tokenizer
from speech.hearing.transcription import (
    TEMPERATURES,
    Decoded,
    DetectedLanguage,
    WindowSegment,
    WindowTask,
    all_attempts,
    complete_pieces,
    pieces_before_loss,
    split_at_timestamps,
)
from speech.hearing.windows import Window
from speech.types import TranscribeOptions

BEGIN = 100


@pytest.fixture
def tokenizer() -> Tokenizer:
    """0-98 text, 99 end, timestamps from 100."""
    return SimpleNamespace(  # type: ignore[return-value]
        eot=99, is_timestamp=lambda token: token >= BEGIN, seconds=lambda token: (token - BEGIN) * 0.02
    )


def stamp(seconds: float) -> int:
    return BEGIN + round(seconds / 0.02)


def spans(pieces: list[WindowSegment]) -> list[tuple[float, float]]:
    return [(piece.start, piece.end) for piece in pieces]


def test_text_between_timestamps_is_a_segment(tokenizer: Tokenizer) -> None:
    tokens = [stamp(0), 1, 2, stamp(3), stamp(3.5), 4, stamp(6)]
    pieces = split_at_timestamps(tokenizer, tokens, 6.0)
    assert spans(pieces) == [(0, 3), (3.5, 6)]
    assert [piece.tokens for piece in pieces] == [tuple(tokens[:4]), tuple(tokens[4:])]
    assert [piece.first for piece in pieces] == [0, 4]


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
    assert complete_pieces([first, second], 30.0) == [first]
    assert complete_pieces([second], 30.0) == [second]


def decoded(text: str = "Hello there.", logprob: float = -0.2, no_speech: float = 0.0) -> Decoded:
    hypothesis = Hypothesis([1, 2, 3], [logprob] * 4)
    return Decoded(hypothesis, text, 0.0, no_speech)


def task(seconds: float, **options: float) -> WindowTask:
    window = Window(0, np.zeros(round(seconds * 16_000), np.float32), ((0, round(seconds * 16_000)),))
    given = TranscribeOptions(**options)  # type: ignore[arg-type]
    return WindowTask(window, given, DetectedLanguage("en", 1.0), all_attempts(window, given.temperature, 30.0))


def test_a_good_result_is_taken_at_once() -> None:
    good = decoded()
    assert task(5).judge(good) is good


def test_bad_results_climb_the_ladder_and_the_best_is_kept() -> None:
    climbing = task(5)
    seen = []
    best = decoded(logprob=-1.5)
    for attempt in range(7):
        seen.append((climbing.attempt.context_s, climbing.attempt.temperature))
        result = climbing.judge(best if attempt == 3 else decoded(logprob=-3.0))
    assert seen == [(9.0, 0.0), *((30.0, temperature) for temperature in TEMPERATURES)]
    assert result is best


def test_repetition_is_worse_than_low_probability() -> None:
    climbing = task(28)
    repeated, unlikely = decoded("so " * 200, logprob=-0.1), decoded(logprob=-2.0)
    results = [climbing.judge(repeated), *(climbing.judge(unlikely) for _ in range(5))]
    assert results[:5] == [None] * 5
    assert results[5] is unlikely


def test_a_given_temperature_is_kept() -> None:
    assert [task(28, temperature=0.4).judge(decoded(logprob=-3.0)) is not None] == [True]


def test_an_unlikely_text_where_there_is_no_speech_is_silence() -> None:
    options = TranscribeOptions()
    assert decoded(logprob=-1.5, no_speech=0.9).is_silence(options)
    assert not decoded(logprob=-0.5, no_speech=0.9).is_silence(options)
    assert not decoded(logprob=-1.5, no_speech=0.3).is_silence(options)


def test_speech_that_was_skipped_is_decoded_again() -> None:
    window = Window(16_000, np.zeros(20 * 16_000, np.float32), ((16_000, 5 * 16_000), (8 * 16_000, 21 * 16_000)))
    first, second, third = WindowSegment(0, 4, 0, ()), WindowSegment(7, 12, 5, ()), WindowSegment(15, 20, 9, ())
    assert pieces_before_loss([first, second], window) == [first, second]
    assert pieces_before_loss([first, second, third], window) == [first, second]
