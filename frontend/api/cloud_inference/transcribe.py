"""POST /api/v1/transcribe: a file in, its text out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.endpoint import FormEndpoint
from frontend.requests.forms import Form
from frontend.requests.options import read_options
from frontend.state import AppState


async def transcribe(request: Request[AppState], form: Form) -> Response:
    audio, options = form.file("file"), read_options(form, ("model", "language", "prompt"))
    transcript = await request.state["service"].transcript(audio, options)
    return JSONResponse({"text": transcript.text})


ROUTES = [Route("/api/v1/transcribe", FormEndpoint(transcribe), methods=["POST"])]
