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
        async with admission.place():
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


async def test_who_stops_waiting_gives_the_place_back() -> None:
    admission = Admission(concurrent=1, queued=1)
    async with admission.place():
        waiting = asyncio.create_task(admission.place().__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        queued = asyncio.create_task(admission.place().__aenter__())
        await asyncio.sleep(0)
        assert not queued.done()
    await queued
