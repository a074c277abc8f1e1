"""The application: its routes, its errors, and what lives as long as it does. Read this first.

A request goes: route -> `api/` parses it -> `service` does the work through `triton` -> `api/` renders the answer;
what goes wrong on the way is a `SpeechError`, which `errors` turns into a status and the envelope of the API family.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from frontend import errors, health
from frontend.api import cloud_inference, openai, stt_tts
from frontend.api.openai.speech import UNUSED_HEADER
from frontend.hangup import Hangup
from frontend.live.sockets import Sockets
from frontend.logs import AccessLog, configure_logs
from frontend.requests.uploads import Uploads
from frontend.service import Service
from frontend.settings import Settings
from frontend.state import AppState
from frontend.triton import Triton
from speech.errors import SpeechError

ROUTES = [*cloud_inference.ROUTES, *openai.ROUTES, *stt_tts.ROUTES, *health.ROUTES]


def create_app(settings: Settings) -> Starlette:
    """The ASGI application; it connects to Triton when it starts, and needs none before the first request."""
    configure_logs(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[AppState]:
        triton = Triton(settings.triton_url)
        try:
            yield {
                "triton": triton,
                "service": Service(triton, settings),
                "uploads": Uploads(settings.max_file_size, settings.upload_dir, settings.request_timeout_s),
                "sockets": Sockets(settings),
                "send_timeout_s": settings.send_timeout_s,
                "started": time.time(),
            }
        finally:
            await triton.close()

    middleware = [Middleware(Hangup), Middleware(AccessLog)]
    if settings.allowed_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.allowed_origins,
                allow_methods=["*"],
                allow_headers=["*"],
                expose_headers=["retry-after", UNUSED_HEADER],
            )
        )
    return Starlette(
        routes=ROUTES,
        middleware=middleware,
        lifespan=lifespan,
        exception_handlers={
            SpeechError: errors.on_speech_error,
            HTTPException: errors.on_http_error,
            Exception: errors.on_failure,
        },
    )
