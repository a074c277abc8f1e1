"""Uploads: the form of a request, read within bounds and kept on disk while the request lasts."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from frontend.requests.forms import Form
from frontend.requests.multipart import Multipart, too_large
from speech.errors import BadParameter, Cancelled, DeadlineExceeded

STALL_S = 30.0
"""The longest pause within a body."""
SLACK_BYTES = 1024 * 1024
"""What a body may hold beside its file: fields, headers, boundaries."""


@dataclass(frozen=True)
class Uploads:
    """How large a file may be, the folder where it waits (None: the system's), and how long it may take to arrive."""

    max_file_size: int
    folder: Path | None = None
    timeout_s: float | None = None

    @asynccontextmanager
    async def read(self, request: Request[Any]) -> AsyncIterator[Form]:
        """The form of `request`; its file is gone at the end.

        TooLong as soon as too much is announced or has come; BadParameter for anything that is no proper form.
        """
        boundary = _boundary(request)
        announced = request.headers.get("content-length", "0")
        self._bound(int(announced[:18]) if announced.isdecimal() else 0)
        with tempfile.TemporaryFile(dir=self.folder) as file:
            multipart = Multipart(boundary, cast(BinaryIO, file), self.max_file_size)
            received = 0
            try:
                async with asyncio.timeout(self.timeout_s), asyncio.timeout(STALL_S) as stalled:
                    async for data in request.stream():
                        received += len(data)
                        self._bound(received)
                        await asyncio.to_thread(multipart.write, data)
                        stalled.reschedule(asyncio.get_running_loop().time() + STALL_S)
            except ClientDisconnect:
                raise Cancelled("the client went away while it sent the file") from None
            except TimeoutError:
                within = f"the file did not arrive within {self.timeout_s:g} s, or nothing of it came for {STALL_S:g} s"
                raise DeadlineExceeded(within) from None
            yield multipart.form()

    def _bound(self, size: int) -> None:
        if size > self.max_file_size + SLACK_BYTES:
            raise too_large(self.max_file_size)


def _boundary(request: Request[Any]) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type"))
    how = "send the file as multipart/form-data, for example: curl -F file=@speech.mp3"
    if kind != b"multipart/form-data":
        raise BadParameter(f"Content-Type is {kind.decode('latin-1') or 'missing'}; {how}")
    if not options.get(b"boundary"):
        raise BadParameter(f"Content-Type has no boundary (leave that header to the client's library); {how}")
    return options[b"boundary"]
