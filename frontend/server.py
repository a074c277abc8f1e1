"""uvicorn as every frontend runs it, whoever starts it."""

from __future__ import annotations

import socket

import uvicorn

from frontend.app import create_app
from frontend.live.sockets import GOODBYE_S
from frontend.settings import Settings

_GRACE_S = 10
"""How long requests in flight may go on after Ctrl-C."""


class Server(uvicorn.Server):
    """The kernel drops who reads nothing for longer than we wait for it, and what it was still to be sent."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(_config(settings))
        self._patience_s = max(settings.send_timeout_s, settings.live_send_timeout_s) + GOODBYE_S

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            for listener in (listener for server in self.servers for listener in server.sockets):
                # Connections inherit it.
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * self._patience_s))


def _config(settings: Settings) -> uvicorn.Config:
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
        # A pong comes behind the sound that was sent before it, which may have to wait for minutes. A client that has
        # gone is noticed all the same: it sends no sound, or does not read.
        ws_ping_timeout=None,
    )
