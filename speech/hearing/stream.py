"""A client's stream on the scheduler's thread: it queues the chunks of audio and answers the requests."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from speech.contract import MAX_REQUEST_S
from speech.errors import BadParameter, SpeechError, TooLong
from speech.events import Done, Event, Progress
from speech.hearing.admission import Urgency
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import Decoded, DetectedLanguage, WindowTask
from speech.types import INPUT_RATE_HZ, TranscribeOptions

Float = NDArray[np.float32]

SLICE = 10 * INPUT_RATE_HZ
"""Samples of a stream that are processed in one turn, 10 s at most, so that a long chunk does not delay others."""
BACKLOG = 150 * INPUT_RATE_HZ
"""Samples waiting to be decoded, 150 s, above which no further chunk is processed or acknowledged."""


class TranscriptionReply(Protocol):
    """Answers one request of the stream (over Triton: speech/serving/replies.py)."""

    def send(self, event: Event) -> None: ...
    def fail(self, error: SpeechError) -> None: ...
    def close(self) -> None: ...
    def is_cancelled(self) -> bool: ...


@dataclass
class _Chunk:
    pcm: Float
    reply: TranscriptionReply
    last: bool


class Stream(ABC):
    """State of one sequence, from START to END. `on_closed` is called once, when nothing more will be sent.

    Only the first `duration_s` seconds of its audio are transcribed; 0 means all of it.
    """

    live = False

    def __init__(
        self, whisper: Whisper, options: TranscribeOptions, on_closed: Callable[[], None], duration_s: float = 0.0
    ) -> None:
        self.whisper = whisper
        self.options = options
        self.in_flight = 0
        self.last_turns = dict.fromkeys(Urgency, -1)
        self.finished = False
        self._limit = round(duration_s * INPUT_RATE_HZ) if duration_s else None
        self._chunks: deque[_Chunk] = deque()
        self._reply: TranscriptionReply | None = None
        self._heard = 0
        self._ended = False
        self._done = False
        self._complete = False
        self._last_seen = time.monotonic()
        self._on_closed = on_closed

    @property
    @abstractmethod
    def urgency(self) -> Urgency | None:
        """The urgency of the next window; None if none is ready, or the limit of windows in flight is reached."""

    @property
    @abstractmethod
    def language(self) -> DetectedLanguage: ...

    @property
    @abstractmethod
    def _waiting(self) -> int:
        """Samples that have passed the VAD but are not yet being decoded."""

    @property
    @abstractmethod
    def _exhausted(self) -> bool:
        """Whether everything has been decoded and reported, provided that nothing is in flight."""

    @abstractmethod
    def _hear(self, pcm: Float) -> None: ...

    @abstractmethod
    def _end(self) -> None:
        """Handle the end of the audio."""

    @abstractmethod
    def _next_task(self) -> WindowTask: ...

    @abstractmethod
    def _settle(self, task: WindowTask, decoded: Decoded | None) -> None: ...

    @abstractmethod
    def _tell(self) -> None:
        """Send the events that are ready."""

    @property
    def busy(self) -> bool:
        """Whether there is work to do without a further chunk."""
        closing = self._ended and not self._done and not self.in_flight
        return self.urgency is not None or self._may_listen or closing

    @property
    def _may_listen(self) -> bool:
        return bool(self._chunks) and self._waiting < BACKLOG

    def idle_s(self, now: float) -> float:
        return 0.0 if self._complete or self.busy or self.in_flight else now - self._last_seen

    def is_cancelled(self) -> bool:
        newest = self._chunks[-1].reply if self._chunks else self._reply
        return newest is not None and newest.is_cancelled()

    def push(self, pcm: Float, reply: TranscriptionReply, last: bool) -> None:
        """Take a chunk: mono float32 [samples], 16 kHz. `last`: the sequence ends with it.

        Its reply stays open until the next chunk is processed, or the stream ends. Raises BadParameter for samples that
        are not finite, and TooLong if more than MAX_REQUEST_S seconds wait.
        """
        self._last_seen = time.monotonic()
        if not np.isfinite(pcm).all():
            self._chunks.append(_Chunk(pcm[:0], reply, last))
            raise BadParameter("AUDIO holds NaN or infinity; samples go from -1 to 1", "AUDIO")
        if sum(len(chunk.pcm) for chunk in self._chunks) + len(pcm) > MAX_REQUEST_S * INPUT_RATE_HZ:
            self._chunks.append(_Chunk(pcm[:0], reply, last))
            raise TooLong(
                f"more than {MAX_REQUEST_S} s of audio sent ahead; send chunks and wait for their `progress` events"
            )
        self._chunks.append(_Chunk(pcm, reply, last))

    def listen(self) -> None:
        """Process at most SLICE samples of the queued chunks, and acknowledge the chunks that are finished."""
        turn_ends = self._heard + SLICE
        while self._may_listen and self._heard < turn_ends:
            self._hear_chunk(turn_ends)

    def _hear_chunk(self, turn_ends: int) -> None:
        """Process the first chunk up to position `turn_ends`."""
        chunk = self._chunks[0]
        self._last_seen = time.monotonic()
        self._adopt(chunk.reply)
        if not self._ended:
            stop = turn_ends if self._limit is None else min(turn_ends, self._limit)
            heard, chunk.pcm = chunk.pcm[: stop - self._heard], chunk.pcm[stop - self._heard :]
            self._heard += len(heard)
            self._hear(heard)
            if len(chunk.pcm) and not self._full:
                return
        self._chunks.popleft()
        self._send(Progress(received_s=round(self._heard / INPUT_RATE_HZ, 3)))
        self._complete = self._complete or chunk.last
        if not self._ended and (chunk.last or self._full):
            self._ended = True
            self._end()
        if self._done:
            self._close_reply()

    @property
    def _full(self) -> bool:
        return self._heard == self._limit

    def _adopt(self, reply: TranscriptionReply) -> None:
        """Send events on the newest request from now on; complete the one before it."""
        if self._reply is not None and self._reply is not reply:
            self._reply.close()
        self._reply = reply

    def next_task(self, turn: int) -> WindowTask:
        """The next window to decode. `turn` grows with each call for any stream, so it tells which was served last."""
        assert self.urgency is not None
        self.last_turns[self.urgency] = turn
        self.in_flight += 1
        return self._next_task()

    def settle(self, task: WindowTask, decoded: Decoded | None) -> None:
        """Take back a window with its result, or with None if it must be decoded once more."""
        self.in_flight -= 1
        self._last_seen = time.monotonic()
        self._settle(task, decoded)

    def report(self) -> None:
        """Send the events that are ready, and `done` after the last of them."""
        self._tell()
        if self._ended and not self._done and not self.in_flight and self._exhausted:
            self._done = True
            self._send(
                Done(
                    language=self.language.code or "en",
                    language_probability=self.language.probability,
                    duration=round(self._heard / INPUT_RATE_HZ, 3),
                    model=self.whisper.name,
                    task=self.options.task,
                )
            )
            self._close_reply()
        if self._done and self._complete:
            self.close()

    def _send(self, event: Event) -> None:
        assert self._reply is not None
        self._reply.send(event)

    def fail(self, error: SpeechError) -> None:
        """Send the error once, on the newest request, and complete all requests."""
        replies = [chunk.reply for chunk in self._chunks]
        target = replies[-1] if replies else self._reply
        try:
            if target is not None:
                target.fail(error)
        finally:
            self.close()

    def close(self) -> None:
        """Complete every open request."""
        self.finished = True
        try:
            for chunk in self._chunks:
                if chunk.reply is not self._reply:
                    chunk.reply.close()
            self._chunks.clear()
            self._close_reply()
        finally:
            self._on_closed()

    def _close_reply(self) -> None:
        if self._reply is not None:
            self._reply.close()
