"""Transcripts: the segments of a file put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel

from speech.events import Done, Segment, Word


@dataclass(frozen=True)
class Transcript:
    """A whole transcription. `text` is the segments' text joined and stripped; `duration` is in seconds of audio."""

    text: str
    language: str
    duration: float
    segments: tuple[Segment, ...] = ()
    language_probability: float = 1.0
    model: str = ""
    task: str = "transcribe"

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for segment in self.segments for word in segment.words or ())


class SegmentAnswer(BaseModel):
    """A piece of the transcript. `seek` is in centiseconds, `start` and `end` are in seconds."""

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

    @classmethod
    def of(cls, segment: Segment) -> Self:
        return cls.model_validate(segment.to_dict())


def transcript(segments: Sequence[Segment], done: Done) -> Transcript:
    """The segments, with what the last event tells of the whole."""
    return Transcript(
        text=text(segments),
        language=done.language,
        duration=done.duration,
        segments=tuple(segments),
        language_probability=done.language_probability,
        model=done.model,
        task=done.task,
    )


def text(segments: Iterable[Segment]) -> str:
    return "".join(segment.text for segment in segments).strip()
