"""Small bodies, read within bounds: JSON objects, and forms without a file."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from frontend.requests.forms import Form
from frontend.requests.multipart import MAX_FIELDS, Multipart
from speech.errors import BadParameter, Cancelled, DeadlineExceeded, TooLong

MAX_BODY_BYTES = 256 * 1024
"""4,096 characters and as many of instructions are 96 KiB when a client escapes each of them (\\ud83d\\ude00)."""
TIMEOUT_S = 30.0


async def read_json(request: Request[Any]) -> Mapping[str, Any]:
    """The object in the body, whatever its Content-Type: curl sends JSON as a form unless it is told."""
    body = await _read(request)
    try:
        fields = json.loads(body, object_pairs_hook=_without_half_characters)
    except RecursionError:
        raise BadParameter("the body is nested too deeply") from None
    except ValueError as error:
        raise BadParameter(
            f"the body is not JSON: {error}; send an object with Content-Type: application/json"
        ) from None
    if not isinstance(fields, dict):
        raise BadParameter(f'the body must be a JSON object, as in {{"name": "value"}}; it is {_NAMES[type(fields)]}')
    return fields


_NAMES = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "a boolean", type(None): "null"}


def _without_half_characters(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Clients that cut a text in the middle of an emoji send half of it (\\ud83d), which no encoding can hold."""
    return {name: value.encode(errors="ignore").decode() if isinstance(value, str) else value for name, value in pairs}


async def read_fields(request: Request[Any]) -> Mapping[str, str]:
    """The text fields of a form, url-encoded or multipart; each may be given once."""
    body = await _read(request)
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind == b"multipart/form-data":
        form = _multipart(body, options.get(b"boundary", b""))
    elif kind in (b"application/x-www-form-urlencoded", b""):
        form = _urlencoded(body)
    else:
        given = kind.decode("latin-1")
        raise BadParameter(f"Content-Type is {given}; send a form, for example: curl --data-urlencode 'text=Hello!'")
    return {name: form.text(name) for name in form.fields}


def _multipart(body: bytes, boundary: bytes) -> Form:
    if not boundary:
        raise BadParameter("Content-Type has no boundary; leave that header to the client's library")
    parser = Multipart(boundary, io.BytesIO(), MAX_BODY_BYTES)
    parser.write(body)
    form = parser.form()
    if form.upload is not None:
        name = form.upload.field[:64]
        raise BadParameter(f"{name} must be text; it came as a file (curl -F '{name}=<file' sends its content)", name)
    return form


def _urlencoded(body: bytes) -> Form:
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise BadParameter(f"more than {MAX_FIELDS} fields") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return Form(fields=fields)


async def _read(request: Request[Any]) -> bytes:
    announced = request.headers.get("content-length", "0")
    _bound(int(announced[:18]) if announced.isdecimal() else 0)
    body = bytearray()
    try:
        async with asyncio.timeout(TIMEOUT_S):
            async for data in request.stream():
                body += data
                _bound(len(body))
    except ClientDisconnect:
        raise Cancelled("the client went away while it sent the body") from None
    except TimeoutError:
        raise DeadlineExceeded(f"the body did not arrive within {TIMEOUT_S:g} s") from None
    return bytes(body)


def _bound(size: int) -> None:
    if size > MAX_BODY_BYTES:
        raise TooLong(f"the body is larger than {MAX_BODY_BYTES} bytes; send the text in several requests")
