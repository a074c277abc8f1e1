"""Admission: some work, some wait, the rest is sent away."""

from __future__ import annotations

import asyncio

import pytest

from frontend.admission import Admission
from speech.errors import Overloaded


async def test_work_wait_and_refusal() -> None:
    admission = Admission(concurrent=1, queued=1)
    leave, order = asyncio.Event(), []

    async def visit(name: str) -> None:
        with admission.entrance():
            async with admission.place:
                order.append(name)
                await leave.wait()

    first, second = asyncio.create_task(visit("first")), asyncio.create_task(visit("second"))
    await asyncio.sleep(0)
    with pytest.raises(Overloaded, match="all 2 places"):
        await visit("third")
    assert order == ["first"]
    leave.set()
    await asyncio.gather(first, second)
    assert order == ["first", "second"]
    await visit("third")


async def test_who_stops_waiting_gives_the_room_back() -> None:
    admission = Admission(concurrent=1, queued=0)

    async def visit() -> None:
        with admission.entrance():
            await asyncio.sleep(60)

    for _ in range(3):
        visiting = asyncio.create_task(visit())
        await asyncio.sleep(0)
        visiting.cancel()
        await asyncio.wait({visiting})
        assert visiting.cancelled()
