"""uvicorn as every frontend runs it, whoever starts it."""

from __future__ import annotations

import uvicorn

from frontend.app import create_app
from frontend.settings import Settings

_GRACE_S = 10
"""How long requests in flight may go on after Ctrl-C."""
_PONG_TIMEOUT_S = 60.0
"""A pong comes behind the sound that was sent before it, which may have to wait; and a client that reads nothing is to
learn why it is let go."""


def server_config(settings: Settings) -> uvicorn.Config:
    """With bounds that hold before a message is the application's."""
    return uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
        # What is a little too large is refused by the application, which can say more.
        ws_max_size=2 * settings.live_message_bytes,
        ws_per_message_deflate=False,  # a kilobyte can hold a megabyte, and sound hardly shrinks
        ws_ping_timeout=_PONG_TIMEOUT_S,
    )
