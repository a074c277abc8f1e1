"""An API family: its routes, and the envelope of its errors."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

from frontend.envelopes import Envelope
from frontend.errors import ENVELOPE


class Family(BaseRoute):
    """Takes all requests below its prefixes, so that unknown paths and methods get the envelope of the family too."""

    def __init__(
        self, title: str, prefixes: tuple[str, ...], routes: Sequence[BaseRoute], envelope: type[Envelope]
    ) -> None:
        self.title = title
        self.routes = routes
        self.envelope = envelope
        self._prefixes = prefixes
        self._router = Router(routes)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["path"].startswith(self._prefixes):
            return Match.FULL, {ENVELOPE: self.envelope}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._router(scope, receive, send)
