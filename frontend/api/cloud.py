"""The cloud inference server's API (cloud-inference-server.md)."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.endpoint import FieldsEndpoint, FormEndpoint
from frontend.forms import Form
from frontend.options import read_options
from frontend.speech_request import FileRequest
from frontend.speeches import audio_file, audio_stream
from frontend.state import AppState
from frontend.streams import opened


async def transcribe(request: Request[AppState], form: Form) -> Response:
    audio, options = form.file("file"), read_options(form, ("model", "language", "prompt"))
    transcript = await request.state["service"].transcript(audio, options)
    return JSONResponse({"text": transcript.text})


async def text_to_speech(request: Request[AppState], fields: Mapping[str, str]) -> Response:
    wanted, service = FileRequest.read(fields), request.state["service"]
    events = service.synthesize(wanted.text, wanted.options(await service.voices()))
    if not wanted.stream:
        return await audio_file(events, wanted.response_format)
    return audio_stream(await opened(events), wanted.response_format)


ROUTES = [
    Route("/api/v1/transcribe", FormEndpoint(transcribe), methods=["POST"]),
    Route("/api/v1/text-to-speech", FieldsEndpoint(text_to_speech), methods=["POST"]),
]
