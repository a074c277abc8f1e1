"""Headers that keep browsers from doing with an answer what it is not meant for."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "x-content-type-options": "nosniff",  # a transcript is not a script
    "content-security-policy": "frame-ancestors 'none'",  # /docs has a stricter one
    "referrer-policy": "no-referrer",  # a URL may have a key in its query
}


class SecurityHeaders:
    """ASGI middleware: adds the headers that the answer does not have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
