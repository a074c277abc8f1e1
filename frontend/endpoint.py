"""An endpoint that takes a form with a file: it reads it, answers, and stops when the client goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from frontend.forms import Form
from frontend.state import AppState
from speech.errors import Cancelled

Handler = Callable[[Request[AppState], Form], Awaitable[Response]]


class FormEndpoint:
    """An ASGI application around `handle`, because the file has to outlive it: until a stream is sent to its end."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request[AppState] = Request(scope, receive)
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        async def answer(form: Form) -> None:
            response = await self._handle(request, form)
            await response(scope, receive, watched_send)

        request.state["service"].admission.refuse_if_full()
        async with request.state["uploads"].read(request) as form:
            finished = await _until_disconnect(receive, answer(form))
        if not finished and not started:
            raise Cancelled("the client went away")


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
