"""Structured log lines on stderr, one for each HTTP request."""

from __future__ import annotations

import logging
import sys
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from frontend.metrics import Metrics
from frontend.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Log JSON lines at `log_level` and above; with `debug`, plain text at DEBUG and above."""
    level = "DEBUG" if settings.debug else settings.log_level
    renderer = structlog.dev.ConsoleRenderer() if settings.debug else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        # Looked up for each line, because stderr may be replaced while the server runs (pytest does that).
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )


class AccessLog:
    """ASGI middleware: logs method, path, status and milliseconds of each request, but no body, query or header. Counts
    the requests, too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._log = structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        started = time.monotonic()

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        finally:
            elapsed_s = time.monotonic() - started
            self._log.info(
                "request", method=scope["method"], path=scope["path"], status=status, ms=round(1000 * elapsed_s)
            )
            self._metrics.count_request(scope, status, elapsed_s)
