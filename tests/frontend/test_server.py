"""The web server's own limits."""

from __future__ import annotations

import asyncio
import socket

from frontend.live.sockets import GOODBYE_S
from frontend.server import Server
from frontend.settings import Settings
from tritone.ports import claim


async def test_the_kernel_drops_clients_that_do_not_read() -> None:
    listener = claim("127.0.0.1", 0)
    server = Server(Settings(send_timeout_s=1, live_send_timeout_s=2))
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    async with asyncio.timeout(60):
        while not server.started:
            await asyncio.sleep(0.01)
        timeout_ms = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        server.should_exit = True
        await serving
    assert timeout_ms == 1000 * (2 + GOODBYE_S)
