"""Sample rates, and the options of the models. What the options mean is in speech/contract.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

INPUT_RATE_HZ = 16_000
"""Sample rate of the audio that Whisper and the voice activity detector process."""

OUTPUT_RATE_HZ = 24_000
"""Sample rate of synthesized audio."""

MIN_SPEED, MAX_SPEED = 0.25, 4.0
"""The speeds of synthesized speech: factors on the natural pace."""

Task = Literal["transcribe", "translate"]
Timestamps = Literal["segment", "word"]


def split(text: str) -> tuple[str, ...]:
    """The items of a list that is separated by commas; each once, and without empty ones."""
    items = (item.strip() for item in text.split(","))
    return tuple(dict.fromkeys(item for item in items if item))


@dataclass(frozen=True)
class TranscribeOptions:
    """How to transcribe. The fields are request parameters of the model `transcribe`."""

    model: str = ""
    language: str = ""
    languages: str = ""
    task: Task = "transcribe"
    prompt: str = ""
    keywords: str = ""
    temperature: float = 0.0
    timestamps: Timestamps = "segment"
    logprobs: bool = False
    vad_threshold: float = 0.5
    no_speech_threshold: float = 0.6
    logprob_threshold: float = -1.0
    compression_ratio_threshold: float = 2.4

    @property
    def possible_languages(self) -> tuple[str, ...]:
        """Codes of the languages that may be spoken: `language`, else `languages`. Empty if it may be any."""
        return (self.language,) if self.language else split(self.languages)


@dataclass(frozen=True)
class LiveOptions:
    """How to transcribe live speech. The fields are request parameters of the model `transcribe` too."""

    partials: bool = True
    endpoint_silence_s: float = 0.5
    max_utterance_s: float = 20.0


@dataclass(frozen=True)
class SynthesizeOptions:
    """How to speak. The fields are request parameters of the model `synthesize`."""

    voice: str = "default"
    speed: float = 1.0
    emotion: str = "neutral"
    language: str = ""
    precision: str = ""
    chunk_length: float = 200
    lead_in_s: float = 0.05
    trailing_silence_s: float = 0.2
    volume_multiplier: float = 1.0
