"""The attempts to decode a window, and the guards that judge their results."""

import numpy as np

from speech.hearing.decoding import Hypothesis
from speech.hearing.window_task import TEMPERATURES, Decoded, DetectedLanguage, WindowTask, all_attempts
from speech.hearing.windows import Window
from speech.types import TranscribeOptions


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
