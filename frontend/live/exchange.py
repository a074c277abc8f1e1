"""Live sound out of a WebSocket, while what is made of it goes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from frontend.audio_input import decoded_live
from frontend.live.pipe import Pipe
from frontend.live.sockets import Socket
from frontend.requests.json_object import read_object
from frontend.service import Sound
from speech.errors import BadParameter
from speech.sound.microphone import RawFormat, SampleEncoding

CONTAINER_BYTES_PER_S = 32_000
"""What a second of a container is taken for, in bytes, when sound has to wait: 256 kbit/s."""
END = "end"


async def answer_live(
    socket: Socket, encoding: SampleEncoding | None, rate_hz: int, answer: Callable[[Sound], Awaitable[None]]
) -> None:
    """Give the sound that comes in to `answer`, until that is done or the client goes away.

    A container is recognised unless the client has said how its samples are encoded.
    """
    raw = RawFormat(encoding or "pcm_s16le", rate_hz)
    pipe = Pipe(round(socket.bounds.buffer_s * max(raw.bytes_per_s, CONTAINER_BYTES_PER_S)))
    async with decoded_live(pipe, raw, may_be_container=encoding is None) as sound:
        await _first(answer(sound), _feed(socket, pipe))


async def _feed(socket: Socket, pipe: Pipe) -> None:
    """Write what comes into the pipe up to its end; what comes after that is thrown away. Never ends by itself."""
    ended = False
    while True:
        message = await socket.receive()
        if ended:
            continue
        if isinstance(message, str):
            _check_end(message)
        if not message or isinstance(message, str):
            pipe.end()
            ended = True
        else:
            await pipe.write(message)


def _check_end(message: str) -> None:
    if read_message(message).get("type") != END:
        raise BadParameter(f'after the first message, send sound in binary messages, or {{"type": "{END}"}} to end it')


def read_message(message: str) -> dict[str, Any]:
    """The JSON object in a text message."""
    return read_object(message, "a text message", '{"type": "end"}')


async def _first(*works: Any) -> None:
    """Whatever ends first; the others are cancelled, and have cleaned up."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        if task in done:
            task.result()
