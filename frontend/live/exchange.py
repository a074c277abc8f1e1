"""Receives live audio from a WebSocket while the answer to it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from frontend.audio_input import decoded_live
from frontend.live.pipe import Pipe
from frontend.live.sockets import Socket
from frontend.requests.json_object import read_object
from frontend.service import AudioChunks
from speech.errors import BadParameter
from speech.sound.microphone import RawFormat, SampleEncoding

CONTAINER_BYTES_PER_S = 32_000
"""Assumed size of a second of audio in a container (256 kbit/s). The limit on buffered audio is in seconds."""
END = "end"
"""The `type` of the text message that ends the audio."""


async def answer_live(
    socket: Socket,
    encoding: SampleEncoding | None,
    rate_hz: int,
    answer: Callable[[AudioChunks], Awaitable[None]],
) -> None:
    """Decode the audio that the client sends, and run `answer` with its chunks until that returns.

    `encoding` and `rate_hz` describe raw samples. Without an `encoding`, containers (webm, ogg, mp3, ...) are
    recognised, and anything else is taken for 16-bit samples.
    Raises: Cancelled when the client goes away, BadParameter for a wrong message, and the errors of `answer`.
    """
    raw = RawFormat(encoding or "pcm_s16le", rate_hz)
    pipe = Pipe(round(socket.limits.buffer_s * max(raw.bytes_per_s, CONTAINER_BYTES_PER_S)))
    async with decoded_live(pipe, raw, may_be_container=encoding is None) as chunks:
        await _run_until_one_ends(answer(chunks), _receive_audio(socket, pipe))


async def _receive_audio(socket: Socket, pipe: Pipe) -> None:
    """Write the client's audio into the pipe, and discard messages after its end. Ends only with an error."""
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


async def _run_until_one_ends(*works: Awaitable[None]) -> None:
    """Run all until the first one ends. Then cancel the others, wait for them, and raise the first one's error."""
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
