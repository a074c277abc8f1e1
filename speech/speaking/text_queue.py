"""One client's texts: they wait here, are said in order, and are answered."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from speech.contract import INDEX, SPEECH_TO_SPEECH, SYNTHESIZE, synthesize_options
from speech.errors import BadParameter, EngineUnusable, SpeechError
from speech.events import Audio, AudioDone, Done, Event, Failure, Progress
from speech.reading.scripts import foreign_language
from speech.speaking.synthesizer import AudioChunk, Speaker
from speech.types import OUTPUT_RATE_HZ, SynthesizeOptions

Float = NDArray[np.float32]

MUCH = 1_000
"""Characters, about a minute of speech, that wait to be said while `progress` events are held back: whoever feeds an
ensemble waits for those, and so sends no faster than is spoken."""
_LAST_EVENTS = {event.type for event in SPEECH_TO_SPEECH.last_events}


class SynthesisReply(Protocol):
    """Answers one request (speech/serving/replies.py: over Triton)."""

    def send(self, index: int, event: Event) -> None: ...
    def fail(self, error: SpeechError) -> None: ...
    def close(self) -> None: ...
    def is_cancelled(self) -> bool: ...


@dataclass(frozen=True)
class SynthesisRequest:
    """A request: a text to say, or none, and an event to send back, or none."""

    text: str
    event: Event | None
    parameters: Mapping[str, Any]
    reply: SynthesisReply


@dataclass(frozen=True)
class _Turn:
    """What waits to be said, or why it cannot be; or just an event."""

    request: SynthesisRequest
    speaker: Speaker
    skipped: str = ""
    detected: bool = False
    """The language is the one that was heard, and nobody has asked for it."""


class TextQueue:
    """State of one sequence of texts, or of a single one. One thread steps; the others may be called by any.

    `cast` finds the speaker for options, `speak` is speech/speaking/synthesizer.py with its engine.
    """

    def __init__(
        self, cast: Callable[[SynthesizeOptions], Speaker], speak: Callable[[str, Speaker], Iterator[AudioChunk | None]]
    ) -> None:
        self._cast = cast
        self._speak = speak
        self._lock = threading.RLock()
        self._parameters: Mapping[str, Any] = {}
        self._next_index = 0
        self._responses = itertools.count()
        self._early: dict[int, SynthesisRequest] = {}
        self._queue: deque[_Turn] = deque()
        self._held: deque[SynthesisRequest] = deque()
        self._chunks: Iterator[AudioChunk | None] | None = None
        self._duration_s = 0.0
        self._ended = False
        self._answers_events = False
        self.touched = time.monotonic()
        self.runs_dry = self.touched
        """When (time.monotonic()) a listener who plays at once has heard all that was sent."""

    @property
    def busy(self) -> bool:
        return bool(self._queue)

    @property
    def begun(self) -> bool:
        return self._next_index > 0

    @property
    def unfinished(self) -> bool:
        """Whether events before the last one have come, and more are to be expected."""
        return self._answers_events and not self._ended

    def push(self, index: int, request: SynthesisRequest) -> None:
        """Take a text in. Triton may deliver an ensemble's texts out of order: `index` puts them right."""
        with self._lock:
            self.touched = time.monotonic()
            if self._ended:
                request.reply.close()
                return
            if index < self._next_index or index in self._early:
                request.reply.fail(BadParameter(f"INDEX {index} has come before; it counts the texts from 0", INDEX))
                return
            self._early[index] = request
            while (following := self._early.pop(self._next_index, None)) is not None:
                self._take(following)
                self._next_index += 1

    def _take(self, request: SynthesisRequest) -> None:
        try:
            turn = self._turn(request)
        except SpeechError as error:
            self._tell(request, error)
            self.close()
            return
        event = request.event
        self._answers_events = event is not None
        if event is not None and event.type == Progress.type and self._much_waits:
            self._held.append(request)
        elif event is not None and event.type == Done.type:
            self._queue.append(turn)
        else:
            if event is not None:
                self._answer(request, event)
            if request.text:
                self._queue.append(turn)
            else:
                request.reply.close()

    def _turn(self, request: SynthesisRequest) -> _Turn:
        """Raises: BadParameter, also if there is no text to which the parameters matter."""
        if not self.begun:
            self._parameters = request.parameters
        parameters = {**self._parameters, **request.parameters}
        heard = request.event.get("language") if request.event else None
        if parameters.get("task") == "translate":  # `transcribe` gives English, whatever it has heard
            parameters["language"] = "en"
        options = synthesize_options(SYNTHESIZE.read_parameters(parameters))
        speaker = self._cast(options)
        if not options.language and not heard and (written := foreign_language(request.text, speaker.language)):
            speaker = self._cast(replace(options, language=written))
        if not request.text or options.language or not heard:
            return _Turn(request, speaker)
        try:
            return _Turn(request, self._cast(replace(options, language=heard)), detected=True)
        except BadParameter as error:  # what a stranger says in whatever language must not end the sequence
            return _Turn(request, speaker, skipped=error.message)

    @property
    def _much_waits(self) -> bool:
        return sum(len(turn.request.text) for turn in self._queue) > MUCH

    def step(self) -> None:
        """A fraction of a second's work on the text whose turn it is; events are answered meanwhile."""
        with self._lock:
            if not self._queue:
                return
            turn = self._queue[0]
            if not turn.request.text:
                assert turn.request.event is not None
                self._answer(turn.request, turn.request.event)
                self._next()
                return
            if self._chunks is None:
                self._chunks = iter(()) if turn.skipped else self._speak(turn.request.text, turn.speaker)
                self._duration_s = 0.0
            chunks = self._chunks
        chunk, skipped, last = None, turn.skipped, False
        try:
            chunk = next(chunks)
        except StopIteration:
            last = True
        except EngineUnusable as error:
            if not turn.detected:
                raise
            skipped, last = error.message, True
        with self._lock:
            if self._chunks is not chunks:  # all was dropped meanwhile
                return
            if chunk is not None:
                self._send(turn.request, chunk)
            elif last:
                self._finish(turn, skipped)

    def _finish(self, turn: _Turn, skipped: str) -> None:
        done = AudioDone(
            duration=round(self._duration_s, 3),
            voice=turn.speaker.voice.name,
            language=turn.speaker.language,
            utterance=_utterance(turn.request),
            skipped=skipped or None,
        )
        self._answer(turn.request, done)
        self._next()

    def _send(self, request: SynthesisRequest, chunk: AudioChunk) -> None:
        event = Audio(id=chunk.id, start=round(chunk.start, 3), utterance=_utterance(request), pcm=chunk.pcm)
        if chunk.utterance is not None:
            event = replace(
                event,
                text=chunk.utterance.text,
                text_start=chunk.utterance.start,
                text_end=chunk.utterance.end,
                words=chunk.words,
            )
        self._answer(request, event)
        duration_s = len(chunk.pcm) / OUTPUT_RATE_HZ
        self._duration_s += duration_s
        self.runs_dry = max(self.runs_dry, time.monotonic()) + duration_s

    def _answer(self, request: SynthesisRequest, event: Event) -> None:
        request.reply.send(next(self._responses), event)
        self.touched = time.monotonic()
        self._ended = self._ended or event.type in _LAST_EVENTS

    def _next(self) -> None:
        self._queue.popleft().request.reply.close()
        self._chunks = None
        while self._held and not self._much_waits:
            held = self._held.popleft()
            assert held.event is not None
            self._answer(held, held.event)
            held.reply.close()

    def is_cancelled(self) -> bool:
        with self._lock:
            return bool(self._queue) and self._queue[0].request.reply.is_cancelled()

    def fail(self, error: SpeechError) -> None:
        """Tell whoever is answered now, and let go of everything."""
        with self._lock:
            for request in self._open:
                self._tell(request, error)
                break
            self.close()

    def _tell(self, request: SynthesisRequest, error: SpeechError) -> None:
        """Inside an ensemble as an event: tritonserver 2.51 never gets over an error of a second step. It answers, but
        counts the request as in flight for ever, and takes its time to stop."""
        if request.event is None:
            request.reply.fail(error)
        else:
            self._answer(request, Failure(code=error.code, message=error.message, param=error.param))
            request.reply.close()

    def close(self) -> None:
        """Complete every open request; nothing more is said."""
        with self._lock:
            self._ended = True
            for request in self._open:
                request.reply.close()
            self._queue.clear()
            self._held.clear()
            self._early.clear()
            self._chunks = None

    @property
    def _open(self) -> list[SynthesisRequest]:
        return [*(turn.request for turn in self._queue), *self._held, *self._early.values()]


def _utterance(request: SynthesisRequest) -> int | None:
    """The id of the event that came with the text."""
    return request.event.get("id") if request.event else None
