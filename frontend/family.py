"""An API family: its routes, and the envelope of its errors."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

from frontend.envelopes import Envelope
from frontend.errors import ENVELOPE, http_error


class Family(BaseRoute):
    """Takes all requests below its prefixes, so that unknown paths and methods get the envelope of the family too."""

    def __init__(
        self,
        title: str,
        prefixes: tuple[str, ...],
        routes: Sequence[BaseRoute],
        envelope: type[Envelope],
        aliases: Sequence[BaseRoute] = (),
    ) -> None:
        """`aliases` are routes too, but /openapi.json does not list them."""
        self.title = title
        self.routes = routes
        self.envelope = envelope
        self._prefixes = prefixes
        self._router = Router([*routes, *aliases], default=_not_found)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["path"].startswith(self._prefixes):
            return Match.FULL, {ENVELOPE: self.envelope}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._router(scope, receive, send)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 404 to a WebSocket, too. Starlette would only close it, which uvicorn turns into 403."""
    if scope["type"] != "websocket":
        raise HTTPException(HTTPStatus.NOT_FOUND)
    await http_error(scope, HTTPStatus.NOT_FOUND)(scope, receive, send)
