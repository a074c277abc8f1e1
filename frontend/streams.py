"""Streamed answers. They begin after their first event, and release their source however the sending ends."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, Generic, TypeVar

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from frontend.errors import render
from speech.errors import SpeechError

T = TypeVar("T")

EVENT_STREAM = "text/event-stream"

log = structlog.get_logger()


class Opened(Generic[T]):
    """A generator whose first item has already been awaited. Iterate over it once, and close it."""

    def __init__(self, first: T | None, rest: AsyncGenerator[T, None]) -> None:
        self._first = first
        self._rest = rest

    async def __aiter__(self) -> AsyncIterator[T]:
        if self._first is not None:
            yield self._first
            async for item in self._rest:
                yield item

    async def aclose(self) -> None:
        await self._rest.aclose()


async def opened(items: AsyncGenerator[T, None]) -> Opened[T]:
    """Wait for the first item. An error before it is raised here, while it can still be answered with its status."""
    try:
        return Opened(await anext(items, None), items)
    except BaseException:
        await items.aclose()
        raise


class ByteStream(StreamingResponse):
    """Sends bytes as they are made from `source`, no faster than the client reads them.

    An error after the start closes the connection before the end of the body, so that the client can tell that the
    body is incomplete.
    """

    def __init__(
        self,
        source: Opened[Any],
        content: AsyncGenerator[bytes, None] | AsyncGenerator[str, None],
        media_type: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(content, media_type=media_type, headers=headers)
        self._source = source
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Both are closed: a generator that was never started does not close what it would have read from.
        async with aclosing(self._source), aclosing(self._content):
            try:
                # Not Starlette's own __call__: that would watch for the disconnect as well (as the endpoint does), and
                # cancel the cleanup a second time.
                await self.stream_response(send)
            except SpeechError as error:
                log.warning("a response was cut off", path=scope["path"], code=error.code, error=error.message)


class EventStream(ByteStream):
    """Server-sent events. An error after the start is sent as the last event, in the envelope of the API family."""

    def __init__(
        self,
        source: Opened[Any],
        events: AsyncGenerator[Mapping[str, Any], None],
    ) -> None:
        super().__init__(source, _frames(events), EVENT_STREAM, {"cache-control": "no-cache"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._with_error(scope)) as frames:
            self.body_iterator = frames
            await super().__call__(scope, receive, send)

    async def _with_error(self, scope: Scope) -> AsyncGenerator[bytes | str, None]:
        try:
            async for frame in self._content:
                yield frame
        except SpeechError as error:
            yield _frame({"type": "error", **render(scope, error)})


async def _frames(events: AsyncGenerator[Mapping[str, Any], None]) -> AsyncGenerator[str, None]:
    async with aclosing(events):
        async for event in events:
            yield _frame(event)


def _frame(event: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
