"""The speech-to-text and text-to-speech API (stt-tts.md)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.audio_output import speech
from frontend.endpoint import FormEndpoint, JsonEndpoint
from frontend.requests.forms import Form
from frontend.requests.options import read_options
from frontend.requests.speech import TextRequest
from frontend.service import DEFAULT_TRANSCRIPTION_MODEL
from frontend.state import AppState


async def speech_to_text(request: Request[AppState], form: Form) -> Response:
    audio, options = form.file("audio"), read_options(form, ("model",))
    transcript = await request.state["service"].transcript(audio, options)
    return JSONResponse({"transcript": transcript.text, "model": options.model or DEFAULT_TRANSCRIPTION_MODEL})


async def text_to_speech(request: Request[AppState], fields: Mapping[str, Any]) -> Response:
    wanted, service = TextRequest.read(fields), request.state["service"]
    whole = await speech(
        service.synthesize(wanted.text, wanted.options(await service.voices())), wanted.response_format
    )
    audio = base64.b64encode(whole.file).decode()
    return JSONResponse({"audio_base64": audio, "model": wanted.model, "voice": wanted.voice})


# Both spellings: a redirect from one to the other would make clients send the body twice, or lose it.
ROUTES = [
    *(Route(path, FormEndpoint(speech_to_text), methods=["POST"]) for path in ("/api/stt/", "/api/stt")),
    *(Route(path, JsonEndpoint(text_to_speech), methods=["POST"]) for path in ("/api/tts/", "/api/tts")),
]
