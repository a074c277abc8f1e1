"""Request bodies, read within bounds of size and time: JSON objects, forms, and forms with a file."""

from __future__ import annotations

import asyncio
import io
import math
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from frontend.requests.encoded_audio import read_audio
from frontend.requests.form import read_urlencoded
from frontend.requests.json_object import read_object
from frontend.requests.multipart import Multipart
from frontend.requests.upload import file_too_large
from speech.errors import BadParameter, Cancelled, DeadlineExceeded, FileTooLarge, TooLong

Encoding = Literal["json", "form", "upload"]
"""The encoding of a request: a JSON object, a form of text fields, or a form with a file."""
JSON_TYPE, URLENCODED_TYPE, MULTIPART_TYPE = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
)
CONTENT_TYPES: Mapping[Encoding, tuple[str, ...]] = {
    "json": (JSON_TYPE,),
    "form": (URLENCODED_TYPE, MULTIPART_TYPE),
    "upload": (MULTIPART_TYPE, JSON_TYPE),
}
"""The documented content types. JSON without a file is read whatever its Content-Type, because curl labels it as a form
by default."""

MAX_BODY_BYTES = 256 * 1024
"""Size limit of a body without a file. 4,096 characters of text and as many of instructions take 96 KiB when a client
escapes each of them (\\ud83d\\ude00)."""
TIMEOUT_S = 30.0
"""Time limit for a body without a file to arrive."""
STALL_S = 30.0
"""Time limit for a pause within any body."""
FORM_BYTES = 1024 * 1024
"""Size limit of the fields, headers and boundaries of a form: everything except its file."""
_BASE64_BYTES = 4 / 3 * 78 / 76
"""Bytes of base64 for each byte of a file, with a line break every 76 characters."""


@dataclass(frozen=True)
class Bounds:
    """How large a body may be, how long it may take to arrive, and the error if it is larger."""

    max_bytes: int
    timeout_s: float
    too_large: TooLong | FileTooLarge


@dataclass(frozen=True)
class Bodies:
    """Reads bodies. A file has at most `max_file_size` bytes, is stored in `folder` (None: the system's temporary
    folder), and may take `timeout_s` to arrive."""

    max_file_size: int
    folder: Path | None = None
    timeout_s: float = 1800.0
    _decoding: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while audio in JSON is decoded, because that takes several times its size of memory."""

    @asynccontextmanager
    async def read(self, request: Request[Any], encoding: Encoding) -> AsyncIterator[Mapping[str, Any]]:
        """The fields of the body. Its file, if it has one, is deleted at the end.

        Raises TooLong or FileTooLarge as soon as too much is announced or has arrived, BadParameter if the encoding is
        another one.
        """
        if encoding == "upload":
            kind, boundary = _content_type(request)
            if kind not in CONTENT_TYPES["upload"]:
                how = "send the file as multipart/form-data, for example: curl -F file=@speech.mp3"
                raise BadParameter(f"Content-Type is {kind or 'missing'}; {how}")
            with tempfile.TemporaryFile(dir=self.folder) as opened:
                file = cast(BinaryIO, opened)
                if kind == JSON_TYPE:
                    yield await self._read_encoded(request, file)
                else:
                    yield await self._read_upload(request, boundary, file)
        elif encoding == "form":
            yield await read_form(request)
        else:
            yield await read_json(request)

    async def _read_upload(self, request: Request[Any], boundary: bytes, file: BinaryIO) -> Mapping[str, Any]:
        form = Multipart(boundary, file, self.max_file_size)

        async def write(data: bytes) -> None:
            await asyncio.to_thread(form.write, data)

        too_large = file_too_large(self.max_file_size)
        await receive(request, Bounds(self.max_file_size + FORM_BYTES, self.timeout_s, too_large), write)
        return form.fields()

    async def _read_encoded(self, request: Request[Any], file: BinaryIO) -> Mapping[str, Any]:
        async def write(data: bytes) -> None:
            await asyncio.to_thread(file.write, data)

        too_large = file_too_large(self.max_file_size)
        max_bytes = math.ceil(self.max_file_size * _BASE64_BYTES) + FORM_BYTES
        await receive(request, Bounds(max_bytes, self.timeout_s, too_large), write)
        async with self._decoding:
            return await asyncio.to_thread(read_audio, file, self.max_file_size)


async def read_json(request: Request[Any]) -> Mapping[str, Any]:
    return read_object(await _read_small(request), "the body", '{"name": "value"} with Content-Type: application/json')


async def read_form(request: Request[Any]) -> Mapping[str, Any]:
    """The fields of a form without a file, url-encoded or multipart."""
    kind, boundary = _content_type(request)
    if kind == MULTIPART_TYPE:
        form = Multipart(boundary, None, 0)
        form.write(await _read_small(request))
        return form.fields()
    if kind in (URLENCODED_TYPE, ""):
        return read_urlencoded(await _read_small(request))
    raise BadParameter(f"Content-Type is {kind}; send a form, for example: curl --data-urlencode 'text=Hello!'")


async def _read_small(request: Request[Any]) -> bytes:
    body = io.BytesIO()

    async def write(data: bytes) -> None:
        body.write(data)

    too_much = TooLong(f"the body is larger than {MAX_BODY_BYTES} bytes; send the text in several requests")
    await receive(request, Bounds(MAX_BODY_BYTES, TIMEOUT_S, too_much), write)
    return body.getvalue()


async def receive(request: Request[Any], bounds: Bounds, write: Callable[[bytes], Awaitable[None]]) -> None:
    """Give the body to `write`, piece by piece. Raises an error if it exceeds the bounds or stalls."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:18]) > bounds.max_bytes:
        raise bounds.too_large
    received = 0
    try:
        async with asyncio.timeout(bounds.timeout_s), asyncio.timeout(STALL_S) as stalled:
            async for data in request.stream():
                received += len(data)
                if received > bounds.max_bytes:
                    raise bounds.too_large
                await write(data)
                stalled.reschedule(asyncio.get_running_loop().time() + STALL_S)
    except ClientDisconnect:
        raise Cancelled("the client went away while it sent the body") from None
    except TimeoutError:
        late = f"the body did not arrive within {bounds.timeout_s:g} s, or nothing of it came for {STALL_S:g} s"
        raise DeadlineExceeded(late) from None


def _content_type(request: Request[Any]) -> tuple[str, bytes]:
    """The media type and the boundary of the body; an error if it is multipart without a boundary."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind == MULTIPART_TYPE.encode() and not boundary:
        raise BadParameter("Content-Type has no boundary; leave that header to the client's library")
    return kind.decode("latin-1"), boundary
