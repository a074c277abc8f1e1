"""Cuts a stream of audio into windows for the encoder: at pauses, or at 30 s where there is no pause.

A pure state machine: the same audio gives the same windows, however it is divided into chunks.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speech.hearing.audio_buffer import AudioBuffer
from speech.hearing.features import WINDOW_S
from speech.hearing.vad import DEFAULT_LEVELS, VAD_FRAME, SpeechLevels
from speech.types import INPUT_RATE_HZ

Float = NDArray[np.float32]

WINDOW = WINDOW_S * INPUT_RATE_HZ
"""Samples of the longest window, 30 s."""
PAUSE = 8 * VAD_FRAME
"""Samples of silence that end a stretch of speech, 0.26 s. Such a pause is a safe place to cut."""
LONG_PAUSE = 3 * INPUT_RATE_HZ
"""Samples of silence that always end a window, 3 s. Encoding more would cost as much as padding a new window."""
MIN_SPEECH = 4 * VAD_FRAME
"""Samples of the shortest stretch of speech, 0.13 s. What is shorter is a click or a cough."""
PAD = 6_400
"""Samples of audio kept before and after speech, 0.4 s: the VAD is late at soft beginnings and early at soft ends."""


@dataclass(frozen=True)
class Window:
    """At most 30 s of audio to decode. Positions are samples from the start of the stream.

    `pcm`: mono float32 [samples], 16 kHz. `speech` lists the stretches of speech in it, as (start, end) positions. An
    `open` window ends inside speech: the next one starts where its text ends.
    """

    start: int
    pcm: Float
    speech: tuple[tuple[int, int], ...]
    open: bool = False

    @property
    def end(self) -> int:
        """Position after the last sample."""
        return self.start + len(self.pcm)

    def speech_s(self, start_s: float, end_s: float) -> float:
        """Seconds of speech between two times, given in seconds from the start of the window."""
        start, end = (self.start + seconds * INPUT_RATE_HZ for seconds in (start_s, end_s))
        return sum(max(0, min(stop, end) - max(begin, start)) for begin, stop in self.speech) / INPUT_RATE_HZ

    def after(self, position: int) -> Window:
        """The part of this window from `position` on."""
        speech = tuple((max(start, position), end) for start, end in self.speech if end > position)
        return Window(position, self.pcm[position - self.start :], speech, self.open)


class Windower:
    """Takes audio and its speech probabilities, and gives windows.

    Keeps only audio that is not yet in a window that was taken.
    """

    def __init__(self, levels: SpeechLevels = DEFAULT_LEVELS) -> None:
        self._levels = levels
        self._audio = AudioBuffer()
        self._position = 0
        self._earliest = 0
        self._open_end = 0
        self._stretches: list[tuple[int, int]] = []
        self._speech_start: int | None = None
        self._silence_start: int | None = None
        self._ended = False
        self._waiting = False
        self._ready: deque[Window] = deque()

    @property
    def waiting(self) -> bool:
        """Whether the next cut depends on where the text of the last window ends (`resume`)."""
        return self._waiting

    @property
    def has_ready(self) -> bool:
        """Whether `pop` has a window to give."""
        return bool(self._ready)

    @property
    def done(self) -> bool:
        """Whether the stream has ended and all its windows were taken."""
        return self._ended and not self._ready and not self._waiting and not self._stretches

    @property
    def buffered(self) -> int:
        """Samples that are kept: those not yet in a window, and those in windows not yet taken."""
        return len(self._audio) + sum(len(window.pcm) for window in self._ready)

    def push(self, pcm: Float, probabilities: Float) -> None:
        """Take audio, float32 [samples], and the VAD's probabilities, float32 [frames], of the frames it completes."""
        self._audio.push(pcm)
        for probability in probabilities.tolist():
            self._advance(probability)

    def end(self, probabilities: Float) -> None:
        """End the stream. `probabilities`, float32 [frames], are the last ones."""
        for probability in probabilities.tolist():
            self._advance(probability)
        if self._speech_start is not None:
            self._close(min(self._silence_start or self._audio.end, self._audio.end))
        self._ended = True
        self._cut()

    def resume(self, position: int) -> None:
        """Continue from `position`, where the text of the last, open window ends."""
        self._waiting = False
        self._forget(position)
        if self._stretches:
            self._drop_sliver()
        self._cut()

    def pop(self) -> Window | None:
        """Take the next window, if one is ready."""
        return self._ready.popleft() if self._ready else None

    def _advance(self, probability: float) -> None:
        """Advance by one VAD frame."""
        start, self._position = self._position, self._position + VAD_FRAME
        if self._speech_start is None:
            if probability >= self._levels.start:
                self._speech_start, self._silence_start = start, None
        elif probability >= self._levels.end:
            self._silence_start = None
        else:
            self._silence_start = start if self._silence_start is None else self._silence_start
            if self._position - self._silence_start >= PAUSE:
                self._close(self._silence_start)
        self._cut()

    def _close(self, end: int) -> None:
        """End the current stretch of speech at `end`; ignore it if it is too short."""
        assert self._speech_start is not None
        start = max(self._speech_start, self._earliest)
        trimmed = self._speech_start < self._earliest
        if end - start >= MIN_SPEECH or (trimmed and end > start):
            self._stretches.append((start, end))
            if trimmed:
                self._drop_sliver()
        self._speech_start = self._silence_start = None

    def _cut(self) -> None:
        """Emit all windows whose ends can be decided."""
        while not self._waiting and self._cut_one():
            pass

    def _cut_one(self) -> bool:
        """Emit the next window if the audio so far decides where it ends. Returns whether there may be one more."""
        stretches = list(self._stretches)
        if self._speech_start is not None:
            stretches.append((max(self._speech_start, self._earliest), self._position))
        if not stretches:
            self._audio.drop(self._position - PAD)
            return False
        start = max(stretches[0][0] - PAD, self._earliest)
        limit = start + WINDOW
        closed = len(self._stretches)
        # Only what was certain at the limit counts, so that it does not matter how much audio has come since.
        pauses = [
            (end, min(limit, stretches[i + 1][0] if i + 1 < len(stretches) else self._position))
            for i, (_, end) in enumerate(self._stretches)
            if end + PAUSE <= limit
        ]
        for count, (end, following) in enumerate(pauses, start=1):
            if following - end >= LONG_PAUSE and end + LONG_PAUSE <= limit:
                return self._emit(start, end, following, count)
        if self._position >= limit:
            # Prefer a late pause: long windows give Whisper context and need less padding.
            late_pauses = [pause for pause in pauses if pause[0] >= start + WINDOW * 2 // 3]
            if not pauses:
                return self._emit_open(start, limit, stretches)
            end, following = max(late_pauses or pauses, key=lambda pause: pause[1] - pause[0])
            return self._emit(start, end, following, 1 + pauses.index((end, following)))
        if self._ended and closed:
            return self._emit(start, stretches[-1][1], self._audio.end + PAD, closed)
        return False

    def _emit(self, start: int, end: int, following: int, count: int) -> bool:
        """Emit a window with the first `count` stretches; its speech ends at `end`, the next begins at `following`."""
        stop = min(end + min(PAD, (following - end) // 2), self._audio.end, start + WINDOW)
        self._ready.append(Window(start, self._audio.copy(start, stop), tuple(self._stretches[:count])))
        self._forget(stop)
        return True

    def _emit_open(self, start: int, limit: int, stretches: list[tuple[int, int]]) -> bool:
        """Emit a window that ends inside speech, at `limit`."""
        # An end of speech that was not yet certain at the limit does not count, for the same reason as in _cut_one.
        speech = tuple((begin, end if end + PAUSE <= limit else limit) for begin, end in stretches if begin < limit)
        self._ready.append(Window(start, self._audio.copy(start, limit), speech, open=True))
        self._waiting = True
        self._open_end = limit
        return False

    def _forget(self, position: int) -> None:
        """Drop what lies before `position`; no later window starts before it."""
        self._earliest = position
        self._stretches = [(max(start, position), end) for start, end in self._stretches if end > position]
        self._audio.drop(position)

    def _drop_sliver(self) -> None:
        """Forget the rest of a stretch after an open window's text if it is too short to be a word.

        It belongs to the last word. Decoded alone it would give a word that nobody said.
        """
        start, end = self._stretches[0]
        if start == self._earliest and end <= self._open_end and end - start < PAD:
            del self._stretches[0]
