"""The response formats of OpenAI's transcriptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, PlainTextResponse, Response

from frontend.requests.transcription import ResponseFormat
from frontend.transcripts import SegmentAnswer, Transcript
from speech.hearing.subtitles import srt, vtt
from speech.languages import NAMES
from speech.types import Task, Timestamps


class DurationUsage(BaseModel):
    """The duration of the audio, which OpenAI bills."""

    type: Literal["duration"] = "duration"
    seconds: float


class Transcription(BaseModel):
    """The answer of response_format json."""

    text: str
    usage: DurationUsage


class WordAnswer(BaseModel):
    """A word with its times in seconds."""

    word: str
    start: float
    end: float


class VerboseTranscription(BaseModel):
    """The answer of response_format verbose_json."""

    task: Task
    language: str = Field(description="Name of the language, as in english")
    duration: float = Field(description="Seconds of audio")
    text: str
    segments: list[SegmentAnswer] = Field([], description="If asked for by timestamp_granularities")
    words: list[WordAnswer] = Field([], description="If asked for by timestamp_granularities")
    usage: DurationUsage


def render(
    transcript: Transcript, response_format: ResponseFormat, granularities: Sequence[Timestamps] = ("segment",)
) -> Response:
    """`transcript` in one of the formats. The granularities are for verbose_json."""
    if response_format == "verbose_json":
        return JSONResponse(_verbose(transcript, granularities).model_dump(exclude_unset=True))
    return _PLAIN[response_format](transcript)


def _json(transcript: Transcript) -> Response:
    return JSONResponse(Transcription(text=transcript.text, usage=_usage(transcript)).model_dump())


def _text(transcript: Transcript) -> Response:
    return PlainTextResponse(transcript.text + "\n")


def _srt(transcript: Transcript) -> Response:
    return PlainTextResponse(srt(transcript.segments))


def _vtt(transcript: Transcript) -> Response:
    return PlainTextResponse(vtt(transcript.segments), media_type="text/vtt")


_PLAIN: Mapping[str, Callable[[Transcript], Response]] = {"json": _json, "text": _text, "srt": _srt, "vtt": _vtt}


def _verbose(transcript: Transcript, granularities: Sequence[Timestamps]) -> VerboseTranscription:
    language = "en" if transcript.task == "translate" else transcript.language
    times: dict[str, object] = {}
    if "segment" in granularities:
        times["segments"] = [SegmentAnswer.of(segment) for segment in transcript.segments]
    if "word" in granularities:
        times["words"] = [WordAnswer(word=w.word.strip(), start=w.start, end=w.end) for w in transcript.words]
    return VerboseTranscription.model_validate(
        {
            "task": transcript.task,
            "language": NAMES.get(language, language),
            "duration": transcript.duration,
            "text": transcript.text,
            **times,
            "usage": _usage(transcript),
        }
    )


def _usage(transcript: Transcript) -> DurationUsage:
    return DurationUsage(type="duration", seconds=transcript.duration)
