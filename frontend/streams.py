"""Streamed answers: made after their first event, and let go of however the sending ends."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, Generic, TypeVar

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from speech.errors import SpeechError

T = TypeVar("T")

log = structlog.get_logger()


class Opened(Generic[T]):
    """What a generator gives, of which the first item is there already. Iterate once, and close it."""

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
    """Wait for the first item: an error before it is raised here, while it can still be answered with its status."""
    try:
        return Opened(await anext(items, None), items)
    except BaseException:
        await items.aclose()
        raise


class ByteStream(StreamingResponse):
    """Bytes as they are made out of `source`; sent no faster than the client takes them.

    An error on the way ends the connection before the end of the body, so that nobody takes what came for the whole.
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
        self._made = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Both: a generator that was never started does not close what it would have read from.
        async with aclosing(self._source), aclosing(self._made):
            try:
                # Starlette would watch for the client's leaving, too, and cancel again what is being cleaned up.
                await self.stream_response(send)
            except SpeechError as error:
                log.warning("an answer was broken off", path=scope["path"], code=error.code, error=error.message)


class EventStream(ByteStream):
    """Server-sent events; an error is one of them."""

    def __init__(
        self, source: Opened[Any], frames: AsyncGenerator[str, None], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(source, frames, "text/event-stream", {"cache-control": "no-cache", **(headers or {})})


def frame(data: Mapping[str, Any]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
