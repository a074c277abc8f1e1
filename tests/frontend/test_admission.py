"""Limits on running and waiting requests."""

from __future__ import annotations

import asyncio

import pytest

from frontend.admission import Admission
from speech.errors import Overloaded


async def test_requests_run_or_wait_or_are_refused() -> None:
    admission = Admission(concurrent=1, queued=1)
    finish, order = asyncio.Event(), []

    async def request(name: str) -> None:
        with admission.entrance():
            async with admission.place:
                order.append(name)
                await finish.wait()

    first, second = asyncio.create_task(request("first")), asyncio.create_task(request("second"))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded, match="all 2 places"):
        await request("third")
    assert order == ["first"]
    finish.set()
    await asyncio.gather(first, second)
    assert order == ["first", "second"]
    await request("third")


async def test_a_cancelled_request_gives_its_place_back() -> None:
    admission = Admission(concurrent=1, queued=0)

    async def request() -> None:
        with admission.entrance():
            await asyncio.sleep(60)

    for _ in range(3):
        task = asyncio.create_task(request())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
