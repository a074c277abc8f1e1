"""Whole transcripts, built from the events of a transcription."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel

from speech.events import Done, Segment, Word
from speech.token_logprobs import TokenLogprob, stripped


@dataclass(frozen=True)
class Transcript:
    """The transcript of a whole file."""

    text: str
    """The text of all segments, without white space around it."""
    language: str
    """Code of the language, such as `en`."""
    duration: float
    """Seconds of audio."""
    segments: tuple[Segment, ...] = ()
    language_probability: float = 1.0
    """0 to 1; 1 if the language was given."""
    model: str = ""
    task: str = "transcribe"

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all segments; empty unless `timestamps` was "word"."""
        return tuple(word for segment in self.segments for word in segment.words or ())

    @property
    def logprobs(self) -> tuple[TokenLogprob, ...]:
        """The tokens of `text`; empty unless `logprobs` was true."""
        return stripped([token for segment in self.segments for token in segment.logprobs or ()])


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
    """The transcript that consists of these segments and the facts in the last event."""
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
    """The text of all segments, without white space around it."""
    return "".join(segment.text for segment in segments).strip()
