"""Sample rates, and the options of the models. Events are in speech/events.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
