"""GET /health: one answer with the fields of all documents that describe it."""

from __future__ import annotations

import asyncio
import time
from importlib.metadata import PackageNotFoundError, version

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.service import Service
from frontend.state import AppState
from speech.contract import SYNTHESIZE, TRANSCRIBE
from speech.errors import SpeechError

_ANSWER_TIMEOUT_S = 5.0
"""Seconds to wait for the models to describe themselves."""


async def health(request: Request[AppState]) -> Response:
    """200 when requests can be served; 503 while Triton starts (`starting`) or does not answer (`unhealthy`)."""
    triton = request.state["triton"]
    loaded = await asyncio.gather(*(triton.is_ready(model.name) for model in (TRANSCRIBE, SYNTHESIZE)))
    ready = all(loaded) and await _answers(request.state["service"])
    live = ready or await triton.is_live()
    body = {
        "status": "healthy" if ready else "starting" if live else "unhealthy",
        "version": _version(),
        "uptime": int(time.time() - request.state["started"]),
        "provider": "triton",
        "models_loaded": ready,
        "device": await triton.device(TRANSCRIBE.name) if ready else None,
        "streaming_enabled": True,
        "api_status": {"triton": "connected" if live else "disconnected"},
    }
    return JSONResponse(body, 200 if ready else 503)


async def _answers(service: Service) -> bool:
    """Whether the models' processes are alive: Triton calls a model ready even when its process has died."""
    try:
        async with asyncio.timeout(_ANSWER_TIMEOUT_S):
            await asyncio.gather(service.models(), service.voices())
    except (SpeechError, TimeoutError):
        return False
    return True


def _version() -> str:
    try:
        return version("tritone")
    except PackageNotFoundError:  # a checkout that is not installed
        return "0"


ROUTES = [Route("/health", health)]
