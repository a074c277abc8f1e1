"""Speech on its way to a client that may go at any time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import numpy as np
import pytest

from frontend.audio_output import pieces
from speech.events import Audio, Event


async def hum() -> AsyncGenerator[Event, None]:
    """Four seconds at a time, for ever."""
    while True:
        yield Audio(id=0, start=0.0, pcm=np.full(4 * 24_000, 0.1, np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("response_format", ["mp3", "opus", "aac"])
async def test_leaving_while_a_piece_is_encoded(response_format: str) -> None:
    """The encoder is closed when the piece is done: FFmpeg crashes the process when both happen at once."""

    async def play() -> None:
        async with aclosing(pieces(hum(), response_format)) as parts:
            async for _ in parts:
                pass

    for _ in range(20):
        playing = asyncio.ensure_future(play())
        await asyncio.sleep(0.05)
        playing.cancel()
        await asyncio.wait({playing})
        assert playing.cancelled()
