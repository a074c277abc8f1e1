"""Hanging up on a client that still sends a body which nobody wants to read."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LINGER_S = 2.0
"""Seconds to read on after the answer before the connection is closed."""


class Hangup:
    """ASGI middleware: an answer that comes before the end of the request's body ends the connection.

    uvicorn alone would read on to the end of a body that may have none. And a connection that is closed at once, with
    bytes unread, is reset: the client may lose the answer. So the rest is thrown away for a moment (as nginx does).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        unread = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
        # A client that waits for `100 Continue` sends nothing before somebody asks for its body.
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
