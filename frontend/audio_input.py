"""Decodes uploads and live audio in threads, so that the event loop does not wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from frontend.live.pipe import Pipe
from speech.sound.decoder import decode
from speech.sound.microphone import RawFormat, listen

Float = NDArray[np.float32]


@asynccontextmanager
async def decoded_file(audio: BinaryIO) -> AsyncIterator[AsyncGenerator[Float, None]]:
    """Decode a file of any audio format: chunks of float32 [samples], mono, 16 kHz.

    Each chunk is decoded when it is asked for. On exit the thread has finished and no longer uses `audio`. The chunks
    raise BadAudio if there is no audio that can be decoded.
    """
    async with _in_thread(decode(audio)) as chunks:
        yield chunks


@asynccontextmanager
async def decoded_live(
    pipe: Pipe, raw: RawFormat, may_be_container: bool
) -> AsyncIterator[AsyncGenerator[Float, None]]:
    """Decode audio as it is written into `pipe`, and close the pipe on exit. Otherwise as `decoded_file`.

    The audio has the format `raw`, or is in a container (webm, ogg, mp3, ...) if it `may_be_container` and looks so.
    """
    async with _in_thread(listen(pipe, raw, may_be_container=may_be_container)) as chunks:
        try:
            yield chunks
        finally:
            pipe.close()


@asynccontextmanager
async def _in_thread(decoded: Iterator[Float]) -> AsyncIterator[AsyncGenerator[Float, None]]:
    """Run a generator in a thread of its own: an asynchronous generator of the same chunks."""
    loop = asyncio.get_running_loop()
    source = cast(Generator[Float, None, None], decoded)

    async def chunks() -> AsyncGenerator[Float, None]:
        while (chunk := await loop.run_in_executor(thread, next, source, None)) is not None:
            yield chunk

    with ThreadPoolExecutor(1, thread_name_prefix="decode") as thread:
        try:
            yield chunks()
        finally:
            # In the same thread: a generator cannot be closed while it runs.
            await loop.run_in_executor(thread, source.close)
