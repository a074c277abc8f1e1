"""OpenAI's list of models."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.requests.speech import model_names
from frontend.service import DEFAULT_TRANSCRIPTION_MODEL, Service
from frontend.state import AppState
from speech.errors import UnknownModel


async def models(request: Request[AppState]) -> Response:
    names = await _names(request.state["service"])
    return JSONResponse({"object": "list", "data": [_render(name, request.state["started"]) for name in names]})


async def model(request: Request[AppState]) -> Response:
    name, names = request.path_params["name"], await _names(request.state["service"])
    if name not in names:
        raise UnknownModel(f"no model {name!r}; GET /v1/models lists them: {', '.join(names)}", "model")
    return JSONResponse(_render(name, request.state["started"]))


async def _names(service: Service) -> list[str]:
    """Those that listen, then those that speak."""
    listening, speaking = await asyncio.gather(service.models(), service.voices())
    return [DEFAULT_TRANSCRIPTION_MODEL, *(model.name for model in listening), *model_names(speaking)]


def _render(name: str, started: float) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": int(started), "owned_by": "tritone"}


ROUTES = [Route("/v1/models", models), Route("/v1/models/{name}", model)]
