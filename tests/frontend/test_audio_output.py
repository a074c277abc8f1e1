"""Streaming audio to a client that may disconnect at any time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import numpy as np
import pytest

from frontend.audio_output import pieces
from speech.events import Audio, Event


async def endless() -> AsyncGenerator[Event, None]:
    """Events with four seconds of audio each, without end."""
    while True:
        yield Audio(id=0, start=0.0, pcm=np.full(4 * 24_000, 0.1, np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac"])
async def test_cancelling_while_a_piece_is_encoded(response_format: str) -> None:
    """The encoder is closed after it has encoded the piece. FFmpeg crashes the process if both happen at once."""

    async def read() -> None:
        async with aclosing(pieces(endless(), response_format)) as encoded:
            async for _ in encoded:
                pass

    for _ in range(20):
        reading = asyncio.ensure_future(read())
        await asyncio.sleep(0.05)
        reading.cancel()
        await asyncio.wait({reading})
        assert reading.cancelled()
