"""Recordings of speech for a live server, cut so that the last sample is the end of speech."""

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
"""Sample rate of all audio here."""
PAUSES_S = (0.4, 0.5, 0.6)
"""Seconds of the pauses between the sentences of an utterance, in rotation."""
LONGEST_S = 18.5
"""Maximum duration of an utterance in seconds. The server does not cut it either, because it is less than two thirds of
the largest `max_utterance_s`."""
FILE_S = 60.0
"""Approximate duration of the longest file in seconds."""
_FRAME = RATE_HZ // 100
"""Samples of the frames whose power is measured."""
_QUIET_DB = 35
"""Frames that are this much quieter than the loud ones are not speech. The noise of the recordings is quieter by 45 dB
or more."""
_ROOM = 8e-4
"""Root mean square of the noise in pauses, which is the median of the recordings' own noise."""


@dataclass(frozen=True)
class Utterance:
    """One or more sentences of speech."""

    pcm: Float
    """float32 [samples], 16 kHz; speech from the first sample to the last."""
    text: str
    sentences: int
    """The number of sentences."""

    @property
    def seconds(self) -> float:
        """The duration."""
        return len(self.pcm) / RATE_HZ


def utterance_sets(data: Path) -> dict[str, list[Utterance]]:
    """Single sentences, and utterances of three sentences that follow each other in the book."""
    sentences = _sentences(data)
    threes = [joined(sentences[i : i + 3]) for i in range(len(sentences) - 2)]
    return {
        "1 sentence": [sentence for sentence in sentences if 4 < sentence.seconds < 10],
        "3 sentences": [utterance for utterance in threes if utterance.seconds < LONGEST_S],
    }


def files(data: Path) -> dict[str, Utterance]:
    """Utterances for the endpoint that takes files: one of three sentences, and one of about a minute."""
    sentences = _sentences(data)
    minute: list[Utterance] = []
    while len(minute) < len(sentences) and sum(sentence.seconds for sentence in minute) < FILE_S:
        minute.append(sentences[len(minute)])
    return {"3 sentences": utterance_sets(data)["3 sentences"][0], f"{len(minute)} sentences": joined(minute)}


def joined(sentences: Sequence[Utterance]) -> Utterance:
    """The sentences as one utterance, with pauses between them."""
    parts = [sentences[0].pcm]
    for i, sentence in enumerate(sentences[1:]):
        parts += [room(round(PAUSES_S[i % len(PAUSES_S)] * RATE_HZ)), sentence.pcm]
    return Utterance(np.concatenate(parts), " ".join(sentence.text for sentence in sentences), len(sentences))


def room(samples: int) -> Float:
    """Noise of a quiet room: float32 [samples]."""
    return np.random.default_rng(samples).normal(0, _ROOM, samples).astype(np.float32)


def speech_of(pcm: Float) -> Float:
    """`pcm` from the first to the last frame of speech."""
    frames = pcm[: len(pcm) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.sqrt((frames**2).mean(axis=1))
    speech = np.flatnonzero(power > np.percentile(power, 95) * 10 ** (-_QUIET_DB / 20))
    return pcm[speech[0] * _FRAME : (speech[-1] + 1) * _FRAME]


def pcm16(pcm: Float) -> bytes:
    """float32 [samples] as signed 16 bit, little-endian."""
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
