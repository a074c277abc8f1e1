"""Speech synthesis as OpenAI's clients ask for it (openai-tts.md)."""

from __future__ import annotations

import base64
import math
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from frontend.audio_output import audio_file, audio_stream, pieces
from frontend.endpoint import Endpoint
from frontend.openapi.operation import AUDIO, documented, event_answer
from frontend.requests.speech import ExtendedSpeechRequest, SpeechRequest
from frontend.state import AppState
from frontend.streams import EventStream, Opened, opened
from speech.events import AudioDone, Event

RAW_RESPONSE_HEADER = "x-stainless-raw-response"
"""The header with which OpenAI's SDKs ask for a stream (`with_streaming_response`): its value is then `stream`."""
_FRAMES_PER_S = 40
"""Frames of Kokoro's decoder, which count as audio tokens."""


class SpeechDelta(BaseModel):
    """The next piece of the audio file, in base64."""

    type: Literal["speech.audio.delta"]
    audio: str


class SpeechUsage(BaseModel):
    """Input tokens are characters, because Kokoro has no text tokens; output tokens are frames of 25 ms."""

    input_tokens: int
    output_tokens: int
    total_tokens: int


class SpeechDone(BaseModel):
    """The last event."""

    type: Literal["speech.audio.done"]
    usage: SpeechUsage


EXAMPLES = {
    "openai-tts.md": {
        "model": "s1-mini",
        "input": "Text to synthesize",
        "voice": "default",
        "response_format": "wav",
        "stream": False,
    },
    "openai-tts.md, streaming": {"input": "...", "stream": True},
}


@documented(*AUDIO, event_answer(SpeechDelta | SpeechDone), examples=EXAMPLES)
async def create(request: Request[AppState], wanted: SpeechRequest) -> Response:
    """Speak a text."""
    service, response_format, sample_rate = request.state["service"], wanted.response_format, wanted.sample_rate
    events = service.synthesize(wanted.input, wanted.synthesis_options(await wanted.speech_model(service)))
    if not is_streamed(request, wanted):
        return await audio_file(events, response_format, sample_rate)
    source = await opened(events)
    if wanted.stream_format == "sse":
        return EventStream(source, _events(source, wanted))
    return audio_stream(source, response_format, sample_rate)


def is_streamed(request: Request[AppState], wanted: SpeechRequest) -> bool:
    """Whether to stream. `stream` decides; if it is not given, `stream_format` or the header of OpenAI's SDKs."""
    if wanted.stream is not None:
        return wanted.stream or wanted.stream_format == "sse"
    return wanted.stream_format is not None or request.headers.get(RAW_RESPONSE_HEADER) == "stream"


async def _events(source: Opened[Event], wanted: SpeechRequest) -> AsyncGenerator[dict[str, Any], None]:
    async with aclosing(pieces(source, wanted.response_format, wanted.sample_rate)) as parts:
        async for event, data in parts:
            if data:
                yield {"type": "speech.audio.delta", "audio": base64.b64encode(data).decode()}
            if isinstance(event, AudioDone):
                yield {"type": "speech.audio.done", "usage": usage(wanted.input, event.duration or 0.0)}


def usage(text: str, duration_s: float) -> dict[str, int]:
    spoken = math.ceil(duration_s * _FRAMES_PER_S)
    return {"input_tokens": len(text), "output_tokens": spoken, "total_tokens": len(text) + spoken}


ROUTES = [
    Route("/v1/audio/speech", Endpoint(SpeechRequest, create), methods=["POST"]),
    Route("/v1/audio/speech/extended", Endpoint(ExtendedSpeechRequest, create), methods=["POST"]),
]
