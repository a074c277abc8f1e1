"""Closes the connection of a client that still sends a body after it was answered."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LINGER_S = 2.0
"""Seconds to keep reading after the answer, before the connection is closed."""


class Hangup:
    """ASGI middleware: closes the connection if the answer was sent before the whole body had arrived.

    uvicorn alone would go on reading, and the body may have no end. But closing at once, with bytes unread, resets the
    connection, and the client may lose the answer. So the body is first read and discarded for LINGER_S, as nginx does.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        unread = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
        # A client that waits for `100 Continue` sends nothing until its body is asked for.
        sending = "expect" not in headers

        async def watched_receive() -> Message:
            nonlocal unread, sending
            sending = True
            message = await receive()
            unread = unread and message.get("more_body", False)
            return message

        async def watched_send(message: Message) -> None:
            if unread and message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"])["connection"] = "close"
            if unread and sending and message["type"] == "http.response.body" and not message.get("more_body"):
                await send({**message, "more_body": True})
                with suppress(TimeoutError):
                    async with asyncio.timeout(LINGER_S):
                        while unread:
                            await watched_receive()
                message = {"type": "http.response.body"}
            await send(message)

        await self._app(scope, watched_receive, watched_send)
