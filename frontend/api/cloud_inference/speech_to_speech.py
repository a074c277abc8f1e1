"""Speech to speech of the cloud inference server: a file in, a file out (cloud-inference-server.md)."""

from __future__ import annotations

import base64
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.api.cloud_inference.conversion import Conversion, converted, with_some_sound
from frontend.audio_output import sound
from frontend.endpoint import FormEndpoint
from frontend.requests.conversation import JSON, ConversionRequest
from frontend.requests.forms import Form
from frontend.state import AppState
from frontend.streams import ByteStream, Opened, opened
from speech.events import Done, Event
from speech.sound.encoder import get_format


async def speech_to_speech(request: Request[AppState], form: Form) -> Response:
    audio = form.file("file")
    wanted = ConversionRequest.read({name: form.text(name) for name in form.fields})
    service = request.state["service"]
    hearing = await wanted.hearing(service)
    events = await opened(service.converse(audio, hearing, wanted.options(await service.voices())))
    if wanted.response_format != JSON and wanted.stream:
        return _stream(events, wanted.response_format)
    async with aclosing(events):
        if wanted.response_format == JSON:
            return _json(await converted(events, wanted.audio_format), wanted.audio_format)
        whole = await converted(events, wanted.response_format)
    return Response(whole.file, media_type=get_format(wanted.response_format).content_type)


def _stream(source: Opened[Event], response_format: str) -> Response:
    content = sound(with_some_sound(source), response_format, Done)
    return ByteStream(source, content, get_format(response_format).content_type)


def _json(whole: Conversion, audio_format: str) -> Response:
    heard = whole.heard
    return JSONResponse(
        {
            "text": heard.text,
            "segments": [segment.to_dict() for segment in heard.segments],
            "language": heard.language,
            "duration": heard.duration,
            "audio": base64.b64encode(whole.file).decode(),
            "format": audio_format,
        }
    )


ROUTES = [Route("/api/v1/speech-to-speech", FormEndpoint(speech_to_speech), methods=["POST"])]
