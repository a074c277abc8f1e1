"""The texts of one client: they wait in a queue, are synthesized in order, and are answered."""

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
from speech.reading.tags import passages, without_tags
from speech.speaking.synthesizer import AudioChunk, ResolvedOptions
from speech.types import OUTPUT_RATE_HZ, SynthesizeOptions

Float = NDArray[np.float32]

MAX_WAITING_CHARACTERS = 1_000
"""Characters in the queue, about a minute of speech, above which `progress` events are held back.

A client of an ensemble waits for `progress` before it sends more, so it sends no faster than the text is spoken.
"""
_LAST_EVENTS = {event.type for event in SPEECH_TO_SPEECH.last_events}


class SynthesisReply(Protocol):
    """Answers one request (over Triton: speech/serving/replies.py)."""

    def send(self, index: int, event: Event) -> None: ...
    def fail(self, error: SpeechError) -> None: ...
    def close(self) -> None: ...
    def is_cancelled(self) -> bool: ...


@dataclass(frozen=True)
class SynthesisRequest:
    """A request of a client."""

    text: str
    """The text to speak; empty if there is only an event."""
    event: Event | None
    """The event to send back, if one came with the text."""
    parameters: Mapping[str, Any]
    """The request parameters, not yet checked."""
    reply: SynthesisReply


@dataclass(frozen=True)
class _QueueEntry:
    """A request that waits for its turn. Without a text, only its event is sent back."""

    request: SynthesisRequest
    resolved: ResolvedOptions
    skip_reason: str = ""
    """Why the text cannot be spoken; empty if it can."""
    is_language_detected: bool = False
    """Whether the language comes from the event, and was not asked for by a parameter."""


class TextQueue:
    """The requests of one sequence, or a single request. One thread calls `step`; any thread may call the rest.

    `resolve` looks up the names in the options, and `synthesize` gives the chunks of a text: both are functions of
    speech/speaking/synthesizer.py, bound to an engine.
    """

    def __init__(
        self,
        resolve: Callable[[SynthesizeOptions], ResolvedOptions],
        synthesize: Callable[[str, ResolvedOptions], Iterator[AudioChunk | None]],
    ) -> None:
        self._resolve = resolve
        self._synthesize = synthesize
        self._lock = threading.RLock()
        self._first_parameters: Mapping[str, Any] = {}
        self._next_index = 0
        self._response_indexes = itertools.count()
        self._out_of_order: dict[int, SynthesisRequest] = {}
        self._entries: deque[_QueueEntry] = deque()
        self._held_progress: deque[tuple[SynthesisRequest, Event]] = deque()
        self._chunks: Iterator[AudioChunk | None] | None = None
        self._duration_s = 0.0
        self._has_ended = False
        self._echoes_events = False
        self.last_activity = time.monotonic()
        """When (time.monotonic()) a request last came in or an event was sent."""
        self.playback_ends_at = self.last_activity
        """When (time.monotonic()) a listener who plays the audio as it arrives will have heard all of it."""

    @property
    def busy(self) -> bool:
        """Whether there is work for `step`."""
        return bool(self._entries)

    @property
    def has_begun(self) -> bool:
        """Whether the request with index 0 has come."""
        return self._next_index > 0

    @property
    def expects_more(self) -> bool:
        """Whether the sequence is an ensemble's and its last event has not come yet."""
        return self._echoes_events and not self._has_ended

    def push(self, index: int, request: SynthesisRequest) -> None:
        """Queue a request. Triton may deliver those of an ensemble out of order; they are put in order of `index`."""
        with self._lock:
            self.last_activity = time.monotonic()
            if self._has_ended:
                request.reply.close()
                return
            if index < self._next_index or index in self._out_of_order:
                message = f"INDEX {index} was sent before; number the texts of a sequence 0, 1, 2, …"
                request.reply.fail(BadParameter(message, INDEX))
                return
            self._out_of_order[index] = request
            while (following := self._out_of_order.pop(self._next_index, None)) is not None:
                self._accept(following)
                self._next_index += 1

    def _accept(self, request: SynthesisRequest) -> None:
        """Queue the next request in order, and send its event back unless that has to wait."""
        try:
            entry = self._entry(request)
        except SpeechError as error:
            self._send_error(request, error)
            self.close()
            return
        event = request.event
        self._echoes_events = event is not None
        if event is not None and event.type == Progress.type and self._is_backlogged:
            self._held_progress.append((request, event))
            return
        if event is not None and event.type == Done.type:
            self._entries.append(entry)
            return
        if event is not None:
            self._send(request, event)
        if request.text:
            self._entries.append(entry)
        else:
            request.reply.close()

    def _entry(self, request: SynthesisRequest) -> _QueueEntry:
        """Raises: BadParameter, even if the request has no text for which its parameters matter."""
        passages(request.text)  # pauses that are too long are an error now, and not in the middle of the speech
        if not self.has_begun:
            self._first_parameters = request.parameters
        parameters = {**self._first_parameters, **request.parameters}
        if parameters.get("task") == "translate":  # then `transcribe` gives English text
            parameters["language"] = "en"
        options = synthesize_options(SYNTHESIZE.read_parameters(parameters))
        resolved = self._resolve(options)
        detected = request.event.get("language") if request.event else None
        if options.language:
            return _QueueEntry(request, resolved)
        if not detected:
            written = foreign_language(without_tags(request.text), resolved.language)
            if written:
                resolved = self._resolve(replace(options, language=written))
            return _QueueEntry(request, resolved)
        if not request.text:
            return _QueueEntry(request, resolved)
        try:
            return _QueueEntry(request, self._resolve(replace(options, language=detected)), is_language_detected=True)
        except BadParameter as error:  # somebody spoke a language that the engine lacks: that must not end the sequence
            return _QueueEntry(request, resolved, skip_reason=error.message)

    @property
    def _is_backlogged(self) -> bool:
        return sum(len(entry.request.text) for entry in self._entries) > MAX_WAITING_CHARACTERS

    def step(self) -> None:
        """Do one step of work on the first entry. Other threads can answer events meanwhile."""
        with self._lock:
            if not self._entries:
                return
            entry = self._entries[0]
            if not entry.request.text:
                assert entry.request.event is not None
                self._send(entry.request, entry.request.event)
                self._remove_first()
                return
            if entry.skip_reason:
                self._finish(entry, entry.skip_reason)
                return
            if self._chunks is None:
                self._chunks = self._synthesize(entry.request.text, entry.resolved)
            chunks = self._chunks
        chunk, is_finished, skip_reason = None, False, ""
        try:
            chunk = next(chunks)
        except StopIteration:
            is_finished = True
        except EngineUnusable as error:
            if not entry.is_language_detected:
                raise
            is_finished, skip_reason = True, error.message
        with self._lock:
            if self._chunks is not chunks:  # the work was dropped meanwhile
                return
            if is_finished:
                self._finish(entry, skip_reason)
            elif chunk is not None:
                self._send_audio(entry.request, chunk)

    def _finish(self, entry: _QueueEntry, skip_reason: str) -> None:
        """Send `audio_done` for the first entry, and go on to the next one."""
        done = AudioDone(
            duration=round(self._duration_s, 3),
            voice=entry.resolved.voice.name,
            language=entry.resolved.language,
            utterance=_utterance_id(entry.request),
            skipped=skip_reason or None,
        )
        self._send(entry.request, done)
        self._remove_first()

    def _send_audio(self, request: SynthesisRequest, chunk: AudioChunk) -> None:
        event = Audio(id=chunk.id, start=round(chunk.start, 3), utterance=_utterance_id(request), pcm=chunk.pcm)
        if chunk.utterance is not None:
            event = replace(
                event,
                text=chunk.utterance.text,
                text_start=chunk.utterance.start,
                text_end=chunk.utterance.end,
                words=chunk.words,
            )
        self._send(request, event)
        duration_s = len(chunk.pcm) / OUTPUT_RATE_HZ
        self._duration_s += duration_s
        self.playback_ends_at = max(self.playback_ends_at, time.monotonic()) + duration_s

    def _send(self, request: SynthesisRequest, event: Event) -> None:
        request.reply.send(next(self._response_indexes), event)
        self.last_activity = time.monotonic()
        self._has_ended = self._has_ended or event.type in _LAST_EVENTS

    def _remove_first(self) -> None:
        """Complete the first entry, and send the `progress` events that no longer have to wait."""
        self._entries.popleft().request.reply.close()
        self._chunks = None
        self._duration_s = 0.0
        while self._held_progress and not self._is_backlogged:
            request, event = self._held_progress.popleft()
            self._send(request, event)
            request.reply.close()

    def is_cancelled(self) -> bool:
        """Whether the client of the first entry has gone."""
        with self._lock:
            return bool(self._entries) and self._entries[0].request.reply.is_cancelled()

    def fail(self, error: SpeechError) -> None:
        """End the sequence: send the error once, on the oldest open request, and complete all requests."""
        with self._lock:
            open_requests = self._open_requests
            if open_requests:
                self._send_error(open_requests[0], error)
            self.close()

    def _send_error(self, request: SynthesisRequest, error: SpeechError) -> None:
        """Inside an ensemble the error is sent as an event.

        tritonserver 2.51 does not recover from an error in the second step of an ensemble: it answers, but counts the
        request as in flight for ever, and is slow to stop.
        """
        if request.event is None:
            request.reply.fail(error)
        else:
            self._send(request, Failure(code=error.code, message=error.message, param=error.param))
            request.reply.close()

    def close(self) -> None:
        """End the sequence: drop its work and complete every open request."""
        with self._lock:
            self._has_ended = True
            for request in self._open_requests:
                request.reply.close()
            self._entries.clear()
            self._held_progress.clear()
            self._out_of_order.clear()
            self._chunks = None

    @property
    def _open_requests(self) -> list[SynthesisRequest]:
        queued = [entry.request for entry in self._entries]
        held = [request for request, _ in self._held_progress]
        return [*queued, *held, *self._out_of_order.values()]


def _utterance_id(request: SynthesisRequest) -> int | None:
    """The id of the event that came with the text, if there is one."""
    return request.event.get("id") if request.event else None
