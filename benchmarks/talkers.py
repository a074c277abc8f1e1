"""People who talk to the server's WebSockets at the pace of real speech, and what they get back, and when.

Sound is sent in real time, so one clock will do: seconds since the sound of a connection began are both the time and
the position in that sound. It is the schedule's clock: should the talker be late with a chunk, the answer is.
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
CHUNK = RATE_HZ // 10
"""Samples that are sent at once, when the last of them is spoken."""
GAP_S = 0.5
"""From the end of an answer to the next utterance."""
PATIENCE_S = 60.0
"""After the end of speech; what is not there by then is lost."""
_TOLERANCE_S = 0.8
"""An utterance that the server says ended this much before the end of speech is the last one none the less."""


@dataclass
class Turn:
    """An utterance, from second `start` on, and what came back: seconds, and a JSON event or a number of bytes."""

    utterance: Utterance
    start: float
    events: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    audio: list[tuple[float, int]] = field(default_factory=list)

    @property
    def speech_end(self) -> float:
        return self.start + self.utterance.seconds

    def all(self, kind: str) -> Iterator[tuple[float, dict[str, Any]]]:
        return ((at, event) for at, event in self.events if event["type"] == kind)

    @property
    def last(self) -> int | None:
        """The id of the utterance, as the server counts them, in which the speech ends."""
        ends = [
            event["id"] for _, event in self.all("speech_stopped") if event["end"] >= self.speech_end - _TOLERANCE_S
        ]
        return max(ends, default=None)

    def since_speech(self, kind: str) -> float | None:
        """Seconds from the end of speech to this event of the last utterance."""
        return next((at - self.speech_end for at, event in self.all(kind) if event["id"] == self.last), None)

    @property
    def stopped_s(self) -> float | None:
        return self.since_speech("speech_stopped")

    @property
    def final_s(self) -> float | None:
        return self.since_speech("final")

    @property
    def decision_s(self) -> float | None:
        """From the endpoint decision to the final."""
        stopped_s, final_s = self.stopped_s, self.final_s
        return None if stopped_s is None or final_s is None else final_s - stopped_s

    @property
    def partial_lags_s(self) -> list[float]:
        """How old the sound is that a partial covers to its end, when it comes."""
        return [at - event["end"] for at, event in self.all("partial")]

    @property
    def first_audio_s(self) -> float | None:
        """From the end of speech to the first byte of the answer; below 0 if it came before."""
        return self.audio[0][0] - self.speech_end if self.audio else None

    @property
    def slack_s(self) -> float | None:
        """How early the tightest piece of the answer comes for a player that begins with the first one."""
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
        """Utterances without their final, or 1 if the end of the speech is in none."""
        started = {event["id"] for _, event in self.all("speech_started")}
        missing = len(started - {event["id"] for _, event in self.all("final")})
        return missing or int(self.final_s is None)

    def is_over(self, spoken: bool) -> bool:
        """spoken: the answer is heard to its end as well."""
        if self.lost:
            return False
        to_say = {event["id"] for _, event in self.all("final") if event["text"]}
        return not spoken or to_say <= {event["utterance"] for _, event in self.all("audio_done")}


@dataclass(frozen=True)
class Talked:
    """A connection that ended as it should: its turns, and the most that one of its chunks was sent too late."""

    turns: list[Turn]
    late_s: float


async def talk_to_transcribe(
    url: str, utterances: Iterable[Utterance], live: LiveOptions, delay_s: float = 0
) -> Talked:
    """`stream-transcribe`: finals and partials."""
    query = urlencode({"format": "json", "language": "en", **asdict(live)})
    async with _connected(f"{url}/api/v1/stream-transcribe?{query}", delay_s) as socket:
        return await _Talker(socket, spoken=False).say_all(utterances)


async def talk_to_speech(url: str, utterances: Iterable[Utterance], live: LiveOptions, delay_s: float = 0) -> Talked:
    """`stream-speech-to-speech`: the answers' sound (PCM, which has no header that comes before it) as well."""
    configuration = {"voice": VOICE, "language": "en", "response_format": "pcm"}
    async with _connected(f"{url}/api/v1/stream-speech-to-speech", delay_s) as socket:
        await socket.send(json.dumps({**configuration, **asdict(live)}))
        return await _Talker(socket, spoken=True).say_all(utterances)


@asynccontextmanager
async def _connected(url: str, delay_s: float) -> AsyncIterator[ClientConnection]:
    """A connection after `delay_s`, so that not everybody begins at once."""
    await asyncio.sleep(delay_s)
    async with connect(url.replace("http", "ws", 1), max_size=None, proxy=None) as socket:
        yield socket


class _Talker:
    def __init__(self, socket: ClientConnection, spoken: bool) -> None:
        self._socket = socket
        self._spoken = spoken
        self._turns: list[Turn] = []
        self._news = asyncio.Event()
        self._to_say: Float = room(0)
        self._sent = 0
        self._late_s = 0.0
        self._done = False
        self._began = asyncio.get_running_loop().time()

    async def say_all(self, utterances: Iterable[Utterance]) -> Talked:
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(self._hear())
            speaking = tasks.create_task(self._speak())
            for utterance in utterances:
                await self._say(utterance)
                await asyncio.sleep(GAP_S)
            speaking.cancel()
            await self._socket.send('{"type": "end"}')
            async with asyncio.timeout(PATIENCE_S):
                await hearing
        return Talked(self._turns, self._late_s)

    async def _say(self, utterance: Utterance) -> None:
        turn = Turn(utterance, self._sent / RATE_HZ)
        self._turns.append(turn)
        self._to_say = utterance.pcm
        with suppress(TimeoutError):
            async with asyncio.timeout(utterance.seconds + PATIENCE_S):
                while self._now < turn.speech_end or not turn.is_over(self._spoken):
                    self._news.clear()
                    await self._news.wait()

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._began

    async def _speak(self) -> None:
        while True:
            due = (self._sent + CHUNK) / RATE_HZ
            await asyncio.sleep(due - self._now)
            chunk, self._to_say = self._to_say[:CHUNK], self._to_say[CHUNK:]
            self._sent += CHUNK
            await self._socket.send(pcm16(np.concatenate([chunk, room(CHUNK - len(chunk))])))
            self._late_s = max(self._late_s, self._now - due)
            self._news.set()

    async def _hear(self) -> None:
        async for message in self._socket:
            at = self._now
            if isinstance(message, bytes):
                self._turns[-1].audio.append((at, len(message)))
            else:
                event = json.loads(message)
                if event["type"] == "error":
                    raise RuntimeError(f"the server says: {event}")
                self._done = self._done or event["type"] == "done"
                if self._turns:
                    self._turns[-1].events.append((at, event))
            self._news.set()
        if not self._done:
            raise RuntimeError("the connection ended without `done`")
