"""Decoding an upload beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from speech.audio import decode

Float = NDArray[np.float32]


@asynccontextmanager
async def decoding(audio: BinaryIO) -> AsyncIterator[AsyncGenerator[Float, None]]:
    """Mono float32 [samples], 16 kHz, piece by piece: decoded in a thread, and only as fast as it is taken.

    At the end the thread has let go of `audio`, whatever it was doing.
    """
    loop = asyncio.get_running_loop()
    source = cast(Generator[Float, None, None], decode(audio))

    async def pieces() -> AsyncGenerator[Float, None]:
        while (piece := await loop.run_in_executor(thread, next, source, None)) is not None:
            yield piece

    with ThreadPoolExecutor(1, thread_name_prefix="decode") as thread:
        try:
            yield pieces()
        finally:
            # In the same thread, so after the piece that it may be at.
            await loop.run_in_executor(thread, source.close)
