"""Streamed answers: the first event, the slow reader, the end that did not come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from starlette.types import Message

from frontend.envelopes import OpenAIErrorEnvelope
from frontend.errors import ENVELOPE
from frontend.streams import ByteStream, EventStream, opened
from speech.errors import BadParameter, Cancelled, NotReady

SCOPE = {"type": "http", "method": "POST", "path": "/v1/audio/speech", "asgi": {"spec_version": "2.3"}}


class Source:
    """Numbers as a generator that tells how far it was asked, and whether it was closed."""

    def __init__(self, count: int, error: Exception | None = None) -> None:
        self.asked = 0
        self.closed = False
        self._count = count
        self._error = error

    async def numbers(self) -> AsyncGenerator[int, None]:
        try:
            for number in range(self._count):
                self.asked += 1
                yield number
            if self._error:
                raise self._error
        finally:
            self.closed = True


async def stream(source: Source) -> ByteStream:
    numbers = await opened(source.numbers())

    async def content() -> AsyncGenerator[bytes, None]:
        async for number in numbers:
            yield bytes([number])

    return ByteStream(numbers, content(), "audio/pcm")


async def never() -> Message:
    await asyncio.sleep(60)
    raise AssertionError


async def test_whole() -> None:
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    source = Source(3)
    await (await stream(source))(SCOPE, never, send)
    assert b"".join(message.get("body", b"") for message in sent) == bytes([0, 1, 2])
    assert sent[-1]["more_body"] is False
    assert source.closed


async def test_an_error_before_the_first_is_raised_at_once() -> None:
    source = Source(0, BadParameter("no such voice", "voice"))
    with pytest.raises(BadParameter):
        await stream(source)
    assert source.closed


async def test_a_later_error_leaves_the_body_without_an_end(capsys: pytest.CaptureFixture[str]) -> None:
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    source = Source(3, NotReady("the model is gone"))
    await (await stream(source))(SCOPE, never, send)
    assert sent[0]["status"] == 200
    assert all(message["more_body"] for message in sent[1:])
    assert source.closed
    assert "the model is gone" in "".join(capsys.readouterr())


@pytest.mark.parametrize("family", [{}, {ENVELOPE: OpenAIErrorEnvelope}], ids=["other", "openai"])
async def test_a_later_error_is_the_last_event(family: dict[str, Any]) -> None:
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    source = Source(2, BadParameter("no such voice", "voice"))
    numbers = await opened(source.numbers())

    async def events() -> AsyncGenerator[dict[str, Any], None]:
        async for number in numbers:
            yield {"number": number}

    await EventStream(numbers, events())({**SCOPE, **family}, never, send)
    *frames, end = [message["body"].decode() for message in sent[1:]]
    first, second, last = [json.loads(frame.removeprefix("data: ")) for frame in frames]
    assert (first, second) == ({"number": 0}, {"number": 1})
    assert (last["type"], last["error"]["message"]) == ("error", "no such voice")
    assert last["error"]["code"] == ("bad_parameter" if family else "BAD_PARAMETER")
    assert end == "" and sent[-1]["more_body"] is False
    assert source.closed


async def test_events_for_a_reader_who_does_not_read_end_without_another() -> None:
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 2:
            raise Cancelled("the client reads nothing")

    source = Source(2)
    numbers = await opened(source.numbers())

    async def events() -> AsyncGenerator[dict[str, Any], None]:
        async for number in numbers:
            yield {"number": number}

    await EventStream(numbers, events())(SCOPE, never, send)
    assert len(sent) == 2
    assert source.closed


async def test_nothing_is_made_for_a_reader_who_does_not_read() -> None:
    source, stuck = Source(100), asyncio.Event()

    async def send(message: Message) -> None:
        if message.get("body") == bytes([4]):
            stuck.set()
            await asyncio.sleep(60)

    answer = await stream(source)
    sending = asyncio.ensure_future(answer(SCOPE, never, send))
    await stuck.wait()
    await asyncio.sleep(0.05)
    assert source.asked == 5
    sending.cancel()
    await asyncio.wait({sending})
    assert source.closed


async def test_an_answer_that_is_given_up_before_it_began() -> None:
    async def send(message: Message) -> None:
        await asyncio.sleep(60)

    source = Source(100)
    sending = asyncio.ensure_future((await stream(source))(SCOPE, never, send))
    await asyncio.sleep(0.01)
    sending.cancel()
    await asyncio.wait({sending})
    assert source.closed
