"""Decoding in threads: files, and audio that is still being sent."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest

from frontend.audio_input import decoded_file, decoded_live
from frontend.live.pipe import Pipe
from speech.errors import BadAudio
from speech.sound.microphone import RawFormat
from tests.frontend.live_client import RATE, pcm16, read


async def test_a_file(fox: Path) -> None:
    with fox.open("rb") as file:
        async with decoded_file(file) as chunks:
            pcm = np.concatenate([chunk async for chunk in chunks])
    assert pcm.dtype == np.float32
    assert 2 < len(pcm) / RATE < 4
    assert np.abs(pcm).max() > 0.05


async def test_a_file_without_audio() -> None:
    async with decoded_file(io.BytesIO(b"just text")) as chunks:
        with pytest.raises(BadAudio):
            await anext(chunks)


async def test_live_audio_comes_before_its_end(fox: Path) -> None:
    recording = read(fox)
    pipe = Pipe(2 * RATE)
    async with decoded_live(pipe, RawFormat("pcm_s16le", RATE), may_be_container=False) as chunks:
        await pipe.write(pcm16(recording[:RATE]))
        first = await asyncio.wait_for(anext(chunks), 30)
        pipe.end()
        rest = [chunk async for chunk in chunks]
    assert np.abs(np.concatenate([first, *rest]) - recording[:RATE]).max() < 1e-3


async def test_leaving_while_the_thread_waits_for_audio() -> None:
    """The thread ends when its pipe is closed, and does not wait for audio forever."""
    pipe = Pipe(10)
    async with asyncio.timeout(30), decoded_live(pipe, RawFormat(), may_be_container=False) as chunks:
        waiting = asyncio.ensure_future(anext(chunks, None))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        waiting.cancel()
        await asyncio.wait({waiting})
    assert pipe.read(10) == b""
