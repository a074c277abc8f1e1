"""A file as a stream: cut into windows that are decoded side by side, and sent segment by segment."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from speech.engines import Engine
from speech.hearing.admission import Urgency
from speech.hearing.stream import Stream
from speech.hearing.transcription import Transcription
from speech.hearing.vad import SpeechLevels, Vad
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import Decoded, DetectedLanguage, WindowTask
from speech.hearing.windows import Windower
from speech.types import INPUT_RATE_HZ, TranscribeOptions

Float = NDArray[np.float32]

MAX_PARALLEL = 4
"""Windows of one file that are decoded at a time."""


class FileStream(Stream):
    """A stream whose windows are as long as possible."""

    def __init__(
        self,
        whisper: Whisper,
        vad: Engine,
        options: TranscribeOptions,
        on_closed: Callable[[], None],
        duration_s: float = 0.0,
    ) -> None:
        super().__init__(whisper, options, on_closed, duration_s)
        self._transcription = Transcription(whisper, options, DetectedLanguage.expected(whisper, options))
        self._vad = Vad(vad)
        self._windower = Windower(SpeechLevels.of(options.vad_threshold))
        self._tasks: deque[WindowTask] = deque()

    @property
    def language(self) -> DetectedLanguage:
        return self._transcription.language

    @property
    def urgency(self) -> Urgency | None:
        """The first window is decoded alone; each finished window allows one more in flight, up to MAX_PARALLEL."""
        finished = self._transcription.finished_windows
        if self.in_flight >= min(MAX_PARALLEL, 1 + finished) or not (self._tasks or self._windower.has_ready):
            return None
        return Urgency.REST if finished else Urgency.FIRST

    @property
    def _waiting(self) -> int:
        return self._windower.buffered

    @property
    def _exhausted(self) -> bool:
        return not self._tasks and self._windower.done

    def _hear(self, pcm: Float) -> None:
        self._windower.push(pcm, self._vad.push(pcm))

    def _end(self) -> None:
        self._windower.end(self._vad.flush())

    def _next_task(self) -> WindowTask:
        if self._tasks:
            return self._tasks.popleft()
        window = self._windower.pop()
        assert window is not None
        return self._transcription.start(window)

    def _settle(self, task: WindowTask, decoded: Decoded | None) -> None:
        if decoded is None:
            self._tasks.append(task)
            return
        rest, complete_s = self._transcription.finish(task, decoded)
        if rest is not None:
            self._tasks.append(rest)
        if task.window.open:
            self._windower.resume(task.window.start + round(complete_s * INPUT_RATE_HZ))

    def _tell(self) -> None:
        for segment in self._transcription.ready():
            self._send(segment)
