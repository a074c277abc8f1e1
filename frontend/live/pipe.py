"""Bytes on their way from the event loop to a thread that decodes them, never too many of them."""

from __future__ import annotations

import asyncio
import threading


class Pipe:
    """A file that grows: `write` waits while `limit` bytes are unread, `read` blocks its thread until there is one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()
        self._ended = False
        self._changed = threading.Condition()
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Event()

    async def write(self, data: bytes) -> None:
        while len(self._data) >= self._limit and not self._ended:
            self._room.clear()
            # What a thread took before the line above is not told by the event.
            if len(self._data) >= self._limit:
                await self._room.wait()
        with self._changed:
            if not self._ended:
                self._data += data
            self._changed.notify()

    def end(self) -> None:
        """Nothing more is written."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def close(self) -> None:
        """Nothing more is read."""
        with self._changed:
            self._data.clear()
            self._ended = True
            self._changed.notify()
        self._room.set()

    def read(self, size: int) -> bytes:
        with self._changed:
            while not self._data and not self._ended:
                self._changed.wait()
            data = bytes(self._data[:size])
            del self._data[:size]
        if data:
            self._loop.call_soon_threadsafe(self._room.set)
        return data
