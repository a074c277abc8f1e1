"""The application: its API families, its errors, and the objects that live as long as it does. Read this first.

A request takes these steps: its route's `Endpoint` reads the body into a Schema (`requests/`) -> a handler in `api/`
calls `service`, which works through `triton` -> the handler renders the answer. An error on the way is a `SpeechError`,
which `errors` turns into a status and a body in the envelope of the API family.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from frontend import errors, exposition, health
from frontend.api import cloud_inference, openai, stt_tts
from frontend.auth import ApiKeys
from frontend.endpoint import UNUSED_HEADER
from frontend.envelopes import ErrorEnvelope
from frontend.family import Family
from frontend.gate import Gate
from frontend.hangup import Hangup
from frontend.limits import RateLimits, Usage
from frontend.live.sockets import Sockets
from frontend.logs import AccessLog, configure_logs
from frontend.metrics import Metrics
from frontend.openapi import pages
from frontend.request_id import HEADER as REQUEST_ID_HEADER
from frontend.request_id import RequestId
from frontend.requests.body import Bodies
from frontend.security_headers import SecurityHeaders
from frontend.service import Service
from frontend.settings import Settings
from frontend.state import AppState
from frontend.triton import Triton
from speech.errors import SpeechError

SYSTEM = Family(
    "System",
    prefixes=("",),
    routes=[*health.ROUTES, *exposition.ROUTES, *pages.ROUTES],
    envelope=ErrorEnvelope,
    is_open=True,
)
"""All other paths, the unknown ones among them."""
EXPOSED_HEADERS = ["retry-after", REQUEST_ID_HEADER, UNUSED_HEADER, *Usage.HEADERS]
"""Headers that scripts of other origins may read."""
FAMILIES = [cloud_inference.FAMILY, openai.FAMILY, stt_tts.FAMILY, SYSTEM]


def create_app(settings: Settings) -> Starlette:
    """The ASGI application. It connects to Triton when it starts, but Triton may start later."""
    configure_logs(settings)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[AppState]:
        triton = Triton(settings.triton_url)
        try:
            yield {
                "triton": triton,
                "service": Service(triton, settings, metrics),
                "metrics": metrics,
                "open_metrics": settings.open_metrics,
                "bodies": Bodies(settings.max_file_size, settings.upload_dir, settings.request_timeout_s),
                "sockets": Sockets(settings, metrics),
                "gate": Gate(ApiKeys(settings.api_key), RateLimits(settings.rate_limits, settings.redis_url)),
                "send_timeout_s": settings.send_timeout_s,
                "started": time.time(),
            }
        finally:
            await triton.close()

    middleware = [
        Middleware(RequestId),
        Middleware(Hangup),
        Middleware(AccessLog, metrics=metrics),
        Middleware(SecurityHeaders),
    ]
    if settings.allowed_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.allowed_origins,
                allow_methods=["*"],
                allow_headers=["*"],
                expose_headers=EXPOSED_HEADERS,
            )
        )
    return Starlette(
        routes=FAMILIES,
        middleware=middleware,
        lifespan=lifespan,
        exception_handlers={
            SpeechError: errors.on_speech_error,
            HTTPException: errors.on_http_error,
            Exception: errors.on_failure,
        },
    )
