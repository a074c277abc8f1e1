"""The web server: uvicorn with the settings that every frontend needs."""

from __future__ import annotations

import socket

import structlog
import uvicorn

from frontend.app import create_app
from frontend.live.sockets import GOODBYE_S
from frontend.settings import Settings

log = structlog.get_logger()

_GRACE_S = 10
"""Seconds that running requests get to finish after Ctrl-C."""


class Server(uvicorn.Server):
    """A uvicorn server that makes the kernel drop clients that stop reading.

    After our own timeout for such a client, the kernel still holds the data that it has not read. TCP_USER_TIMEOUT
    frees that too.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(_config(settings))
        if settings.listen_host != settings.host:
            log.warning(
                "no API_KEY: listening on the loopback interface only; set API_KEY, or ALLOW_ANONYMOUS=true",
                host=settings.host,
                listens_on=settings.listen_host,
            )
        self._drop_after_s = max(settings.send_timeout_s, settings.live_send_timeout_s) + GOODBYE_S

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            timeout_ms = round(1000 * self._drop_after_s)
            for server in self.servers:
                for listener in server.sockets:
                    # Accepted connections inherit the option.
                    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, timeout_ms)


def _config(settings: Settings) -> uvicorn.Config:
    """uvicorn's configuration, with limits that hold before a message reaches the application."""
    return uvicorn.Config(
        create_app(settings),
        host=settings.listen_host,
        port=settings.port,
        # Only a trusted proxy may say which client it asks for.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
        # Above the application's own limit, whose error message explains more than uvicorn's close code 1009.
        ws_max_size=2 * settings.live_message_bytes,
        ws_per_message_deflate=False,  # 1 kB can unpack to 1 MB, and audio hardly shrinks
        # A pong has to wait behind audio that the client sent earlier, possibly for minutes. A client that is gone is
        # noticed without pings: it sends no audio, or does not read.
        ws_ping_timeout=None,
    )
