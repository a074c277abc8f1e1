"""Plain data that passes between the stages. Times are seconds from the start of the audio."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

INPUT_RATE_HZ = 16_000
"""Rate of all audio that Whisper and the VAD see."""

OUTPUT_RATE_HZ = 24_000
"""Rate of all synthesized audio."""

Task = Literal["transcribe", "translate"]
Timestamps = Literal["segment", "word"]


@dataclass(frozen=True)
class TranscribeOptions:
    """How to transcribe; the fields are the request parameters of the model `transcribe` (speech/contract.py)."""

    model: str = ""
    language: str = ""
    task: Task = "transcribe"
    prompt: str = ""
    temperature: float = 0.0
    timestamps: Timestamps = "segment"
    no_speech_threshold: float = 0.6
    logprob_threshold: float = -1.0
    compression_ratio_threshold: float = 2.4


@dataclass(frozen=True)
class LiveOptions:
    """How to listen to live speech; the fields are request parameters of the model `transcribe` too."""

    partials: bool = True
    endpoint_silence_s: float = 0.5
    max_utterance_s: float = 20.0


@dataclass(frozen=True)
class SynthesizeOptions:
    """How to speak; the fields are the request parameters of the model `synthesize` (speech/contract.py)."""

    voice: str = "default"
    speed: float = 1.0
    emotion: str = "neutral"
    language: str = ""
    precision: str = ""
    chunk_length: float = 200
    lead_in_s: float = 0.05
    trailing_silence_s: float = 0.2


@dataclass(frozen=True)
class Word:
    """One word as it stands in the text (with its leading space, where the language has one)."""

    word: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True)
class Segment:
    """A finished piece of a transcript, with the fields of OpenAI's verbose_json.

    `seek` is the start of the decoded window in centiseconds; `tokens` are Whisper's token ids.
    """

    id: int
    seek: int
    start: float
    end: float
    text: str
    tokens: tuple[int, ...]
    temperature: float
    avg_logprob: float
    compression_ratio: float
    no_speech_prob: float
    words: tuple[Word, ...] | None = None


@dataclass(frozen=True)
class Transcript:
    """A whole transcription; `text` is the segments' text joined and stripped."""

    text: str
    language: str
    duration: float
    segments: tuple[Segment, ...] = ()
    language_probability: float = 1.0
    model: str = ""
    task: Task = "transcribe"

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for segment in self.segments for word in segment.words or ())


@dataclass(frozen=True)
class Event:
    """One response of a model: `type` and the fields that speech/contract.py documents for it.

    `audio` is speech (float32 [samples], 24 kHz) where the model synthesizes it.
    """

    type: str
    fields: dict[str, Any] = field(default_factory=dict)
    index: int = 0
    audio: NDArray[np.float32] | None = None
