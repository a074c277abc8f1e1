"""One client's stream on the scheduler's thread: chunks wait here, are heard, cut into windows and answered."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from speech.contract import MAX_REQUEST_S
from speech.engines import Engine
from speech.errors import BadParameter, SpeechError, TooLong
from speech.transcribe import Decoded, Transcription, WindowTask
from speech.types import SAMPLE_RATE_HZ, TranscribeOptions
from speech.vad import Vad
from speech.whisper import Whisper
from speech.windows import Windower

Float = NDArray[np.float32]

SLICE = 10 * SAMPLE_RATE_HZ
"""Sound that is heard in one turn, so that a long chunk does not hold up the other streams."""
BACKLOG = 150 * SAMPLE_RATE_HZ
"""Sound waiting to be decoded above which no more is taken in, and so no chunk acknowledged."""
MAX_PARALLEL = 4


class Reply(Protocol):
    """Answers one request of the stream (speech/serving.py: over Triton)."""

    def send(self, event: dict[str, Any], text: str = "") -> None: ...
    def fail(self, error: SpeechError) -> None: ...
    def close(self) -> None: ...
    def is_cancelled(self) -> bool: ...


@dataclass
class _Chunk:
    pcm: Float
    reply: Reply
    last: bool


class Stream:
    """State of one sequence, from START to `done`. `on_closed` is called once, when nothing more will be sent."""

    def __init__(
        self, whisper: Whisper, vad: Engine, options: TranscribeOptions, on_closed: Callable[[], None]
    ) -> None:
        self.whisper = whisper
        self.options = options
        self.transcription = Transcription(whisper, options)
        self.in_flight = 0
        self.last_turn = -1
        self.finished = False
        self._vad = Vad(vad)
        self._windower = Windower()
        self._chunks: deque[_Chunk] = deque()
        self._tasks: deque[WindowTask] = deque()
        self._reply: Reply | None = None
        self._received = 0
        self._ended = False
        self._last_seen = time.monotonic()
        self._on_closed = on_closed

    @property
    def busy(self) -> bool:
        """Whether there is something to do without a further chunk."""
        return self.wants_turn or self._may_listen or (self._ended and not self.finished and not self.in_flight)

    @property
    def wants_turn(self) -> bool:
        """Whether a window waits and the stream may have one more in flight."""
        allowed = min(MAX_PARALLEL, 1 + self.transcription.finished_windows)
        return self.in_flight < allowed and (bool(self._tasks) or self._windower.has_ready)

    @property
    def _may_listen(self) -> bool:
        return bool(self._chunks) and self._windower.buffered < BACKLOG

    def idle_s(self, now: float) -> float:
        return 0.0 if self._ended or self.busy or self.in_flight else now - self._last_seen

    def is_cancelled(self) -> bool:
        newest = self._chunks[-1].reply if self._chunks else self._reply
        return newest is not None and newest.is_cancelled()

    def push(self, pcm: Float, reply: Reply, last: bool) -> None:
        """Take a chunk in: float32 [samples], 16 kHz. Its reply stays open until the next chunk, or the end."""
        self._last_seen = time.monotonic()
        if not np.isfinite(pcm).all():
            self._chunks.append(_Chunk(pcm[:0], reply, last))
            raise BadParameter("AUDIO holds NaN or infinity; samples go from -1 to 1", "AUDIO")
        if sum(len(chunk.pcm) for chunk in self._chunks) + len(pcm) > MAX_REQUEST_S * SAMPLE_RATE_HZ:
            self._chunks.append(_Chunk(pcm[:0], reply, last))
            raise TooLong(
                f"more than {MAX_REQUEST_S} s of audio sent ahead; send chunks and wait for their `progress` events"
            )
        self._received += len(pcm)
        self._chunks.append(_Chunk(pcm, reply, last))

    def listen(self) -> None:
        """Hear at most one slice of the sound that waits, and acknowledge chunks that are used up."""
        if not self._may_listen:
            return
        chunk = self._chunks[0]
        self._last_seen = time.monotonic()
        self._adopt(chunk.reply)
        heard, chunk.pcm = chunk.pcm[:SLICE], chunk.pcm[SLICE:]
        self._windower.push(heard, self._vad.push(heard))
        if len(chunk.pcm):
            return
        self._chunks.popleft()
        chunk.reply.send({"type": "progress", "received_s": round(self._windower.position / SAMPLE_RATE_HZ, 3)})
        if chunk.last:
            self._windower.end(self._vad.flush())
            self._ended = True

    def _adopt(self, reply: Reply) -> None:
        """Answer on the newest request; the one before it is complete."""
        if self._reply is not None and self._reply is not reply:
            self._reply.close()
        self._reply = reply

    def next_task(self, turn: int) -> WindowTask:
        """The next window to decode; `turn` is larger than that of every stream that was served before."""
        self.in_flight += 1
        self.last_turn = turn
        if self._tasks:
            return self._tasks.popleft()
        window = self._windower.pop()
        assert window is not None
        return self.transcription.start(window)

    def settle(self, task: WindowTask, decoded: Decoded | None) -> None:
        """A window came back: with its result, or (None) to be decoded once more."""
        self.in_flight -= 1
        self._last_seen = time.monotonic()
        if decoded is None:
            self._tasks.append(task)
            return
        rest, complete_s = self.transcription.finish(task, decoded)
        if rest is not None:
            self._tasks.append(rest)
        if task.window.open:
            self._windower.resume(task.window.start + round(complete_s * SAMPLE_RATE_HZ))

    def report(self) -> None:
        """Send what is ready, and `done` when everything is."""
        assert self._reply is not None or not self._ended
        for segment in self.transcription.ready():
            fields = {name: value for name, value in asdict(segment).items() if value is not None}
            self._send({"type": "segment", **fields, "language": self.transcription.language}, segment.text)
        if self._ended and not self.in_flight and not self._tasks and self._windower.done:
            self._send(
                {
                    "type": "done",
                    "language": self.transcription.language or "en",
                    "language_probability": self.transcription.language_probability,
                    "duration": round(self._received / SAMPLE_RATE_HZ, 3),
                    "model": self.whisper.name,
                    "task": self.options.task,
                }
            )
            self.close()

    def _send(self, event: dict[str, Any], text: str = "") -> None:
        assert self._reply is not None
        self._reply.send(event, text)

    def fail(self, error: SpeechError) -> None:
        """Tell the client, once, on the newest request, and close them all."""
        replies = [chunk.reply for chunk in self._chunks]
        target = replies[-1] if replies else self._reply
        if target is not None:
            target.fail(error)
        self.close()

    def close(self) -> None:
        """Complete every open request."""
        self.finished = True
        for chunk in self._chunks:
            if chunk.reply is not self._reply:
                chunk.reply.close()
        self._chunks.clear()
        if self._reply is not None:
            self._reply.close()
        self._on_closed()
