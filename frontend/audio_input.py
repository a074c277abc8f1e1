"""Decoding beside the event loop: uploads, and sound that is still being sent."""

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
    """Mono float32 [samples], 16 kHz, piece by piece: decoded in a thread, and only as fast as it is taken.

    At the end the thread has let go of `audio`, whatever it was doing.
    """
    async with _in_thread(decode(audio)) as pieces:
        yield pieces


@asynccontextmanager
async def decoded_live(
    pipe: Pipe, raw: RawFormat, may_be_container: bool
) -> AsyncIterator[AsyncGenerator[Float, None]]:
    """The same for what is written into `pipe`, which is closed at the end."""
    async with _in_thread(listen(pipe, raw, may_be_container=may_be_container)) as pieces:
        try:
            yield pieces
        finally:
            pipe.close()


@asynccontextmanager
async def _in_thread(samples: Iterator[Float]) -> AsyncIterator[AsyncGenerator[Float, None]]:
    loop = asyncio.get_running_loop()
    source = cast(Generator[Float, None, None], samples)

    async def pieces() -> AsyncGenerator[Float, None]:
        while (piece := await loop.run_in_executor(thread, next, source, None)) is not None:
            yield piece

    with ThreadPoolExecutor(1, thread_name_prefix="decode") as thread:
        try:
            yield pieces()
        finally:
            # In the same thread, so after the piece that it may be at.
            await loop.run_in_executor(thread, source.close)
