"""Windows of one file, put back in order: a real tokenizer, results that the test makes up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from speech.engines import EngineStore
from speech.hearing.decoding import Hypothesis
from speech.hearing.transcription import Transcription
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import Decoded, DetectedLanguage, WindowTask
from speech.hearing.windows import Window
from speech.types import TranscribeOptions

RATE = 16_000


@pytest.fixture(scope="module")
def whisper(engines_dir: Path) -> Whisper:
    return Whisper.load(EngineStore(engines_dir).open("whisper-tiny.en"))


Result = Callable[..., Decoded]


@pytest.fixture(scope="module")
def result(whisper: Whisper) -> Result:
    def result(*parts: str | float, logprob: float = -0.2, no_speech: float = 0.0, ended: bool = True) -> Decoded:
        """A result made of texts and, as numbers, timestamps in seconds."""
        tokens: list[int] = []
        for part in parts:
            if isinstance(part, str):
                tokens += whisper.tokenizer.encode(part)
            else:
                tokens.append(whisper.tokenizer.timestamp_begin + round(part / 0.02))
        hypothesis = Hypothesis(tokens, [logprob] * (len(tokens) + 1), ended=ended)
        return Decoded(hypothesis, whisper.tokenizer.decode(tokens).strip(), 0.0, no_speech)

    return result


@pytest.fixture
def transcription(whisper: Whisper) -> Transcription:
    return Transcription(whisper, TranscribeOptions(), DetectedLanguage("en", 1.0))


def window(start_s: float, seconds: float, **fields: Any) -> Window:
    """A window that holds nothing but speech."""
    start, stop = round(start_s * RATE), round((start_s + seconds) * RATE)
    return Window(start, np.zeros(stop - start, np.float32), ((start, stop),), **fields)


def ready(transcription: Transcription) -> list[tuple[int, float, float, str]]:
    return [(segment.id, segment.start, segment.end, segment.text) for segment in transcription.ready()]


def test_segments_come_in_the_order_of_the_audio(transcription: Transcription, result: Result) -> None:
    first, second = transcription.start(window(1, 4)), transcription.start(window(10, 4))
    assert transcription.finish(second, result(0.0, " Three.", 4.0)) == (None, 4.0)
    assert ready(transcription) == []
    transcription.finish(first, result(0.0, " One.", 2.0, 2.5, " Two.", 4.0))
    assert ready(transcription) == [(0, 1.0, 3.0, " One."), (1, 3.5, 5.0, " Two."), (2, 10.0, 14.0, " Three.")]
    assert ready(transcription) == []


def test_silence_has_no_segment_and_holds_nothing_up(transcription: Transcription, result: Result) -> None:
    first, second = transcription.start(window(0, 4)), transcription.start(window(10, 4))
    transcription.finish(second, result(0.0, " One.", 4.0))
    transcription.finish(first, result(0.0, " Thanks for watching.", 4.0, logprob=-2.0, no_speech=0.9))
    assert [text for *_, text in ready(transcription)] == [" One."]


def test_speech_that_was_lost_at_the_end_is_a_further_window(transcription: Transcription, result: Result) -> None:
    first, second = transcription.start(window(1, 10)), transcription.start(window(20, 4))
    rest, _ = transcription.finish(first, result(0.0, " One.", 4.0))
    assert isinstance(rest, WindowTask)
    assert (rest.window.start, rest.window.end) == (5 * RATE, 11 * RATE)
    transcription.finish(second, result(0.0, " Three.", 4.0))
    assert [text for *_, text in ready(transcription)] == [" One."]
    assert transcription.finish(rest, result(0.0, " Two.", 6.0)) == (None, 6.0)
    assert ready(transcription) == [(1, 5.0, 11.0, " Two."), (2, 20.0, 24.0, " Three.")]


def test_an_open_window_says_where_its_text_is_complete(transcription: Transcription, result: Result) -> None:
    task = transcription.start(window(0, 30, open=True))
    assert transcription.finish(task, result(0.0, " One.", 20.0, 20.0, " Two and", 30.0)) == (None, 20.0)
    assert ready(transcription) == [(0, 0.0, 20.0, " One.")]


def test_a_segment_that_a_limit_cut_off_is_decoded_again(transcription: Transcription, result: Result) -> None:
    task = transcription.start(window(0, 10))
    rest, _ = transcription.finish(task, result(0.0, " One.", 4.0, 4.0, " Two and", ended=False))
    assert rest is not None and rest.window.start == 4 * RATE
    assert ready(transcription) == [(0, 0.0, 4.0, " One.")]


def test_a_prefix_stays_where_nothing_else_is_heard(transcription: Transcription, result: Result) -> None:
    given = result(0.0, " One").hypothesis
    task = transcription.start(window(0, 2), given)
    unlikely = result(0.0, " One two three", logprob=-2.0, no_speech=0.9)
    assert transcription.finish(task, unlikely)[0] is None
    assert [text for *_, text in ready(transcription)] == [" One"]
