"""Clients that talk to the server's WebSockets in real time, and record what they get back and when.

Audio is sent in real time, so there is a single clock: seconds since the first sample of a connection are both the time
and the position in the audio. It follows the schedule: if a client sends a chunk late, the answer counts as late, too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.speakers import Speech
from benchmarks.utterances import RATE_HZ, Float, Utterance, pcm16, room
from speech.types import OUTPUT_RATE_HZ, LiveOptions

VOICE = "alloy"
"""The voice of the answers."""
CHUNK = RATE_HZ // 10
"""Samples of a message, which is sent when its last sample would have been recorded."""
GAP_S = 0.5
"""Seconds from the end of an answer to the next utterance."""
PATIENCE_S = 60.0
"""Seconds after the end of speech; events that have not arrived by then are lost."""
_TOLERANCE_S = 0.8
"""Seconds by which the server may report the end of the last utterance too early."""


@dataclass
class Turn:
    """An utterance that was sent, and what came back. All times are on the clock of the connection."""

    utterance: Utterance
    start: float
    """When its first sample was sent."""
    events: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    """When each event came, and the event."""
    audio: list[tuple[float, int]] = field(default_factory=list)
    """When each piece of audio came, and its bytes."""

    @property
    def speech_end(self) -> float:
        """When the last sample of speech was sent."""
        return self.start + self.utterance.seconds

    def all(self, kind: str) -> Iterator[tuple[float, dict[str, Any]]]:
        """The events of one type, with their times."""
        return ((at, event) for at, event in self.events if event["type"] == kind)

    @property
    def last(self) -> int | None:
        """The server's id of the utterance in which the speech ends."""
        ends = [
            event["id"] for _, event in self.all("speech_stopped") if event["end"] >= self.speech_end - _TOLERANCE_S
        ]
        return max(ends, default=None)

    def since_speech(self, kind: str) -> float | None:
        """Seconds from the end of speech to the first event of this type that belongs to the last utterance."""
        return next((at - self.speech_end for at, event in self.all(kind) if event["id"] == self.last), None)

    @property
    def stopped_s(self) -> float | None:
        """Seconds from the end of speech to the endpoint decision."""
        return self.since_speech("speech_stopped")

    @property
    def final_s(self) -> float | None:
        """Seconds from the end of speech to the final."""
        return self.since_speech("final")

    @property
    def decision_s(self) -> float | None:
        """Seconds from the endpoint decision to the final."""
        stopped_s, final_s = self.stopped_s, self.final_s
        return None if stopped_s is None or final_s is None else final_s - stopped_s

    @property
    def partial_lags_s(self) -> list[float]:
        """For each partial, the seconds between the last audio that it covers and its arrival."""
        return [at - event["end"] for at, event in self.all("partial")]

    @property
    def first_audio_s(self) -> float | None:
        """Seconds from the end of speech to the first audio of the answer; below 0 if it came before the end."""
        return self.audio[0][0] - self.speech_end if self.audio else None

    @property
    def slack_s(self) -> float | None:
        """Seconds by which the latest piece of the answer is early for a player that starts with the first piece."""
        pieces = tuple((at, size / 2 / OUTPUT_RATE_HZ) for at, size in self.audio)
        return Speech(pieces, pieces[-1][0]).slack_s if len(pieces) > 1 else None

    @property
    def finals(self) -> int:
        return len(list(self.all("final")))

    @property
    def text(self) -> str:
        return " ".join(event["text"] for _, event in self.all("final"))

    @property
    def lost(self) -> int:
        """The number of utterances without a final, or 1 if no utterance contains the end of the speech."""
        started = {event["id"] for _, event in self.all("speech_started")}
        missing = len(started - {event["id"] for _, event in self.all("final")})
        return missing or int(self.final_s is None)

    def is_over(self, spoken: bool) -> bool:
        """Whether all finals have arrived; if `spoken`, all audio of the answers, too."""
        if self.lost:
            return False
        answered = {event["id"] for _, event in self.all("final") if event["text"]}
        return not spoken or answered <= {event["utterance"] for _, event in self.all("audio_done")}


@dataclass(frozen=True)
class Talked:
    """A connection that ended without an error."""

    turns: list[Turn]
    late_s: float
    """Seconds by which its chunks were sent too late, at most."""


async def talk_to_transcribe(
    url: str, utterances: Iterable[Utterance], live: LiveOptions, delay_s: float = 0
) -> Talked:
    """Send utterances to `stream-transcribe`, which answers with partials and finals."""
    query = urlencode({"format": "json", "language": "en", **asdict(live)})
    async with _connected(f"{url}/api/v1/stream-transcribe?{query}", delay_s) as socket:
        return await _Talker(socket, spoken=False).send_all(utterances)


async def talk_to_speech(url: str, utterances: Iterable[Utterance], live: LiveOptions, delay_s: float = 0) -> Talked:
    """Send utterances to `stream-speech-to-speech`, which answers with audio, too.

    The format is PCM, because the header of another format would count as the first audio.
    """
    configuration = {"voice": VOICE, "language": "en", "response_format": "pcm"}
    async with _connected(f"{url}/api/v1/stream-speech-to-speech", delay_s) as socket:
        await socket.send(json.dumps({**configuration, **asdict(live)}))
        return await _Talker(socket, spoken=True).send_all(utterances)


@asynccontextmanager
async def _connected(url: str, delay_s: float) -> AsyncIterator[ClientConnection]:
    """A connection that is opened after `delay_s`, so that not all start at once."""
    await asyncio.sleep(delay_s)
    async with connect(url.replace("http", "ws", 1), max_size=None, proxy=None) as socket:
        yield socket


class _Talker:
    """One connection: sends audio all the time (noise between utterances), and receives answers."""

    def __init__(self, socket: ClientConnection, spoken: bool) -> None:
        self._socket = socket
        self._spoken = spoken
        self._turns: list[Turn] = []
        self._changed = asyncio.Event()
        self._to_send: Float = room(0)
        self._sent = 0
        self._late_s = 0.0
        self._done = False
        self._began = asyncio.get_running_loop().time()

    async def send_all(self, utterances: Iterable[Utterance]) -> Talked:
        async with asyncio.TaskGroup() as tasks:
            receiving = tasks.create_task(self._receive())
            sending = tasks.create_task(self._send())
            for utterance in utterances:
                await self._take_turn(utterance)
                await asyncio.sleep(GAP_S)
            sending.cancel()
            await self._socket.send('{"type": "end"}')
            async with asyncio.timeout(PATIENCE_S):
                await receiving
        return Talked(self._turns, self._late_s)

    async def _take_turn(self, utterance: Utterance) -> None:
        """Send an utterance and wait for the answer, or until it counts as lost."""
        turn = Turn(utterance, self._sent / RATE_HZ)
        self._turns.append(turn)
        self._to_send = utterance.pcm
        with suppress(TimeoutError):
            async with asyncio.timeout(utterance.seconds + PATIENCE_S):
                while self._now < turn.speech_end or not turn.is_over(self._spoken):
                    self._changed.clear()
                    await self._changed.wait()

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._began

    async def _send(self) -> None:
        while True:
            due = (self._sent + CHUNK) / RATE_HZ
            await asyncio.sleep(due - self._now)
            chunk, self._to_send = self._to_send[:CHUNK], self._to_send[CHUNK:]
            self._sent += CHUNK
            await self._socket.send(pcm16(np.concatenate([chunk, room(CHUNK - len(chunk))])))
            self._late_s = max(self._late_s, self._now - due)
            self._changed.set()

    async def _receive(self) -> None:
        async for message in self._socket:
            at = self._now
            if isinstance(message, bytes):
                self._turns[-1].audio.append((at, len(message)))
            else:
                event = json.loads(message)
                if event["type"] == "error":
                    raise RuntimeError(f"the server sent an error: {event}")
                self._done = self._done or event["type"] == "done"
                if self._turns:
                    self._turns[-1].events.append((at, event))
            self._changed.set()
        if not self._done:
            raise RuntimeError("the connection ended without `done`")
