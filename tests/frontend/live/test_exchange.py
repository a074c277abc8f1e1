"""Audio from a WebSocket while the answer is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.websockets import WebSocket

from frontend.live.exchange import answer_live
from frontend.live.sockets import Socket, Sockets
from frontend.metrics import Metrics
from frontend.service import AudioChunks
from frontend.settings import Settings
from speech.errors import BadParameter, Cancelled

RATE = 16_000


@asynccontextmanager
async def connection(*messages: dict[str, Any]) -> AsyncIterator[Socket]:
    """An accepted WebSocket that receives these messages, and then nothing more."""
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    for message in ({"type": "websocket.connect"}, *messages):
        incoming.put_nowait(message)

    async def send(message: Any) -> None:
        assert message["type"] == "websocket.accept"

    websocket = WebSocket({"type": "websocket", "headers": []}, incoming.get, send)
    await websocket.accept()
    async with asyncio.timeout(30):
        yield Socket(websocket, Sockets(Settings(), Metrics()))


def audio(seconds: float) -> dict[str, Any]:
    return {"type": "websocket.receive", "bytes": bytes(2 * round(seconds * RATE))}


def text(content: str) -> dict[str, Any]:
    return {"type": "websocket.receive", "text": content}


@pytest.mark.parametrize("end", [text('{"type": "end"}'), audio(0)], ids=["message", "empty"])
async def test_audio_up_to_its_end(end: dict[str, Any]) -> None:
    received: list[int] = []

    async def answer(chunks: AudioChunks) -> None:
        received.extend([len(chunk) async for chunk in chunks])

    async with connection(audio(1.0), audio(0.5), end, audio(2.0)) as socket:
        await answer_live(socket, "pcm_s16le", RATE, answer)
    assert sum(received) == 1.5 * RATE


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (text("hello"), BadParameter),
        (text('{"type": "stop"}'), BadParameter),
        ({"type": "websocket.disconnect"}, Cancelled),
    ],
    ids=["no JSON", "unknown type", "disconnect"],
)
async def test_an_error_stops_the_answer(message: dict[str, Any], error: type[Exception]) -> None:
    stopped = asyncio.Event()

    async def answer(chunks: AudioChunks) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    async with connection(audio(0.1), message) as socket:
        with pytest.raises(error):
            await answer_live(socket, "pcm_s16le", RATE, answer)
    assert stopped.is_set()


async def test_an_error_of_the_answer_is_raised() -> None:
    async def answer(chunks: AudioChunks) -> None:
        raise ZeroDivisionError

    async with connection(audio(0.1)) as socket:
        with pytest.raises(ZeroDivisionError):
            await answer_live(socket, "pcm_s16le", RATE, answer)
