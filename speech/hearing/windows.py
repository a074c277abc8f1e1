"""Cuts a stream of sound into windows for the encoder: at pauses where there are any, at 30 s where there are none.

A pure state machine: the same sound gives the same windows, whatever the chunks it came in.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speech.hearing.audio_buffer import AudioBuffer
from speech.hearing.features import WINDOW_S
from speech.hearing.vad import VAD_FRAME
from speech.types import INPUT_RATE_HZ

Float = NDArray[np.float32]

SPEECH_STARTS, SPEECH_ENDS = 0.5, 0.35
"""Probabilities that open and close a stretch of speech (Silero's defaults: threshold, and 0.15 below it)."""
WINDOW = WINDOW_S * INPUT_RATE_HZ
PAUSE = 8 * VAD_FRAME
"""Silence that ends a stretch of speech, 0.26 s: a safe place to cut."""
LONG_PAUSE = 3 * INPUT_RATE_HZ
"""Silence that always ends a window: encoding it would cost as much as a new window's padding."""
MIN_SPEECH = 4 * VAD_FRAME
PAD = 6_400
"""Sound kept around speech, 0.4 s: the VAD is late at soft beginnings and early at soft ends."""


@dataclass(frozen=True)
class Window:
    """At most 30 s of sound to decode; positions are samples from the start of the stream.

    `speech` lists its stretches. An `open` window ends inside speech: the next one starts where its text ends.
    """

    start: int
    pcm: Float
    speech: tuple[tuple[int, int], ...]
    open: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.pcm)

    def speech_s(self, start_s: float, end_s: float) -> float:
        """Seconds of speech between two times, given in seconds from the start of the window."""
        start, end = (self.start + seconds * INPUT_RATE_HZ for seconds in (start_s, end_s))
        return sum(max(0, min(stop, end) - max(begin, start)) for begin, stop in self.speech) / INPUT_RATE_HZ

    def after(self, position: int) -> Window:
        """The rest of this window from `position` on."""
        speech = tuple((max(start, position), end) for start, end in self.speech if end > position)
        return Window(position, self.pcm[position - self.start :], speech, self.open)


class Windower:
    """Sound and its speech probabilities in, windows out."""

    def __init__(self) -> None:
        self._audio = AudioBuffer()
        self._heard = 0
        self._floor = 0
        self._decoded = 0
        self._stretches: list[tuple[int, int]] = []
        self._since: int | None = None
        self._quiet_from: int | None = None
        self._ended = False
        self._waiting = False
        self._ready: deque[Window] = deque()

    @property
    def waiting(self) -> bool:
        """Whether the next cut depends on where the text of the last window ends (`resume`)."""
        return self._waiting

    @property
    def has_ready(self) -> bool:
        return bool(self._ready)

    @property
    def done(self) -> bool:
        """Whether the sound has ended and every window of it was taken."""
        return self._ended and not self._ready and not self._waiting and not self._stretches

    @property
    def buffered(self) -> int:
        """Samples that are kept: not yet cut, or in windows that were not yet taken."""
        return len(self._audio) + sum(len(window.pcm) for window in self._ready)

    def push(self, pcm: Float, probabilities: Float) -> None:
        """Take sound [samples] and the probabilities of the frames that it completes."""
        self._audio.push(pcm)
        for probability in probabilities.tolist():
            self._hear(probability)

    def end(self, probabilities: Float) -> None:
        """No more sound comes."""
        for probability in probabilities.tolist():
            self._hear(probability)
        if self._since is not None:
            self._close(min(self._quiet_from or self._audio.end, self._audio.end))
        self._ended = True
        self._cut()

    def resume(self, position: int) -> None:
        """The text of the last, open window ends at `position`; go on from there."""
        self._waiting = False
        self._forget(position)
        if self._stretches:
            self._drop_sliver()
        self._cut()

    def pop(self) -> Window | None:
        return self._ready.popleft() if self._ready else None

    def _hear(self, probability: float) -> None:
        start, self._heard = self._heard, self._heard + VAD_FRAME
        if self._since is None:
            if probability >= SPEECH_STARTS:
                self._since, self._quiet_from = start, None
        elif probability >= SPEECH_ENDS:
            self._quiet_from = None
        else:
            self._quiet_from = start if self._quiet_from is None else self._quiet_from
            if self._heard - self._quiet_from >= PAUSE:
                self._close(self._quiet_from)
        self._cut()

    def _close(self, end: int) -> None:
        assert self._since is not None
        start = max(self._since, self._floor)
        trimmed = self._since < self._floor
        if end - start >= MIN_SPEECH or (trimmed and end > start):
            self._stretches.append((start, end))
            if trimmed:
                self._drop_sliver()
        self._since = self._quiet_from = None

    def _cut(self) -> None:
        while not self._waiting and self._cut_one():
            pass

    def _cut_one(self) -> bool:
        """Emit the next window if what was heard decides it."""
        stretches = list(self._stretches)
        if self._since is not None:
            stretches.append((max(self._since, self._floor), self._heard))
        if not stretches:
            self._audio.drop(self._heard - PAD)
            return False
        start = max(stretches[0][0] - PAD, self._floor)
        limit = start + WINDOW
        closed = len(self._stretches)
        # A pause counts when it was certain before the limit, and up to there; so an early and a late look agree.
        pauses = [
            (end, min(limit, stretches[i + 1][0] if i + 1 < len(stretches) else self._heard))
            for i, (_, end) in enumerate(self._stretches)
            if end + PAUSE <= limit
        ]
        for count, (end, following) in enumerate(pauses, start=1):
            if following - end >= LONG_PAUSE and end + LONG_PAUSE <= limit:
                return self._emit(start, end, following, count)
        if self._heard >= limit:
            # Long windows give Whisper context and cost less padding.
            late = [pause for pause in pauses if pause[0] >= start + WINDOW * 2 // 3]
            if not pauses:
                return self._emit_open(start, limit, stretches)
            end, following = max(late or pauses, key=lambda pause: pause[1] - pause[0])
            return self._emit(start, end, following, 1 + pauses.index((end, following)))
        if self._ended and closed:
            return self._emit(start, stretches[-1][1], self._audio.end + PAD, closed)
        return False

    def _emit(self, start: int, end: int, following: int, count: int) -> bool:
        stop = min(end + min(PAD, (following - end) // 2), self._audio.end, start + WINDOW)
        self._ready.append(Window(start, self._audio.copy(start, stop), tuple(self._stretches[:count])))
        self._forget(stop)
        return True

    def _emit_open(self, start: int, limit: int, stretches: list[tuple[int, int]]) -> bool:
        # Early or late, the same: an end that was not certain before the limit is none.
        speech = tuple((begin, end if end + PAUSE <= limit else limit) for begin, end in stretches if begin < limit)
        self._ready.append(Window(start, self._audio.copy(start, limit), speech, open=True))
        self._waiting = True
        self._decoded = limit
        return False

    def _forget(self, position: int) -> None:
        self._floor = position
        self._stretches = [(max(start, position), end) for start, end in self._stretches if end > position]
        self._audio.drop(position)

    def _drop_sliver(self) -> None:
        """Forget what is left of a stretch after a decoded window's text if it is too short to be a word of its own.

        It belongs to the last word; alone it would be heard as a new one.
        """
        start, end = self._stretches[0]
        if start == self._floor and end <= self._decoded and end - start < PAD:
            del self._stretches[0]
