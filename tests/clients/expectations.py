"""What a call is expected to get. Each expectation says in a few words what was got instead, if it was not met."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import av
import numpy as np

from tests.clients.catalogue import Outcome
from tests.clients.recordings import FOX_TEXT, SPANISH_TEXT
from tests.frontend.sound import decoded

NUMBERS = dict(enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1))
MIN_S, MAX_S = 0.9, 2.2
"""Limits of the duration of the text that clients have synthesized, in any voice."""
MIN_PEAK = 0.05
"""Quieter samples are silence."""
MAX_WORDS = 8
_STATUS = re.compile(r"Error code: (\d{3})")
_CODES = re.compile(r"WEBVTT|^\d+$|^[\d:,.]+ --> [\d:,.]+$|<[^>]*>", re.MULTILINE)


class Expectation(Protocol):
    @property
    def met(self) -> str:
        """What the table says if the expectation is met."""

    def got(self, outcome: Outcome) -> str:
        """What the table says: `met`, or what came instead."""


class _OfAnswers:
    """An expectation of a call that succeeds."""

    def got(self, outcome: Outcome) -> str:
        if "error" in outcome:
            return failure(outcome["error"])
        return self.judge(outcome["got"])

    def judge(self, got: Any) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(_OfAnswers):
    """The words of a recording."""

    words: str = FOX_TEXT
    met: str = "text"
    having: Mapping[str, Any] | None = None
    """Members of the answer beside the text, with their values; None: any value that is not empty."""

    def judge(self, got: Any) -> str:
        text = got if isinstance(got, str) else got["text"]
        if normalized(_CODES.sub(" ", text)) != normalized(self.words):
            return f"another text: {_short(text)}" if text.strip() else "no text"
        for name, value in (self.having or {}).items():
            if not got.get(name) if value is None else got.get(name) != value:
                return f"no {name}" if not got.get(name) else f"{name}: {_short(str(got[name]))}"
        return self.met


@dataclass(frozen=True)
class Logprobs(Text):
    """The words of a recording, with the log-probabilities of tokens that join to the same text."""

    met: str = "text, log-probabilities"

    def judge(self, got: Any) -> str:
        said = super().judge(got)
        if said != self.met:
            return said
        if got["joined"].strip() != got["text"].strip():
            return f"tokens of another text: {_short(got['joined'])}"
        if not got["logprobs"] or max(got["logprobs"]) > 0:
            return "no log-probabilities"
        return self.met


@dataclass(frozen=True)
class Events(_OfAnswers):
    """The words of a recording as server-sent events."""

    met: str = "text"

    def judge(self, got: Any) -> str:
        events = _events(got)
        text = "".join(event["delta"] for event in events if event["type"] == "transcript.text.delta")
        return Text(met=self.met).judge(text)


@dataclass(frozen=True)
class Audio(_OfAnswers):
    """Speech in a format: FFmpeg's name of it, or pcm."""

    format: str
    min_s: float = MIN_S
    max_s: float = MAX_S
    rate_hz: int | None = None
    pause_s: float = 0.0
    """At least this long a silence is in it."""
    heard: bool = False
    """The client also had a recording transcribed."""

    @property
    def met(self) -> str:
        audio = self.format if self.rate_hz is None else f"{self.format}, {self.rate_hz} Hz"
        return f"text, {audio}" if self.heard else audio

    def judge(self, got: Any) -> str:
        if self.heard and Text().judge(got) != Text.met:
            return Text().judge(got)
        if not isinstance(got, dict) or "audio" not in got:
            return f"no audio: {_short(str(got))}"
        data, pcm_rate_hz = base64.b64decode(got["audio"]), got["pcm_rate_hz"]
        try:
            return self._judge_file(data, pcm_rate_hz)
        except av.error.FFmpegError as error:
            return f"broken audio: {error}"

    def _judge_file(self, data: bytes, pcm_rate_hz: int | None) -> str:
        if data.startswith(b"RIFF") and pcm_rate_hz is not None:
            return "wav"
        if pcm_rate_hz is not None:
            kind, rate_hz = "pcm", pcm_rate_hz
            pcm = decoded(data[: len(data) // 2 * 2], "pcm")
            duration_s = len(pcm) / pcm_rate_hz
        else:
            with av.open(io.BytesIO(data), "r") as container:
                kind, rate_hz = container.format.name, container.streams.audio[0].rate
            pcm = decoded(data, kind)
            duration_s = len(pcm) / 24_000
        if kind != self.format:
            return kind
        if self.rate_hz not in (None, rate_hz):
            return f"{kind}, {rate_hz} Hz"
        if not self.min_s <= duration_s <= self.max_s:
            return f"{kind}, too long" if duration_s > self.max_s else f"{kind}, too short"
        loud = np.flatnonzero(np.abs(pcm) >= MIN_PEAK)
        if not len(loud):
            return f"{kind}, silent"
        pause_s = np.diff(loud).max() / len(pcm) * duration_s
        return self.met if pause_s >= self.pause_s else f"{kind}, no pause"


@dataclass(frozen=True)
class AudioEvents(_OfAnswers):
    """Speech as server-sent events."""

    format: str

    @property
    def met(self) -> str:
        return f"events with {self.format}"

    def judge(self, got: Any) -> str:
        pieces = [event["audio"] for event in _events(got) if event["type"] == "speech.audio.delta"]
        said = Audio(self.format).judge(_file(b"".join(map(base64.b64decode, pieces))))
        return self.met if said == self.format else f"events with {said}"


@dataclass(frozen=True)
class Captions(_OfAnswers):
    """Speech with the times of its words, as Kokoro-FastAPI answers: one JSON object, or one on each line."""

    format: str = "mp3"
    met: str = "mp3, times of words"

    def judge(self, got: Any) -> str:
        parts = [got] if isinstance(got, dict) else [json.loads(line) for line in got.splitlines() if line]
        said = Audio(self.format).judge(_file(b"".join(base64.b64decode(part["audio"]) for part in parts)))
        if said != self.format:
            return said
        words = [word for part in parts for word in part["timestamps"] or ()]
        times = [time for word in words for time in (word["start_time"], word["end_time"])]
        return self.met if words and times == sorted(times) else "no times of words"


@dataclass(frozen=True)
class Names(_OfAnswers):
    """A list that has these names, or one name."""

    names: Sequence[str]
    member: str = ""
    """The member of the answer that has the list, if it is not the answer itself."""
    met: str = "listed"
    texts: bool = False
    """The names are texts and not members of objects."""

    def judge(self, got: Any) -> str:
        items = got[self.member] if self.member else got
        if self.texts and not all(isinstance(item, str) for item in items):
            return "objects"
        found = [item["id"] if isinstance(item, dict) else item for item in items]
        missing = [name for name in self.names if name not in found]
        return f"without {', '.join(missing)}" if missing else self.met


@dataclass(frozen=True)
class Exactly(_OfAnswers):
    """This value."""

    value: str
    member: str = ""

    @property
    def met(self) -> str:
        return self.value

    def judge(self, got: Any) -> str:
        return str(got[self.member] if self.member else got)


@dataclass(frozen=True)
class Refused:
    """An error with this status, because the server does not do this."""

    status: int

    @property
    def met(self) -> str:
        return f"error {self.status}"

    def got(self, outcome: Outcome) -> str:
        return failure(outcome["error"]) if "error" in outcome else "no error"


SPANISH = Text(SPANISH_TEXT)


def normalized(text: str) -> list[str]:
    """The words of a text, without punctuation and with numbers to ten in letters."""
    words = re.findall(r"\w+", text.lower())
    return [NUMBERS.get(int(word), word) if word.isdecimal() else word for word in words]


def failure(error: str) -> str:
    """An error in a few words."""
    status = _STATUS.search(error)
    return f"error {status[1]}" if status else _short(error)


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:MAX_WORDS]) + (" …" if len(words) > MAX_WORDS else "")


def _file(data: bytes) -> dict[str, Any]:
    return {"audio": base64.b64encode(data).decode(), "pcm_rate_hz": None}


def _events(text: str) -> list[dict[str, Any]]:
    lines = (line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: {"))
    return [json.loads(line) for line in lines]
