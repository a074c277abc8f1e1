"""An endpoint with a body: it reads it, answers, and stops when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from frontend.parts import in_parts
from frontend.requests.bodies import read_fields, read_json
from frontend.requests.forms import Form
from frontend.state import AppState
from speech.errors import Cancelled

Body = TypeVar("Body")
Handler = Callable[[Request[AppState], Body], Awaitable[Response]]
Reader = Callable[[Request[AppState]], AbstractAsyncContextManager[Body]]


class Endpoint(Generic[Body]):
    """An ASGI application around `handle`, because what is read has to outlive it: until a stream is sent."""

    def __init__(self, read: Reader[Body], handle: Handler[Body]) -> None:
        self._read = read
        self._handle = handle

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

        async def answer(body: Body) -> None:
            response = await self._handle(request, body)
            await response(scope, receive, watched_send)

        with request.state["service"].admission.entrance():
            async with self._read(request) as body:
                try:
                    finished = await _until_disconnect(receive, answer(body))
                except Cancelled:
                    finished = False
        if not finished and not started:
            raise Cancelled("the client went away")


class FormEndpoint(Endpoint[Form]):
    """Takes a form with a file."""

    def __init__(self, handle: Handler[Form]) -> None:
        super().__init__(lambda request: request.state["uploads"].read(request), handle)


class FieldsEndpoint(Endpoint[Mapping[str, str]]):
    """Takes a form without a file, in either encoding."""

    def __init__(self, handle: Handler[Mapping[str, str]]) -> None:
        super().__init__(_at_once(read_fields), handle)


class JsonEndpoint(Endpoint[Mapping[str, Any]]):
    """Takes a JSON object."""

    def __init__(self, handle: Handler[Mapping[str, Any]]) -> None:
        super().__init__(_at_once(read_json), handle)


def _at_once(read: Callable[[Request[AppState]], Awaitable[Body]]) -> Reader[Body]:
    @asynccontextmanager
    async def reading(request: Request[AppState]) -> AsyncIterator[Body]:
        yield await read(request)

    return reading


def _in_parts(message: Message) -> Iterator[Message]:
    """A large body in parts, each of which waits for the one before to be read: who reads slowly does read."""
    body, sent = message.get("body", b""), 0
    if not body:
        yield message
    for part in in_parts(body):
        sent += len(part)
        yield {**message, "body": part, "more_body": message.get("more_body", False) or sent < len(body)}


async def _until_disconnect(receive: Receive, work: Coroutine[Any, Any, None]) -> bool:
    """Whether `work` was done before the client went away; if not, it is cancelled and has cleaned up."""
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
