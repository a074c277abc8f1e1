"""Speech synthesis as OpenAI's clients ask for it (openai-tts.md)."""

from __future__ import annotations

import base64
import math
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from frontend.audio_output import audio_file, audio_stream, pieces
from frontend.endpoint import JsonEndpoint
from frontend.errors import envelope
from frontend.requests.speech import ExtendedSpeechRequest, SpeechRequest
from frontend.state import AppState
from frontend.streams import EventStream, Opened, frame, opened
from speech.errors import SpeechError
from speech.events import AudioDone, Event

UNUSED_HEADER = "x-tritone-unused-parameters"
RAW_RESPONSE_HEADER = "x-stainless-raw-response"
"""OpenAI's SDKs send `stream` in it for `with_streaming_response`, and nothing in the body."""
_FRAMES_PER_S = 40
"""Audio tokens: the frames of Kokoro's decoder."""


async def create(request: Request[AppState], fields: Mapping[str, Any]) -> Response:
    return await _answer(request, SpeechRequest.read(fields))


async def create_extended(request: Request[AppState], fields: Mapping[str, Any]) -> Response:
    return await _answer(request, ExtendedSpeechRequest.read(fields))


async def _answer(request: Request[AppState], wanted: SpeechRequest) -> Response:
    service, response_format = request.state["service"], wanted.response_format
    events = service.synthesize(wanted.input, wanted.options(await service.voices()))
    headers = unused(wanted)
    if not is_streamed(request, wanted):
        return await audio_file(events, response_format, headers)
    source = await opened(events)
    if wanted.stream_format == "sse":
        return EventStream(source, _frames(request.url.path, source, wanted), headers)
    return audio_stream(source, response_format, headers)


def is_streamed(request: Request[AppState], wanted: SpeechRequest) -> bool:
    """As `stream` says; without it, whatever else tells that the client reads a stream."""
    if wanted.stream is not None:
        return wanted.stream or wanted.stream_format == "sse"
    return wanted.stream_format is not None or request.headers.get(RAW_RESPONSE_HEADER) == "stream"


def unused(wanted: SpeechRequest) -> dict[str, str]:
    return {UNUSED_HEADER: ", ".join(wanted.unused)} if wanted.unused else {}


async def _frames(path: str, source: Opened[Event], wanted: SpeechRequest) -> AsyncGenerator[str, None]:
    try:
        async with aclosing(pieces(source, wanted.response_format)) as parts:
            async for event, data in parts:
                if data:
                    yield frame({"type": "speech.audio.delta", "audio": base64.b64encode(data).decode()})
                if isinstance(event, AudioDone):
                    used = usage(wanted.input, event.duration or 0.0)
                    yield frame({"type": "speech.audio.done", "usage": used})
    except SpeechError as error:
        yield frame({"type": "error", **envelope(path, error)})


def usage(text: str, duration_s: float) -> dict[str, int]:
    """A token in is a character, as Kokoro reads sounds and no tokens; one out is 25 ms of speech."""
    spoken = math.ceil(duration_s * _FRAMES_PER_S)
    return {"input_tokens": len(text), "output_tokens": spoken, "total_tokens": len(text) + spoken}


ROUTES = [
    Route("/v1/audio/speech", JsonEndpoint(create), methods=["POST"]),
    Route("/v1/audio/speech/extended", JsonEndpoint(create_extended), methods=["POST"]),
]
