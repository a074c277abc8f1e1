"""The response formats of OpenAI's transcriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, PlainTextResponse, Response

from frontend.requests.transcription import TranscriptionRequest, TranslationRequest
from frontend.transcripts import SegmentAnswer, Transcript
from speech.hearing.subtitles import srt, vtt
from speech.languages import NAMES
from speech.token_logprobs import TokenLogprob
from speech.types import Task, Timestamps


class DurationUsage(BaseModel):
    """The duration of the audio, which OpenAI bills."""

    type: Literal["duration"] = "duration"
    seconds: float


class Logprob(BaseModel):
    """A token of the text. The bytes of all tokens together are the text in UTF-8."""

    token: str
    logprob: float
    bytes: list[int]

    @classmethod
    def all_of(cls, tokens: Iterable[TokenLogprob]) -> list[Logprob]:
        return [cls(token=token.token, logprob=token.logprob, bytes=list(token.bytes)) for token in tokens]


class LanguageAnswer(BaseModel):
    """A language of the audio."""

    code: str = Field(description="ISO 639-1 code, as in en")


class Transcription(BaseModel):
    """The answer of response_format json."""

    text: str
    languages: list[LanguageAnswer] = Field(description="The language that is spoken; empty without speech")
    logprobs: list[Logprob] = Field([], description="If asked for by include")
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
    logprobs: list[Logprob] = Field([], description="If asked for by include")
    usage: DurationUsage


def render(transcript: Transcript, wanted: TranscriptionRequest | TranslationRequest) -> Response:
    """`transcript` in the format that was asked for."""
    if wanted.response_format == "verbose_json":
        return JSONResponse(_verbose(transcript, wanted.granularities, wanted.logprobs).model_dump(exclude_unset=True))
    if wanted.response_format == "json":
        return JSONResponse(_json(transcript, wanted.logprobs).model_dump(exclude_unset=True))
    return _PLAIN[wanted.response_format](transcript)


def languages(transcript: Transcript) -> list[LanguageAnswer]:
    """The language that was spoken; empty if nothing was, because it is a guess then."""
    return [LanguageAnswer(code=transcript.language)] if transcript.segments else []


def _json(transcript: Transcript, logprobs: bool) -> Transcription:
    details = {"logprobs": Logprob.all_of(transcript.logprobs)} if logprobs else {}
    return Transcription.model_validate(
        {"text": transcript.text, "languages": languages(transcript), **details, "usage": _usage(transcript)}
    )


def _text(transcript: Transcript) -> Response:
    return PlainTextResponse(transcript.text + "\n")


def _srt(transcript: Transcript) -> Response:
    return PlainTextResponse(srt(transcript.segments))


def _vtt(transcript: Transcript) -> Response:
    return PlainTextResponse(vtt(transcript.segments), media_type="text/vtt")


_PLAIN: Mapping[str, Callable[[Transcript], Response]] = {"text": _text, "srt": _srt, "vtt": _vtt}


def _verbose(transcript: Transcript, granularities: Sequence[Timestamps], logprobs: bool) -> VerboseTranscription:
    language = "en" if transcript.task == "translate" else transcript.language
    details: dict[str, object] = {}
    if "segment" in granularities:
        details["segments"] = [SegmentAnswer.of(segment) for segment in transcript.segments]
    if "word" in granularities:
        details["words"] = [WordAnswer(word=w.word.strip(), start=w.start, end=w.end) for w in transcript.words]
    if logprobs:
        details["logprobs"] = Logprob.all_of(transcript.logprobs)
    return VerboseTranscription.model_validate(
        {
            "task": transcript.task,
            "language": NAMES.get(language, language),
            "duration": transcript.duration,
            "text": transcript.text,
            **details,
            "usage": _usage(transcript),
        }
    )


def _usage(transcript: Transcript) -> DurationUsage:
    return DurationUsage(type="duration", seconds=transcript.duration)
