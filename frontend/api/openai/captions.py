"""Speech with the times of its words: our own addition to OpenAI's /v1/audio/speech."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.api.openai.speech import SpeechUsage, is_streamed, usage
from frontend.audio_output import Speech, pieces, speech
from frontend.endpoint import Endpoint
from frontend.openapi.operation import documented, event_answer, json_answer
from frontend.requests.speech import SpeechRequest
from frontend.state import AppState
from frontend.streams import EventStream, Opened, opened
from speech.events import Audio, AudioDone, Event


class CaptionWord(BaseModel):
    """A word: its times in seconds of the speech, and its place in the text in characters."""

    word: str
    start: float
    end: float
    text_start: int
    text_end: int


class CaptionSegment(BaseModel):
    """A sentence or a clause: its times in seconds of the speech, and its place in the text in characters."""

    id: int
    start: float
    end: float
    text: str
    text_start: int
    text_end: int


class Captions(BaseModel):
    """The whole speech, in base64, and the times of its words."""

    audio: str
    format: str
    duration: float = Field(description="Seconds of speech")
    voice: str
    language: str
    skipped: str = Field("", description="Why nothing was said")
    text: str
    words: list[CaptionWord]
    segments: list[CaptionSegment]


class CaptionsDelta(BaseModel):
    """The next piece of the audio file, in base64, with the words of the sentences that begin with it."""

    type: Literal["speech.audio.delta"]
    audio: str
    words: list[CaptionWord]
    segments: list[CaptionSegment]


class CaptionsDone(BaseModel):
    """The last event."""

    type: Literal["speech.audio.done"]
    duration: float
    voice: str
    language: str
    skipped: str = Field("", description="Why nothing was said")
    usage: SpeechUsage


@documented(json_answer(Captions), event_answer(CaptionsDelta | CaptionsDone))
async def captions(request: Request[AppState], wanted: SpeechRequest) -> Response:
    """Speak a text, and tell the times of its words."""
    service = request.state["service"]
    events = service.synthesize(wanted.input, wanted.synthesis_options(await wanted.speech_model(service)))
    if is_streamed(request, wanted):
        source = await opened(events)
        return EventStream(source, _events(source, wanted))
    whole = await speech(events, wanted.response_format, wanted.sample_rate)
    sentences = within_sound(whole, wanted.trailing_silence_s)
    body = {
        "audio": _base64(whole.file),
        "format": wanted.response_format,
        **whole.done.to_dict(),
        "text": wanted.input,
        "words": [word for sentence in sentences for word in _words(sentence)],
        "segments": list(map(_segment, sentences)),
    }
    return JSONResponse(body)


async def _events(source: Opened[Event], wanted: SpeechRequest) -> AsyncGenerator[dict[str, Any], None]:
    """The words of a sentence come with its first audio, so most words come before their own audio."""
    async with aclosing(pieces(source, wanted.response_format, wanted.sample_rate)) as parts:
        async for event, data in parts:
            about = _NO_WORDS
            if isinstance(event, Audio) and event.words is not None:
                about = {"words": _words(event), "segments": [_segment(event)]}
            if data or about is not _NO_WORDS:
                yield {"type": "speech.audio.delta", "audio": _base64(data), **about}
            if isinstance(event, AudioDone):
                used = usage(wanted.input, event.duration or 0.0)
                yield {"type": "speech.audio.done", **event.to_dict(), "usage": used}


def within_sound(whole: Speech, trailing_silence_s: float) -> list[Audio]:
    """The sentences, with the words cut off where the audio of their sentence ends.

    Kokoro counts the silence after the last word as part of it, but that silence is cut off. A stream cannot do
    this, because it has sent the times before the length is known.
    """
    starts = [sentence.start for sentence in whole.sentences[1:]]
    ends = [*starts, max(0.0, round((whole.done.duration or 0.0) - trailing_silence_s, 3))]
    return [
        replace(sentence, words=tuple(replace(word, end=min(word.end, end)) for word in sentence.words or ()))
        for sentence, end in zip(whole.sentences, ends, strict=False)
    ]


_NO_WORDS: Mapping[str, Any] = {"words": [], "segments": []}


def _words(sentence: Audio) -> list[dict[str, Any]]:
    return [word.to_dict() for word in sentence.words or ()]


def _segment(sentence: Audio) -> dict[str, Any]:
    """A sentence or a clause: `start` and `end` are seconds of the speech, `text_start` and `text_end` characters."""
    words = sentence.words or ()
    return {
        "id": sentence.id,
        "start": words[0].start,
        "end": words[-1].end,
        "text": sentence.text,
        "text_start": sentence.text_start,
        "text_end": sentence.text_end,
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


ROUTES = [Route("/v1/audio/speech/captions", Endpoint(SpeechRequest, captions), methods=["POST"])]
