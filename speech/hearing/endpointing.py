"""Live sound -> utterances: when speech begins, when it is worth a partial decode, and where it ends.

A pure state machine over positions in the sound: no engine, no clock. The same sound gives the same moments, whatever
the chunks it came in.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from speech.hearing.audio_buffer import AudioBuffer
from speech.hearing.vad import VAD_FRAME
from speech.hearing.windows import MIN_SPEECH, PAD, PAUSE, SPEECH_ENDS, SPEECH_STARTS, Window
from speech.types import INPUT_RATE_HZ, LiveOptions

Float = NDArray[np.float32]

PARTIAL = 8 * INPUT_RATE_HZ // 10
"""Sound between two partial decodes, 0.8 s; a tenth of the utterance if that is more, as each decodes all of it."""
BREATH = 2 * VAD_FRAME
"""Silence at which an utterance is cut when it is about to be too long."""
LAST = INPUT_RATE_HZ
"""Where an utterance without any pause is cut: inside the last second."""


@dataclass(frozen=True)
class Started:
    """Speech begins at sample `start`."""

    id: int
    start: int


@dataclass(frozen=True)
class PartialDue:
    """The utterance up to sample `end` is worth decoding; what lies after `certain` may become the next utterance's."""

    id: int
    end: int
    certain: int


@dataclass(frozen=True)
class Ended:
    """The utterance is over at sample `end`, or (`cut`) too long; `window` is its sound, with what is around it."""

    id: int
    start: int
    end: int
    cut: bool
    window: Window


Moment = Started | PartialDue | Ended


class Endpointer:
    """Sound and its speech probabilities in, moments out. Keeps the sound of one utterance at most."""

    def __init__(self, options: LiveOptions) -> None:
        self._endpoint = -(-round(options.endpoint_silence_s * INPUT_RATE_HZ) // VAD_FRAME) * VAD_FRAME
        self._longest = round(options.max_utterance_s * INPUT_RATE_HZ)
        self._audio = AudioBuffer()
        self._heard = 0
        self._floor = 0
        self._id = 0
        self._moments: list[Moment] = []
        self._reset()

    def _reset(self) -> None:
        self._onset: int | None = None
        self._speaking = False
        self._quiet = 0
        self._frames: list[float] = []
        self._next_partial = 0

    @property
    def buffered(self) -> int:
        """Samples that are kept."""
        return len(self._audio)

    def push(self, pcm: Float, probabilities: Float) -> list[Moment]:
        """Take sound [samples] and the probabilities of the frames that it completes."""
        self._audio.push(pcm)
        for probability in probabilities.tolist():
            self._hear(probability)
        return self._told()

    def end(self, probabilities: Float) -> list[Moment]:
        """No more sound comes."""
        for probability in probabilities.tolist():
            self._hear(probability)
        if self._speaking:
            end = min(self._heard - self._quiet, self._audio.end)
            self._finish(end, min(end + PAD, self._audio.end), cut=False)
        return self._told()

    def window(self, end: int) -> Window:
        """The sound of the utterance that is being spoken, up to a PartialDue's `end`."""
        start = self._window_start
        return Window(start, self._audio.copy(start, end), self._stretches(end))

    @property
    def _window_start(self) -> int:
        assert self._onset is not None
        return max(self._onset - PAD, self._floor)

    def _told(self) -> list[Moment]:
        told, self._moments = self._moments, []
        return told

    def _hear(self, probability: float) -> None:
        start, self._heard = self._heard, self._heard + VAD_FRAME
        if self._onset is None:
            if probability < SPEECH_STARTS:
                self._audio.drop(self._heard - PAD)
                return
            self._onset = start
        self._frames.append(probability)
        self._quiet = 0 if probability >= SPEECH_ENDS else self._quiet + VAD_FRAME
        if self._speaking:
            self._go_on()
        elif self._quiet >= PAUSE:
            self._reset()  # a click, a cough
        elif VAD_FRAME * sum(frame >= SPEECH_ENDS for frame in self._frames) >= MIN_SPEECH:
            self._speaking = True
            self._next_partial = self._onset + PARTIAL
            self._moments.append(Started(self._id, self._onset))

    def _go_on(self) -> None:
        assert self._onset is not None
        if self._quiet >= self._endpoint:
            end = self._heard - self._quiet
            self._finish(end, min(end + PAD, self._heard), cut=False)
        elif self._breathes():
            self._finish(self._heard - self._quiet, self._heard, cut=True)
        elif self._heard - self._window_start >= self._longest:
            self._cut()
        elif self._heard >= self._next_partial and not self._quiet:
            self._next_partial = self._heard + max(PARTIAL, (self._heard - self._onset) // 10)
            self._moments.append(PartialDue(self._id, self._heard, self._certain))

    def _finish(self, end: int, stop: int, *, cut: bool) -> None:
        assert self._onset is not None
        start = self._window_start
        window = Window(start, self._audio.copy(start, stop), self._stretches(end))
        self._moments.append(Ended(self._id, self._onset, end, cut, window))
        self._id += 1
        self._floor = stop
        self._audio.drop(stop)
        self._reset()

    def _breathes(self) -> bool:
        """Whether this is the pause to cut at: the longer the utterance is already, the shorter that may be."""
        late = self._heard - self._window_start - self._longest * 2 // 3
        return late >= 0 and self._quiet >= max(PAUSE - PAUSE * late // (self._longest // 3), BREATH)

    def _cut(self) -> None:
        """End the utterance where its last second is quietest, and hear what came after that as the next one."""
        assert self._onset is not None
        onset, frames = self._onset, self._frames
        first = (self._certain - onset) // VAD_FRAME + 1
        sound = self._audio.copy(onset + first * VAD_FRAME, min(self._heard, self._audio.end))
        power = np.square(sound[: len(sound) // VAD_FRAME * VAD_FRAME].reshape(-1, VAD_FRAME)).mean(axis=1)
        at = first + 1 + int(np.convolve(power, np.ones(3), "valid").argmin())
        self._finish(onset + at * VAD_FRAME, onset + at * VAD_FRAME, cut=True)
        self._heard = onset + at * VAD_FRAME
        for probability in frames[at:]:
            self._hear(probability)

    @property
    def _certain(self) -> int:
        """The position before which a cut without a pause cannot be."""
        return self._window_start + self._longest - min(LAST, self._longest // 3)

    def _stretches(self, end: int) -> tuple[tuple[int, int], ...]:
        """Where in the utterance, up to sample `end`, speech is: pauses shorter than PAUSE are part of it."""
        assert self._onset is not None
        stretches: list[tuple[int, int]] = []
        at = self._onset
        for speech, run in groupby(self._frames, lambda probability: probability >= SPEECH_ENDS):
            stop = at + VAD_FRAME * len(list(run))
            if speech and at < end:
                joined = bool(stretches) and at - stretches[-1][1] < PAUSE
                start = stretches.pop()[0] if joined else at
                stretches.append((start, min(stop, end)))
            at = stop
        return tuple(stretches)
