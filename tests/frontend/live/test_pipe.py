"""The buffer between the event loop and a thread: all bytes arrive in order, and no more than the limit wait."""

from __future__ import annotations

import asyncio

from frontend.live.pipe import Pipe


async def test_everything_arrives_and_no_more_than_the_limit_waits() -> None:
    pipe, data = Pipe(1000), bytes(range(256)) * 64
    most = 0

    async def write() -> None:
        for start in range(0, len(data), 100):
            await pipe.write(data[start : start + 100])
        pipe.end()

    def read() -> bytes:
        nonlocal most
        got = b""
        while piece := pipe.read(300):
            most = max(most, len(pipe._data))
            got += piece
        return got

    _, got = await asyncio.gather(write(), asyncio.to_thread(read))
    assert got == data
    assert most <= 1100


async def test_a_writer_waits_while_the_buffer_is_full() -> None:
    pipe = Pipe(10)
    await pipe.write(bytes(10))
    writing = asyncio.ensure_future(pipe.write(b"x"))
    await asyncio.sleep(0.05)
    assert not writing.done()
    assert len(pipe.read(10)) == 10
    await asyncio.wait_for(writing, 30)


async def test_closing_releases_reader_and_writer() -> None:
    pipe = Pipe(10)
    reading = asyncio.ensure_future(asyncio.to_thread(pipe.read, 10))
    await asyncio.sleep(0.05)
    pipe.close()
    assert await asyncio.wait_for(reading, 30) == b""
    await asyncio.wait_for(pipe.write(bytes(100)), 30)
    assert pipe.read(10) == b""
