"""One client's texts on the synthesizer's thread: they wait here, are said in order, and are answered."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from speech.errors import SpeechError
from speech.synthesize import Chunk, Speaker
from speech.types import SPEECH_RATE_HZ

Float = NDArray[np.float32]

NO_AUDIO: Float = np.empty(0, np.float32)


class SpeechReply(Protocol):
    """Answers one request (speech/serving.py: over Triton)."""

    def send(self, index: int, event: dict[str, Any], text: str, audio: Float) -> None: ...
    def fail(self, error: SpeechError) -> None: ...
    def close(self) -> None: ...
    def is_cancelled(self) -> bool: ...


@dataclass
class Saying:
    """A text to say, or (without a speaker) only an event to send back in its turn."""

    text: str
    event: dict[str, Any] | None
    speaker: Speaker | None
    reply: SpeechReply


class Speaking:
    """State of one sequence of texts, or of a single one; `speak` is speech/synthesize.py with its engine."""

    def __init__(self, speak: Callable[[str, Speaker], Iterator[Chunk | None]], first_index: int = 0) -> None:
        self._speak = speak
        self._next_index = first_index
        self._responses = itertools.count()
        self._early: dict[int, Saying] = {}
        self._queue: deque[Saying] = deque()
        self._chunks: Iterator[Chunk | None] | None = None
        self._duration_s = 0.0
        self.touched = time.monotonic()
        self.runs_dry = self.touched
        """When (time.monotonic()) a listener who plays at once has heard all that was sent."""

    @property
    def busy(self) -> bool:
        return bool(self._queue)

    def push(self, index: int, saying: Saying) -> None:
        """Take a text in. Triton may deliver an ensemble's texts out of order: `index` puts them right."""
        self.touched = time.monotonic()
        self._early[index] = saying
        while (following := self._early.pop(self._next_index, None)) is not None:
            self._next_index += 1
            self._take(following)

    def _take(self, saying: Saying) -> None:
        """Events go back at once, but a `done` waits until all before it is said."""
        if saying.event is not None and saying.event.get("type") != "done":
            self._answer(saying, saying.event)
            saying.event = None
        if saying.speaker is None and saying.event is None:
            saying.reply.close()
            return
        self._queue.append(saying)

    def step(self) -> None:
        """A fraction of a second's work on the text whose turn it is."""
        saying = self._queue[0]
        if saying.speaker is None:
            assert saying.event is not None
            self._answer(saying, saying.event)
            self._next()
            return
        if self._chunks is None:
            self._chunks, self._duration_s = self._speak(saying.text, saying.speaker), 0.0
        for chunk in self._chunks:
            if chunk is not None:
                self._send(saying, chunk)
            return
        speaker = saying.speaker
        done = {
            "type": "audio_done",
            "duration": round(self._duration_s, 3),
            "voice": speaker.voice.name,
            "language": speaker.language,
        }
        self._answer(saying, done)
        self._next()

    def _send(self, saying: Saying, chunk: Chunk) -> None:
        event: dict[str, Any] = {"type": "audio", "id": chunk.id, "start": round(chunk.start, 3)}
        text = ""
        if chunk.utterance is not None:
            text = chunk.utterance.text
            event |= {"text": text, "text_start": chunk.utterance.start, "text_end": chunk.utterance.end}
            event["words"] = [asdict(word) for word in chunk.words]
        self._answer(saying, event, text, chunk.pcm)
        duration_s = len(chunk.pcm) / SPEECH_RATE_HZ
        self._duration_s += duration_s
        self.runs_dry = max(self.runs_dry, time.monotonic()) + duration_s

    def _answer(self, saying: Saying, event: dict[str, Any], text: str = "", audio: Float = NO_AUDIO) -> None:
        saying.reply.send(next(self._responses), event, text, audio)
        self.touched = time.monotonic()

    def _next(self) -> None:
        self._queue.popleft().reply.close()
        self._chunks = None

    def is_cancelled(self) -> bool:
        return bool(self._queue) and self._queue[0].reply.is_cancelled()

    def fail(self, error: SpeechError) -> None:
        """Tell whoever is answered now, and let go of everything."""
        if self._queue:
            self._queue[0].reply.fail(error)
        self.close()

    def close(self) -> None:
        """Complete every open request; nothing more is said."""
        for saying in (*self._queue, *self._early.values()):
            saying.reply.close()
        self._queue.clear()
        self._early.clear()
        self._chunks = None
