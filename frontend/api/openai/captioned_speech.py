"""Speech with the times of its words in Kokoro-FastAPI's shape: /v1/audio/speech/captions for its clients."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.api.openai.captions import within_sound
from frontend.audio_output import pieces, speech
from frontend.endpoint import Endpoint
from frontend.openapi.operation import documented, json_answer
from frontend.requests.body import JSON_TYPE
from frontend.requests.speech import CaptionedSpeechRequest
from frontend.state import AppState
from frontend.streams import ByteStream, Opened, opened
from speech.events import Audio, Event, TimedWord
from speech.sound.encoder import get_format


class WordTimestamp(BaseModel):
    """A word and its times in seconds of the speech."""

    word: str
    start_time: float
    end_time: float


class CaptionedSpeech(BaseModel):
    """The audio file in base64, and its words. With `stream`, each line has the next piece of the file, and the words
    of the sentences that begin with it."""

    audio: str
    audio_format: str = Field(description="Media type of the audio")
    timestamps: list[WordTimestamp]


@documented(json_answer(CaptionedSpeech))
async def captioned_speech(request: Request[AppState], wanted: CaptionedSpeechRequest) -> Response:
    """Speak a text, and tell the times of its words, as Kokoro-FastAPI does.

    Unless `stream` is false, the answer is one JSON object on each line.
    """
    service = request.state["service"]
    events = service.synthesize(wanted.input, wanted.synthesis_options(await wanted.speech_model(service)))
    if wanted.stream:
        source = await opened(events)
        return ByteStream(source, _lines(source, wanted), JSON_TYPE)
    whole = await speech(events, wanted.response_format, wanted.sample_rate)
    sentences = within_sound(whole, wanted.trailing_silence_s)
    words = [word for sentence in sentences for word in sentence.words or ()]
    return JSONResponse(_answer(wanted, whole.file, words))


async def _lines(source: Opened[Event], wanted: CaptionedSpeechRequest) -> AsyncGenerator[str, None]:
    """Every line has audio. Words that come while the encoder holds their audio back wait for it."""
    words: list[TimedWord] = []
    async with aclosing(pieces(source, wanted.response_format, wanted.sample_rate)) as parts:
        async for event, data in parts:
            if isinstance(event, Audio):
                words += event.words or ()
            if data:
                yield json.dumps(_answer(wanted, data, words), ensure_ascii=False) + "\n"
                words = []


def _answer(wanted: CaptionedSpeechRequest, audio: bytes, words: Iterable[TimedWord]) -> dict[str, Any]:
    timestamps = [WordTimestamp(word=word.word, start_time=word.start, end_time=word.end) for word in words]
    return CaptionedSpeech(
        audio=base64.b64encode(audio).decode(),
        audio_format=get_format(wanted.response_format).content_type,
        timestamps=timestamps if wanted.return_timestamps else [],
    ).model_dump()


ROUTES = [Route("/dev/captioned_speech", Endpoint(CaptionedSpeechRequest, captioned_speech), methods=["POST"])]
