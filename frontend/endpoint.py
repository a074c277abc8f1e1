"""An endpoint with a body: it reads the request, answers, and stops when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from frontend.parts import in_parts
from frontend.requests.schema import Schema
from frontend.state import AppState
from speech.errors import Cancelled

S = TypeVar("S", bound=Schema)

UNUSED_HEADER = "x-tritone-unused-parameters"
"""Lists the fields of the request that have no effect."""

Handler = Callable[[Request[AppState], S], Awaitable[Response]]


class Endpoint(Generic[S]):
    """An ASGI application that reads a request of a Schema and sends the response that `handle` returns.

    Everything happens within `__call__`, because the body (an uploaded file) is needed until the answer has been sent.
    """

    def __init__(self, schema: type[S], handle: Handler[S]) -> None:
        self.schema = schema
        self.handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request[AppState] = Request(scope, receive)
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            try:
                for part in _in_parts(message):
                    async with asyncio.timeout(request.state["send_timeout_s"]):
                        await send(part)
            except TimeoutError:
                raise Cancelled("the client reads nothing") from None

        async def answer(wanted: S) -> None:
            response = await self.handle(request, wanted)
            if wanted.unused:
                response.headers[UNUSED_HEADER] = ", ".join(wanted.unused)
            await response(scope, receive, watched_send)

        with request.state["service"].admission.entrance():
            async with request.state["bodies"].read(request, self.schema.body) as fields:
                try:
                    finished = await _until_disconnect(receive, answer(self.schema.read(fields)))
                except Cancelled:
                    finished = False
        if not finished and not started:
            raise Cancelled("the client went away")


def _in_parts(message: Message) -> Iterator[Message]:
    """A large body in parts. Each part is sent when the client has read the one before, so that a slow client is not
    mistaken for one that has stopped reading."""
    body, sent = message.get("body", b""), 0
    if not body:
        yield message
    for part in in_parts(body):
        sent += len(part)
        yield {**message, "body": part, "more_body": message.get("more_body", False) or sent < len(body)}


async def _until_disconnect(receive: Receive, work: Coroutine[Any, Any, None]) -> bool:
    """Run `work`, and cancel it if the client disconnects. Returns, after its cleanup, whether it ended by itself."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.wait({working, leaving})
    if working.cancelled():
        return False
    working.result()
    return True


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
