"""Limits how many requests run and wait. Further ones are refused at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from speech.errors import Overloaded


class Admission:
    """`concurrent` requests run. `queued` more may send their bodies or wait, in order. Further ones get Overloaded."""

    def __init__(self, concurrent: int, queued: int) -> None:
        self.place = asyncio.Semaphore(concurrent)
        """A request runs inside `async with place`."""
        self._limit = concurrent + queued
        self._admitted = 0

    @contextmanager
    def entrance(self) -> Iterator[None]:
        """Admit a request for as long as the context lasts.

        Raises Overloaded at once if all places are taken, so that a client does not send a body in vain.
        """
        if self._admitted >= self._limit:
            raise Overloaded(f"all {self._limit} places are taken; try again in a few seconds")
        self._admitted += 1
        try:
            yield
        finally:
            self._admitted -= 1
