"""An API family: its routes, and the envelope of its errors."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

from frontend.envelopes import Envelope
from frontend.errors import ENVELOPE, answer, http_error
from frontend.gate import Gate
from speech.errors import SpeechError


class Family(BaseRoute):
    """Takes all requests below its prefixes, so that unknown paths and methods get the envelope of the family too."""

    def __init__(
        self,
        title: str,
        prefixes: tuple[str, ...],
        routes: Sequence[BaseRoute],
        envelope: type[Envelope],
        aliases: Sequence[BaseRoute] = (),
        is_open: bool = False,
    ) -> None:
        """`aliases` are routes too, but /openapi.json does not list them. `is_open`: no key is needed, and no request
        is counted."""
        self.title = title
        self.routes = routes
        self.envelope = envelope
        self.is_open = is_open
        self._prefixes = prefixes
        self._router = Router([*routes, *aliases], default=_not_found)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["path"].startswith(self._prefixes):
            return Match.FULL, {ENVELOPE: self.envelope}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.is_open:
            gate: Gate = scope["state"]["gate"]
            try:
                send = await gate.admit(scope, send)
            except SpeechError as error:
                await answer(scope, error)(scope, receive, send)
                return
        await self._router(scope, receive, send)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 404 to a WebSocket, too. Starlette would only close it, which uvicorn turns into 403."""
    if scope["type"] != "websocket":
        raise HTTPException(HTTPStatus.NOT_FOUND)
    await http_error(scope, HTTPStatus.NOT_FOUND)(scope, receive, send)
