"""Who may work now, who waits, and who is sent away at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from speech.errors import Overloaded


class Admission:
    """`concurrent` requests work, `queued` ones wait in order of arrival, any further one gets Overloaded."""

    def __init__(self, concurrent: int, queued: int) -> None:
        self._working = asyncio.Semaphore(concurrent)
        self._room = concurrent + queued
        self._inside = 0

    def refuse_if_full(self) -> None:
        """Overloaded if there is no place, so that nobody sends a body for nothing."""
        if self._inside >= self._room:
            raise Overloaded(f"all {self._room} places are taken; try again in a few seconds")

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        self.refuse_if_full()
        self._inside += 1
        try:
            async with self._working:
                yield
        finally:
            self._inside -= 1
