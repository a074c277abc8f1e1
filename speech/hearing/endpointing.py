"""Endpointing of live audio: when an utterance begins, when a partial result is due, and where the utterance ends.

A pure state machine over positions in the audio, without an engine or a clock: the same audio gives the same moments,
however it is divided into chunks. All positions are samples from the start of the stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from speech.hearing.audio_buffer import AudioBuffer
from speech.hearing.vad import DEFAULT_LEVELS, VAD_FRAME, SpeechLevels
from speech.hearing.windows import MIN_SPEECH, PAD, PAUSE, Window
from speech.types import INPUT_RATE_HZ, LiveOptions

Float = NDArray[np.float32]

PARTIAL_INTERVAL = 8 * INPUT_RATE_HZ // 10
"""Samples from one partial result to the next, 0.8 s.

It is a tenth of the utterance if that is more, because each partial result decodes all of it.
"""
MIN_PAUSE = 2 * VAD_FRAME
"""Samples of the shortest pause, 64 ms, at which an utterance that is almost too long is cut."""
CUT_RANGE = INPUT_RATE_HZ
"""Samples at the end of a too long utterance, 1 s, within which it is cut if it has no pause."""


@dataclass(frozen=True)
class UtteranceStarted:
    """An utterance begins: its speech starts at position `start`."""

    id: int
    start: int


@dataclass(frozen=True)
class PartialDue:
    """A partial result is due for the utterance up to position `end`.

    Audio after position `certain` may still become part of the next utterance.
    """

    id: int
    end: int
    certain: int


@dataclass(frozen=True)
class UtteranceEnded:
    """An utterance ends at position `end`, because of a pause or (`cut`) because it got too long.

    `window` is its audio and PAD around it.
    """

    id: int
    start: int
    end: int
    cut: bool
    window: Window


Moment = UtteranceStarted | PartialDue | UtteranceEnded
"""Something that the endpointer decides."""


class Endpointer:
    """Takes audio and its speech probabilities, and gives moments. Keeps the audio of one utterance at most."""

    def __init__(self, options: LiveOptions, levels: SpeechLevels = DEFAULT_LEVELS) -> None:
        self._levels = levels
        self._endpoint_silence = -(-round(options.endpoint_silence_s * INPUT_RATE_HZ) // VAD_FRAME) * VAD_FRAME
        self._max_length = round(options.max_utterance_s * INPUT_RATE_HZ)
        self._audio = AudioBuffer()
        self._position = 0
        self._earliest = 0
        self._id = 0
        self._moments: list[Moment] = []
        self._reset()

    def _reset(self) -> None:
        self._speech_start: int | None = None
        self._speaking = False
        self._silence = 0
        self._probabilities: list[float] = []
        self._next_partial = 0

    @property
    def buffered(self) -> int:
        """Number of samples that are kept."""
        return len(self._audio)

    def push(self, pcm: Float, probabilities: Float) -> list[Moment]:
        """Take audio, float32 [samples], and the VAD's probabilities, float32 [frames], of the frames it completes."""
        self._audio.push(pcm)
        for probability in probabilities.tolist():
            self._advance(probability)
        return self._take_moments()

    def end(self, probabilities: Float) -> list[Moment]:
        """End the stream. `probabilities`, float32 [frames], are the last ones."""
        for probability in probabilities.tolist():
            self._advance(probability)
        if self._speaking:
            end = min(self._position - self._silence, self._audio.end)
            self._finish(end, min(end + PAD, self._audio.end), cut=False)
        return self._take_moments()

    def window(self, end: int) -> Window:
        """The audio of the current utterance up to `end`, the position of a PartialDue."""
        start = self._window_start
        return Window(start, self._audio.copy(start, end), self._stretches(end))

    @property
    def _window_start(self) -> int:
        assert self._speech_start is not None
        return max(self._speech_start - PAD, self._earliest)

    def _take_moments(self) -> list[Moment]:
        moments, self._moments = self._moments, []
        return moments

    def _advance(self, probability: float) -> None:
        """Advance by one VAD frame."""
        start, self._position = self._position, self._position + VAD_FRAME
        if self._speech_start is None:
            if probability < self._levels.start:
                self._audio.drop(self._position - PAD)
                return
            self._speech_start = start
        self._probabilities.append(probability)
        self._silence = 0 if probability >= self._levels.end else self._silence + VAD_FRAME
        if self._speaking:
            self._continue()
        elif self._silence >= PAUSE:
            self._reset()  # a click or a cough
        elif VAD_FRAME * sum(frame >= self._levels.end for frame in self._probabilities) >= MIN_SPEECH:
            self._speaking = True
            self._next_partial = self._speech_start + PARTIAL_INTERVAL
            self._moments.append(UtteranceStarted(self._id, self._speech_start))

    def _continue(self) -> None:
        """Decide whether the utterance ends with the current frame, or a partial result is due."""
        assert self._speech_start is not None
        if self._silence >= self._endpoint_silence:
            end = self._position - self._silence
            self._finish(end, min(end + PAD, self._position), cut=False)
        elif self._may_cut_at_pause():
            self._finish(self._position - self._silence, self._position, cut=True)
        elif self._position - self._window_start >= self._max_length:
            self._cut()
        elif self._position >= self._next_partial and not self._silence:
            self._next_partial = self._position + max(PARTIAL_INTERVAL, (self._position - self._speech_start) // 10)
            self._moments.append(PartialDue(self._id, self._position, self._earliest_cut))

    def _finish(self, end: int, stop: int, *, cut: bool) -> None:
        """End the utterance at `end` and its window at `stop`."""
        assert self._speech_start is not None
        start = self._window_start
        window = Window(start, self._audio.copy(start, stop), self._stretches(end))
        self._moments.append(UtteranceEnded(self._id, self._speech_start, end, cut, window))
        self._id += 1
        self._earliest = stop
        self._audio.drop(stop)
        self._reset()

    def _may_cut_at_pause(self) -> bool:
        """Whether to cut at the current pause: the longer the utterance, the shorter the pause may be."""
        late = self._position - self._window_start - self._max_length * 2 // 3
        return late >= 0 and self._silence >= max(PAUSE - PAUSE * late // (self._max_length // 3), MIN_PAUSE)

    def _cut(self) -> None:
        """End the utterance where its last second is quietest; what follows begins the next one."""
        assert self._speech_start is not None
        start, probabilities = self._speech_start, self._probabilities
        first = (self._earliest_cut - start) // VAD_FRAME + 1
        audio = self._audio.copy(start + first * VAD_FRAME, min(self._position, self._audio.end))
        power = np.square(audio[: len(audio) // VAD_FRAME * VAD_FRAME].reshape(-1, VAD_FRAME)).mean(axis=1)
        at = first + 1 + int(np.convolve(power, np.ones(3), "valid").argmin())
        self._finish(start + at * VAD_FRAME, start + at * VAD_FRAME, cut=True)
        self._position = start + at * VAD_FRAME
        for probability in probabilities[at:]:
            self._advance(probability)

    @property
    def _earliest_cut(self) -> int:
        """The position before which an utterance without a pause is not cut."""
        return self._window_start + self._max_length - min(CUT_RANGE, self._max_length // 3)

    def _stretches(self, end: int) -> tuple[tuple[int, int], ...]:
        """The stretches of speech in the utterance up to `end`, as (start, end); they include pauses below PAUSE."""
        assert self._speech_start is not None
        stretches: list[tuple[int, int]] = []
        at = self._speech_start
        for speech, run in groupby(self._probabilities, lambda probability: probability >= self._levels.end):
            stop = at + VAD_FRAME * len(list(run))
            if speech and at < end:
                joined = bool(stretches) and at - stretches[-1][1] < PAUSE
                start = stretches.pop()[0] if joined else at
                stretches.append((start, min(stop, end)))
            at = stop
        return tuple(stretches)
