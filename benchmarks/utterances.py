"""Real speech to say to a live server, of which the last sample that is speech is known."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

Float = NDArray[np.float32]

RATE_HZ = 16_000
PAUSES_S = (0.4, 0.5, 0.6)
"""Between the sentences of an utterance, in turns."""
LONGEST_S = 18.5
"""Of an utterance, so that it can be one to the server too (two thirds of the longest `max_utterance_s`)."""
FILE_S = 60.0
"""About what the longest file lasts."""
_FRAME = RATE_HZ // 100
_QUIET_DB = 35
"""Frames that are so far below the loud ones are no speech: the clips' own noise is 45 dB below them or less."""
_ROOM = 8e-4
"""Power (root mean square) of the noise in pauses, the median of these clips'."""


@dataclass(frozen=True)
class Utterance:
    """float32 [samples], 16 kHz: speech from the first sample to the last one, and the words."""

    pcm: Float
    text: str
    sentences: int

    @property
    def seconds(self) -> float:
        return len(self.pcm) / RATE_HZ


def utterance_sets(data: Path) -> dict[str, list[Utterance]]:
    """Single sentences, and runs of three in the order of the book, as the speaker says them without a stop."""
    sentences = _sentences(data)
    threes = [said(sentences[i : i + 3]) for i in range(len(sentences) - 2)]
    return {
        "1 sentence": [sentence for sentence in sentences if 4 < sentence.seconds < 10],
        "3 sentences": [utterance for utterance in threes if utterance.seconds < LONGEST_S],
    }


def files(data: Path) -> dict[str, Utterance]:
    """For the endpoint that takes files: one of the runs of three, and about a minute."""
    sentences = _sentences(data)
    minute: list[Utterance] = []
    while len(minute) < len(sentences) and sum(sentence.seconds for sentence in minute) < FILE_S:
        minute.append(sentences[len(minute)])
    return {"3 sentences": utterance_sets(data)["3 sentences"][0], f"{len(minute)} sentences": said(minute)}


def said(sentences: Sequence[Utterance]) -> Utterance:
    """The sentences with pauses between them, and none after the last."""
    parts = [sentences[0].pcm]
    for i, sentence in enumerate(sentences[1:]):
        parts += [room(round(PAUSES_S[i % len(PAUSES_S)] * RATE_HZ)), sentence.pcm]
    return Utterance(np.concatenate(parts), " ".join(sentence.text for sentence in sentences), len(sentences))


def room(samples: int) -> Float:
    """The sound of nobody speaking."""
    return np.random.default_rng(samples).normal(0, _ROOM, samples).astype(np.float32)


def speech_of(pcm: Float) -> Float:
    """Without what is before and after the speech."""
    frames = pcm[: len(pcm) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.sqrt((frames**2).mean(axis=1))
    speech = np.flatnonzero(power > np.percentile(power, 95) * 10 ** (-_QUIET_DB / 20))
    return pcm[speech[0] * _FRAME : (speech[-1] + 1) * _FRAME]


def pcm16(pcm: Float) -> bytes:
    return (pcm * 32767).round().astype("<i2").tobytes()


def _sentences(data: Path) -> list[Utterance]:
    def one(entry: dict[str, Any]) -> Utterance:
        return Utterance(speech_of(soundfile.read(data / entry["file"], dtype="float32")[0]), entry["text"], 1)

    return [one(entry) for entry in _entries(data) if entry["source"] == "ljspeech"]


def _entries(data: Path) -> Iterator[dict[str, Any]]:
    manifest = data / "manifest.jsonl"
    if not manifest.exists():
        sys.exit(f"no {manifest}: give --data a folder of recordings with file, text and source in manifest.jsonl")
    yield from map(json.loads, manifest.read_text().splitlines())
