"""The speech-to-text and text-to-speech API (stt-tts.md)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.endpoint import FormEndpoint
from frontend.forms import Form
from frontend.options import read_options
from frontend.service import DEFAULT_MODEL
from frontend.state import AppState


async def speech_to_text(request: Request[AppState], form: Form) -> Response:
    audio, options = form.file("audio"), read_options(form, ("model",))
    transcript = await request.state["service"].transcript(audio, options)
    return JSONResponse({"transcript": transcript.text, "model": options.model or DEFAULT_MODEL})


# Both spellings: a redirect from one to the other would make clients send the file twice, or lose it.
ROUTES = [Route(path, FormEndpoint(speech_to_text), methods=["POST"]) for path in ("/api/stt/", "/api/stt")]
