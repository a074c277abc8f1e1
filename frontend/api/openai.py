"""OpenAI's list of models."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.service import DEFAULT_MODEL
from frontend.state import AppState


async def models(request: Request[AppState]) -> Response:
    loaded = await request.state["service"].models()
    names = [DEFAULT_MODEL, *(model.name for model in loaded)]
    return JSONResponse({"object": "list", "data": [_render(name, request.state["started"]) for name in names]})


async def model(request: Request[AppState]) -> Response:
    name = request.path_params["name"]
    await request.state["service"].model(name)
    return JSONResponse(_render(name, request.state["started"]))


def _render(name: str, started: float) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": int(started), "owned_by": "tritone"}


ROUTES = [Route("/v1/models", models), Route("/v1/models/{name}", model)]
