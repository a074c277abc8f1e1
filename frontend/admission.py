"""Who may work now, who waits, and who is sent away at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from speech.errors import Overloaded


class Admission:
    """`concurrent` requests work, `queued` ones send their bodies or wait in order, any further one gets Overloaded."""

    def __init__(self, concurrent: int, queued: int) -> None:
        self.place = asyncio.Semaphore(concurrent)
        """`async with` it to work."""
        self._room = concurrent + queued
        self._inside = 0

    @contextmanager
    def entrance(self) -> Iterator[None]:
        """For as long as the request lasts. Overloaded at once if there is no room: nobody sends a body for nothing."""
        if self._inside >= self._room:
            raise Overloaded(f"all {self._room} places are taken; try again in a few seconds")
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
