"""The gate of the API families: it lets in the requests with a valid key, up to the rate limits."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from frontend.auth import ApiKeys, client_of
from frontend.limits import RateLimits

_WITH_HEADERS = ("http.response.start", "websocket.accept")


@dataclass(frozen=True)
class Gate:
    """The keys and the limits of this server."""

    keys: ApiKeys
    limits: RateLimits

    async def admit(self, scope: Scope, send: Send) -> Send:
        """Check a request, or the opening of a WebSocket. Returns a `send` that adds the headers of the rate limits.

        Raises: Unauthorized, RateLimited.
        """
        self.keys.check(scope)
        usage = await self.limits.hit(client_of(scope) or _address(scope))
        if usage is None:
            return send
        headers = usage.headers()

        async def send_with_headers(message: Message) -> None:
            if message["type"] in _WITH_HEADERS:
                MutableHeaders(raw=message.setdefault("headers", [])).update(headers)
            await send(message)

        return send_with_headers


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""
