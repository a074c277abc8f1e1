"""OpenAI's list of models."""

from __future__ import annotations

import asyncio
from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.openapi.operation import documented, json_answer
from frontend.requests.speech import model_names
from frontend.service import DEFAULT_TRANSCRIPTION_MODEL, Service
from frontend.state import AppState
from speech.errors import UnknownModel


class ModelCard(BaseModel):
    """A model in OpenAI's format."""

    id: str
    object: Literal["model"] = "model"
    created: int = Field(description="When this server started, in seconds since 1970")
    owned_by: str = "tritone"


class ModelList(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelCard]


@documented(json_answer(ModelList))
async def models(request: Request[AppState]) -> Response:
    """List all models: those that transcribe, then those that speak."""
    created = int(request.state["started"])
    names = await _names(request.state["service"])
    return JSONResponse(ModelList(data=[ModelCard(id=name, created=created) for name in names]).model_dump())


@documented(json_answer(ModelCard), errors=(404, 500, 503))
async def model(request: Request[AppState]) -> Response:
    """Describe one model."""
    name, names = request.path_params["name"], await _names(request.state["service"])
    if name not in names:
        raise UnknownModel(f"no model {name!r}; GET /v1/models lists them: {', '.join(names)}", "model")
    return JSONResponse(ModelCard(id=name, created=int(request.state["started"])).model_dump())


async def _names(service: Service) -> list[str]:
    listening, speaking = await asyncio.gather(service.models(), service.voices())
    return [DEFAULT_TRANSCRIPTION_MODEL, *(model.name for model in listening), *model_names(speaking)]


ROUTES = [Route("/v1/models", models), Route("/v1/models/{name}", model)]
