"""The endpointer: a pure state machine over speech probabilities."""

import functools
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from speech.hearing.endpointing import (
    PARTIAL_INTERVAL,
    Endpointer,
    Moment,
    PartialDue,
    UtteranceEnded,
    UtteranceStarted,
)
from speech.hearing.vad import VAD_FRAME, SpeechLevels
from speech.hearing.windows import MIN_SPEECH, PAD
from speech.types import LiveOptions

Float = NDArray[np.float32]

RATE = 16_000
SECOND = RATE // VAD_FRAME


def probabilities(*stretches: tuple[float, float]) -> Float:
    """One value for each frame, from stretches of (seconds, probability)."""
    return np.concatenate([np.full(round(s * RATE / VAD_FRAME), p, np.float32) for s, p in stretches])


def hear(values: Float, chunk: int = 10, sound: Float | None = None, **options: float) -> list[Moment]:
    """All moments of a stream in chunks of `chunk` frames. By default each sample's value is its position."""
    endpointer = Endpointer(replace(LiveOptions(), **options))  # type: ignore[arg-type]
    if sound is None:
        sound = np.arange(len(values) * VAD_FRAME, dtype=np.float32)
    moments: list[Moment] = []
    for at in range(0, len(values), chunk):
        part = values[at : at + chunk]
        moments += endpointer.push(sound[at * VAD_FRAME : (at + len(part)) * VAD_FRAME], part)
    return moments + endpointer.end(np.zeros(0, np.float32))


def test_the_levels_decide_what_is_speech() -> None:
    endpointer = Endpointer(LiveOptions(), SpeechLevels.of(0.3))
    values = probabilities((1, 0), (3, 0.4), (2, 0))
    (utterance,) = ended(endpointer.push(np.zeros(len(values) * VAD_FRAME, np.float32), values))
    assert abs(seconds(utterance.end - utterance.start) - 3) <= 0.1
    assert hear(values) == []


def ended(moments: list[Moment]) -> list[UtteranceEnded]:
    return [moment for moment in moments if isinstance(moment, UtteranceEnded)]


def seconds(samples: int) -> float:
    return samples / RATE


def test_an_utterance_ends_after_the_endpoint_silence_and_has_sound_around_it() -> None:
    values = probabilities((2, 0), (3, 1), (2, 0))
    moments = hear(values)
    started, *partials, utterance = moments
    assert isinstance(started, UtteranceStarted) and isinstance(utterance, UtteranceEnded)
    assert abs(seconds(started.start) - 2) < 0.04
    assert abs(seconds(utterance.end) - 5) < 0.04
    assert utterance.window.start == utterance.window.pcm[0] == utterance.start - PAD
    assert utterance.window.end == utterance.end + PAD
    assert utterance.window.speech == ((utterance.start, utterance.end),)
    assert not utterance.cut
    assert all(isinstance(partial, PartialDue) for partial in partials)


def test_the_endpoint_is_decided_by_the_sound_alone() -> None:
    """The frame that completes the silence ends the utterance."""
    for silence_s in (0.1, 0.5, 3.0):
        endpointer = Endpointer(LiveOptions(endpoint_silence_s=silence_s))
        endpointer.push(np.ones(SECOND * VAD_FRAME, np.float32), np.ones(SECOND, np.float32))
        frames = -(-round(silence_s * RATE) // VAD_FRAME)
        quiet = np.zeros(frames - 1, np.float32)
        assert ended(endpointer.push(np.zeros(len(quiet) * VAD_FRAME, np.float32), quiet)) == []
        assert len(ended(endpointer.push(np.zeros(VAD_FRAME, np.float32), np.zeros(1, np.float32)))) == 1


def test_a_pause_shorter_than_the_endpoint_is_inside() -> None:
    values = probabilities((2, 1), (0.7, 0), (2, 1), (2, 0))
    assert len(ended(hear(values, endpoint_silence_s=1.0))) == 1
    assert len(ended(hear(values, endpoint_silence_s=0.5))) == 2
    (utterance,) = ended(hear(values, endpoint_silence_s=1.0))
    assert len(utterance.window.speech) == 2


def test_clicks_open_no_utterance() -> None:
    click = (MIN_SPEECH / RATE - 0.032, 1.0)
    assert hear(probabilities((1, 0), click, (0.4, 0), click, (0.4, 0), click, (1, 0))) == []


def test_partials_are_due_at_positions() -> None:
    due = [moment.end for moment in hear(probabilities((1, 0), (15, 1))) if isinstance(moment, PartialDue)]
    (start,) = [moment.start for moment in hear(probabilities((1, 0), (15, 1))) if isinstance(moment, UtteranceStarted)]
    assert abs(due[0] - start - PARTIAL_INTERVAL) <= VAD_FRAME
    steps = [after - before for before, after in pairwise(due)]
    assert steps[:5] == [PARTIAL_INTERVAL] * 5
    assert PARTIAL_INTERVAL < steps[-1] < 2 * PARTIAL_INTERVAL


def test_silence_keeps_nothing_and_makes_no_partials() -> None:
    endpointer = Endpointer(LiveOptions())
    for _ in range(100):
        assert endpointer.push(np.zeros(SECOND * VAD_FRAME, np.float32), np.zeros(SECOND, np.float32)) == []
        assert endpointer.buffered < 2 * RATE


def test_what_is_final_is_forgotten() -> None:
    endpointer = Endpointer(LiveOptions(max_utterance_s=10))
    for _ in range(120):
        endpointer.push(np.ones(SECOND * VAD_FRAME, np.float32), np.ones(SECOND, np.float32))
        assert endpointer.buffered < 12 * RATE


@pytest.mark.parametrize(("pause_s", "at_s"), [(0.29, 7.0), (0.2, 8.0), (0.1, 9.7)])
def test_an_utterance_that_gets_too_long_is_cut_at_a_pause(pause_s: float, at_s: float) -> None:
    """The later the pause, the shorter it may be. An earlier pause of that length is not cut at."""
    values = probabilities((3, 1), (0.4, 0), (2.8, 1), (0.1, 0), (at_s - 6.3, 1), (pause_s, 0), (4, 1), (1, 0))
    first, second = ended(hear(values, max_utterance_s=10))
    assert first.cut and not second.cut
    assert abs(seconds(first.end) - at_s) < 0.07
    assert abs(seconds(second.start) - at_s - pause_s) < 0.07
    assert first.window.end <= second.window.start


def test_without_a_pause_it_is_cut_where_it_is_quietest() -> None:
    values = probabilities((16, 1))
    sound = np.random.default_rng(0).normal(scale=0.1, size=len(values) * VAD_FRAME).astype(np.float32)
    sound[int(9.5 * RATE) : int(9.6 * RATE)] = 0
    first, second = ended(hear(values, sound=sound, max_utterance_s=10))
    assert 9.5 <= seconds(first.end) <= 9.6
    assert second.start == first.end
    assert second.window.start == first.window.end


_STRETCHES = st.lists(st.tuples(st.floats(0.03, 9), st.sampled_from([0.0, 0.4, 1.0])), min_size=1, max_size=14)


@settings(max_examples=60, deadline=None)
@given(_STRETCHES, st.integers(1, 400), st.floats(0.1, 3), st.floats(1, 28))
def test_chunks_do_not_matter_and_no_speech_is_lost_or_doubled(
    stretches: list[tuple[float, float]], chunk: int, silence_s: float, longest_s: float
) -> None:
    values = probabilities(*stretches)
    hearing = functools.partial(hear, values, endpoint_silence_s=silence_s, max_utterance_s=longest_s)
    moments, whole = hearing(chunk), hearing(len(values) or 1)
    assert [_plain(moment) for moment in moments] == [_plain(moment) for moment in whole]
    utterances = ended(moments)
    assert [utterance.id for utterance in utterances] == list(range(len(utterances)))
    assert [m.id for m in moments if isinstance(m, UtteranceStarted)] == [utterance.id for utterance in utterances]
    covered = np.zeros(len(values) * VAD_FRAME, bool)
    for utterance in utterances:
        window = utterance.window
        assert window.start <= utterance.start < utterance.end <= window.end
        assert len(window.pcm) <= longest_s * RATE + VAD_FRAME
        assert window.pcm[0] == window.start
        assert utterance.end - utterance.start >= MIN_SPEECH
        covered[window.start : window.end] = True
    for before, after in pairwise(utterances):
        assert before.window.end <= after.window.start
    for partial in moments:
        if isinstance(partial, PartialDue):
            assert utterances[partial.id].window.end >= min(partial.certain, partial.end)
    for run in _runs(values >= 0.5):
        missing = ~covered[run.start * VAD_FRAME : run.stop * VAD_FRAME]
        # What a cut leaves of a word may be too short to be one.
        assert missing.sum() < MIN_SPEECH


def _plain(moment: Moment) -> tuple[object, ...]:
    if not isinstance(moment, UtteranceEnded):
        return (moment,)
    window = moment.window
    return moment.id, moment.start, moment.end, moment.cut, window.start, len(window.pcm), window.speech


def _runs(mask: NDArray[np.bool_]) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
