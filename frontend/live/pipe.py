"""A bounded buffer of bytes between the event loop, which writes, and a thread, which reads."""

from __future__ import annotations

import asyncio
import threading


class Pipe:
    """A buffer of about `limit` bytes. `write` waits while it is full, `read` blocks its thread while it is empty.

    Create it in the running event loop.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()
        self._ended = False
        self._changed = threading.Condition()
        self._loop = asyncio.get_running_loop()
        self._has_room = asyncio.Event()

    async def write(self, data: bytes) -> None:
        """Append all of `data` once fewer than `limit` bytes are unread. After `end` or `close`, drop it."""
        while len(self._data) >= self._limit and not self._ended:
            self._has_room.clear()
            # Checked again: if a read made room just before the line above, that line has cleared its signal.
            if len(self._data) >= self._limit:
                await self._has_room.wait()
        with self._changed:
            if not self._ended:
                self._data += data
            self._changed.notify()

    def end(self) -> None:
        """Called by the writer: no more bytes will come. `read` returns the rest, and then b""."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def close(self) -> None:
        """Called by the reader: no more bytes are needed. The rest is dropped, and `write` no longer waits."""
        with self._changed:
            self._data.clear()
            self._ended = True
            self._changed.notify()
        self._has_room.set()

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size` of them; b"" at the end."""
        with self._changed:
            while not self._data and not self._ended:
                self._changed.wait()
            data = bytes(self._data[:size])
            del self._data[:size]
        if data:
            self._loop.call_soon_threadsafe(self._has_room.set)
        return data
