"""The windower: a pure state machine over speech probabilities."""

from itertools import pairwise

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from speech.hearing.vad import DEFAULT_LEVELS, VAD_FRAME, SpeechLevels
from speech.hearing.windows import LONG_PAUSE, PAD, WINDOW, Window, Windower

Float = NDArray[np.float32]

SECOND = 16_000 // VAD_FRAME


def probabilities(*stretches: tuple[float, float]) -> Float:
    """One value for each frame, from stretches of (seconds, probability)."""
    return np.concatenate([np.full(round(s * 16_000 / VAD_FRAME), p, np.float32) for s, p in stretches])


def cut(
    values: Float, chunk: int = 10, resume_at_s: float = 25.0, levels: SpeechLevels = DEFAULT_LEVELS
) -> list[Window]:
    """All windows of a stream; each sample's value is its position. Open windows resume at `resume_at_s`."""
    windower = Windower(levels)
    sound = np.arange(len(values) * VAD_FRAME, dtype=np.float32)
    windows: list[Window] = []

    def drain() -> None:
        while (window := windower.pop()) is not None:
            windows.append(window)
            if window.open:
                windower.resume(window.start + round(resume_at_s * 16_000))

    for at in range(0, len(values), chunk):
        part = values[at : at + chunk]
        windower.push(sound[at * VAD_FRAME : (at + len(part)) * VAD_FRAME], part)
        drain()
    windower.end(np.zeros(0, np.float32))
    drain()
    assert windower.done
    return windows


def test_silence_gives_nothing_and_keeps_nothing() -> None:
    windower = Windower()
    for _ in range(100):
        windower.push(np.zeros(SECOND * VAD_FRAME, np.float32), np.zeros(SECOND, np.float32))
    assert windower.buffered < 3 * 16_000
    windower.end(np.zeros(0, np.float32))
    assert windower.pop() is None
    assert windower.done


def test_speech_is_padded_and_its_samples_are_where_they_were() -> None:
    (window,) = cut(probabilities((2, 0), (5, 1), (10, 0)))
    assert not window.open
    assert window.pcm[0] == window.start
    ((start, end),) = window.speech
    assert start - window.start == PAD
    assert window.end - end == PAD
    assert abs(end - start - 5 * 16_000) <= 2 * VAD_FRAME


def test_the_levels_decide_what_is_speech() -> None:
    values = probabilities((1, 0), (3, 0.4), (2, 0))
    assert cut(values) == []
    (window,) = cut(values, levels=SpeechLevels.of(0.3))
    assert abs(window.speech[0][1] - window.speech[0][0] - 3 * 16_000) <= 2 * VAD_FRAME
    assert SpeechLevels.of(0.5) == DEFAULT_LEVELS == SpeechLevels(0.5, 0.35)
    assert SpeechLevels.of(0.1).end == 0.01


def test_a_long_pause_ends_a_window_and_a_short_one_does_not() -> None:
    assert len(cut(probabilities((3, 1), (2, 0), (3, 1)))) == 1
    assert len(cut(probabilities((3, 1), (LONG_PAUSE / 16_000 + 0.1, 0), (3, 1)))) == 2


def test_the_longest_late_pause_is_cut() -> None:
    first, second = cut(probabilities((10, 1), (1.5, 0), (9, 1), (0.9, 0), (6, 1), (0.5, 0), (9, 1)))
    assert abs(first.end / 16_000 - 20.95) < 0.5
    assert first.end <= second.start <= first.end + 16_000 * 0.2
    assert len(first.speech) == 2
    assert len(second.speech) == 2


def test_speech_without_a_pause_gives_open_windows_that_go_on_where_the_text_ends() -> None:
    windows = cut(probabilities((70, 1)), resume_at_s=25.0)
    assert [window.open for window in windows] == [True, True, False]
    assert [window.start / 16_000 for window in windows] == [0, 25, 50]
    assert all(len(window.pcm) == WINDOW for window in windows[:2])


def test_the_rest_of_a_window() -> None:
    (window,) = cut(probabilities((5, 1), (1, 0), (5, 1)))
    rest = window.after(window.start + 6 * 16_000)
    assert rest.start == window.start + 6 * 16_000
    assert rest.pcm[0] == rest.start
    assert len(rest.speech) == 1


_STRETCHES = st.lists(st.tuples(st.floats(0.03, 20), st.sampled_from([0.0, 0.4, 1.0])), min_size=1, max_size=14)


@example([(1.0, 0.0), (1.0, 1.0), (9.0, 0.4), (20.0, 0.4), (1.0, 0.0)], 1, 1.0)
@example([(1.0, 0.0), (10.5, 1.0), (20.0, 0.4), (1.0, 0.0)], 1, 1.0)
@settings(max_examples=60, deadline=None)
@given(_STRETCHES, st.integers(1, 400), st.floats(1.0, 30.0))
def test_chunks_do_not_matter_and_nothing_is_lost_or_doubled(
    stretches: list[tuple[float, float]], chunk: int, resume_at_s: float
) -> None:
    values = probabilities(*stretches)
    windows = cut(values, chunk, resume_at_s)
    whole = cut(values, len(values) or 1, resume_at_s)
    assert [(w.start, len(w.pcm), w.speech, w.open) for w in windows] == [
        (w.start, len(w.pcm), w.speech, w.open) for w in whole
    ]
    covered = np.zeros(len(values) * VAD_FRAME, bool)
    for window in windows:
        assert 0 < len(window.pcm) <= WINDOW
        assert window.pcm[0] == window.start
        covered[window.start : window.end] = True
    for before, after in pairwise(windows):
        if not before.open:
            assert after.start >= before.end
    for run in _runs(values >= 0.5):
        if run.stop - run.start >= 5:
            assert covered[run.start * VAD_FRAME : run.stop * VAD_FRAME].all()


def _runs(mask: NDArray[np.bool_]) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
