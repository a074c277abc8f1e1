"""The contestants of benchmarks/synthesize.py: Tritone over HTTP, and peers in their own processes (peers/lines.py)."""

from __future__ import annotations

import itertools
import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

import httpx2

from speech.speaking.voices import ALIASES

RATE_HZ = 24_000
"""Sample rate of `pcm`, which has 16 bits and one channel."""


@dataclass(frozen=True)
class Speech:
    """When the pieces of an answer arrived."""

    arrivals: tuple[tuple[float, float], ...]
    """For each piece the seconds since the request, and its duration in seconds."""
    total_s: float
    """Seconds from the request to the end of the answer."""

    @property
    def first_s(self) -> float:
        """Seconds from the request to the first audio."""
        return self.arrivals[0][0]

    @property
    def audio_s(self) -> float:
        """Seconds of audio."""
        return sum(audio_s for _, audio_s in self.arrivals)

    @property
    def slack_s(self) -> float:
        """Seconds by which the latest piece is early for a player that starts with the first piece.

        Below 0 the player has a gap; infinite if there is only one piece.
        """
        slack_s, played_until_s = float("inf"), self.first_s
        for at_s, audio_s in self.arrivals:
            if at_s > self.first_s:
                slack_s = min(slack_s, played_until_s - at_s)
            played_until_s += audio_s
        return slack_s


class Speaker(Protocol):
    """A contestant. Each thread that calls it is a client."""

    name: str

    def speak(self, text: str, voice: str, stream: bool) -> Speech:
        """Synthesize `text` and discard the audio. stream: ask for pieces as soon as they are ready."""

    def wav(self, text: str, voice: str) -> bytes:
        """`text` as a WAV file."""


class Tritone:
    """The server's `POST /v1/audio/speech`, as an OpenAI client uses it."""

    name = "tritone"

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def speak(self, text: str, voice: str, stream: bool) -> Speech:
        arrivals: list[tuple[float, float]] = []
        began = time.perf_counter()
        with self._client.stream("POST", "/v1/audio/speech", json=self._request(text, voice, "pcm", stream)) as answer:
            _check(answer)
            for piece in answer.iter_raw():
                arrivals.append((time.perf_counter() - began, len(piece) / 2 / RATE_HZ))
        return Speech(tuple(arrivals), time.perf_counter() - began)

    def wav(self, text: str, voice: str) -> bytes:
        answer = self._client.post("/v1/audio/speech", json=self._request(text, voice, "wav", stream=False))
        return _check(answer).content

    def _request(self, text: str, voice: str, form: str, stream: bool) -> dict[str, Any]:
        return {"model": "tts-1", "input": text, "voice": voice, "response_format": form, "stream": stream}


def _check(answer: httpx2.Response) -> httpx2.Response:
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request.url} answered {answer.status_code}: {answer.read().decode()}")
    return answer


class Peer:
    """A program that answers requests in JSON lines (peers/lines.py)."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self._process = process
        self._numbers = itertools.count()
        self._sending = threading.Lock()
        self._waiting: dict[int, SimpleQueue[tuple[float, dict[str, Any]]]] = {}
        assert process.stdin is not None and process.stdout is not None
        if not json.loads(process.stdout.readline() or "{}").get("ready"):
            raise RuntimeError(f"{name} did not start; see above")
        self._receiving = threading.Thread(target=self._receive, daemon=True)
        self._receiving.start()

    def speak(self, text: str, voice: str, stream: bool) -> Speech:
        return self._ask(text, voice, stream)

    def wav(self, text: str, voice: str) -> bytes:
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            self._ask(text, voice, stream=False, file=file.name)
            return Path(file.name).read_bytes()

    def _ask(self, text: str, voice: str, stream: bool, file: str | None = None) -> Speech:
        answers: SimpleQueue[tuple[float, dict[str, Any]]] = SimpleQueue()
        arrivals: list[tuple[float, float]] = []
        began = time.perf_counter()
        with self._sending:
            number = next(self._numbers)
            self._waiting[number] = answers
            kokoro_voice = ALIASES.get(voice, voice)
            request = {"id": number, "text": text, "voice": kokoro_voice, "stream": stream, "file": file}
            print(json.dumps(request), file=self._process.stdin, flush=True)
        while True:
            at, answer = answers.get()
            if "error" in answer:
                raise RuntimeError(f"{self.name} failed at {text!r}: {answer['error']}")
            if "done" in answer:
                del self._waiting[number]
                return Speech(tuple(arrivals), at - began)
            arrivals.append((at - began, answer["samples"] / answer["rate"]))

    def close(self) -> None:
        self._process.kill()
        self._receiving.join()

    def _receive(self) -> None:
        for line in self._process.stdout or ():
            at, answer = time.perf_counter(), json.loads(line)
            self._waiting[answer["id"]].put((at, answer))
        for waiting in self._waiting.values():
            waiting.put((0.0, {"error": "the program has ended"}))


@contextmanager
def peer(name: str, command: Sequence[str]) -> Iterator[Peer]:
    """A peer's program, started and loaded, until the end of the block."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            with closing(Peer(name, process)) as program:
                yield program
        finally:
            process.kill()
