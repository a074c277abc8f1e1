"""GET /health: one answer with the fields of all documents that describe it."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.openapi.operation import documented, json_answer
from frontend.service import Service
from frontend.state import AppState
from frontend.version import server_version
from speech.contract import SYNTHESIZE, TRANSCRIBE
from speech.errors import SpeechError

_ANSWER_TIMEOUT_S = 5.0
"""Seconds to wait for the models to describe themselves."""


Status = Literal["healthy", "starting", "unhealthy"]


class Health(BaseModel):
    """The fields of all documents that describe /health."""

    status: Status
    version: str = Field("", description="Version of this server")
    uptime: int = Field(0, description="Seconds since the start")
    provider: str = ""
    models_loaded: bool = False
    device: str | None = Field(None, description="Where the models run: cpu or cuda")
    streaming_enabled: bool = True
    api_status: dict[str, str] = Field({}, description="connected or disconnected, for each server behind this one")


EXAMPLE = {
    "status": "healthy",
    "provider": "s1_mini",
    "models_loaded": True,
    "device": "cuda",
    "streaming_enabled": True,
}


@documented(json_answer(Health, EXAMPLE), json_answer(Health, status=503))
async def health(request: Request[AppState]) -> Response:
    """Tell whether requests can be served.

    503 while Triton starts (`starting`), and when it does not answer (`unhealthy`).
    """
    triton = request.state["triton"]
    loaded = await asyncio.gather(*(triton.is_ready(model.name) for model in (TRANSCRIBE, SYNTHESIZE)))
    ready = all(loaded) and await _answers(request.state["service"])
    live = ready or await triton.is_live()
    body = Health(
        status=_status(ready, live),
        version=server_version(),
        uptime=int(time.time() - request.state["started"]),
        provider="triton",
        models_loaded=ready,
        device=await triton.device(TRANSCRIBE.name) if ready else None,
        streaming_enabled=True,
        api_status={"triton": "connected" if live else "disconnected"},
    )
    return JSONResponse(body.model_dump(), 200 if ready else 503)


def _status(ready: bool, live: bool) -> Status:
    if ready:
        return "healthy"
    return "starting" if live else "unhealthy"


async def _answers(service: Service) -> bool:
    """Whether the models' processes are alive. Triton reports a model as ready even when its process has died."""
    try:
        async with asyncio.timeout(_ANSWER_TIMEOUT_S):
            await asyncio.gather(service.models(), service.voices())
    except (SpeechError, TimeoutError):
        return False
    return True


ROUTES = [Route("/health", health)]
