"""Sends recorded requests: the same method, path, headers and fields, with our recordings as audio.

A request is JSON with `call`, `method`, `path` and, as needed,
- `headers`,
- `form`: the parts of a multipart body, each with `name` and either `value` or `recording`, `filename` and `type`,
- `chunked`: the body is sent in chunks, without a length,
- `json`: the body; {"base64": "fox.wav"} in it stands for the content of that recording.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BOUNDARY = "------------------------boundary"
CHUNK_BYTES = 65_536
PCM_RATE_HZ = 24_000
TIMEOUT_S = 60
_ERROR_CHARACTERS = 300


@dataclass(frozen=True)
class Requests:
    """The requests of one client."""

    client: str
    """Its name and version."""
    read_from: str
    """The files of the client that say what it sends."""
    requests: Sequence[Mapping[str, Any]]


def read(file: Path) -> Requests:
    return Requests(**json.loads(file.read_text()))


def send(recorded: Requests, url: str, recordings: Path) -> list[dict[str, Any]]:
    """The outcomes of all requests, in order."""
    return [{"call": request["call"], **_answer(request, url, recordings)} for request in recorded.requests]


def _answer(request: Mapping[str, Any], url: str, recordings: Path) -> dict[str, Any]:
    headers = dict(request.get("headers", {}))
    body: bytes | Iterator[bytes] | None = None
    if "json" in request:
        body = json.dumps(_filled(request["json"], recordings)).encode()
    elif "form" in request:
        body = b"".join(_part(part, recordings) for part in request["form"]) + f"--{BOUNDARY}--\r\n".encode()
        headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
    if isinstance(body, bytes) and request.get("chunked"):
        body = _chunks(body)
        headers["transfer-encoding"] = "chunked"
    connection = HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_S)  # it leaves headers as they are
    try:
        encode = "transfer-encoding" in headers
        connection.request(request["method"], request["path"], body, headers, encode_chunked=encode)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status >= 400:
        return {"error": f"Error code: {answer.status} - {content[:_ERROR_CHARACTERS].decode(errors='replace')}"}
    return {"got": _content(answer.getheader("content-type", ""), content)}


def _part(part: Mapping[str, str], recordings: Path) -> bytes:
    disposition = f'form-data; name="{part["name"]}"'
    value = part["value"].encode() if "value" in part else (recordings / part["recording"]).read_bytes()
    if "filename" in part:
        disposition += f'; filename="{part["filename"]}"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n"
    if "type" in part:
        head += f"Content-Type: {part['type']}\r\n"
    return head.encode() + b"\r\n" + value + b"\r\n"


def _filled(value: Any, recordings: Path) -> Any:
    """JSON with the recordings that it asks for."""
    if isinstance(value, dict):
        if value.keys() == {"base64"}:
            return base64.b64encode((recordings / value["base64"]).read_bytes()).decode()
        return {name: _filled(member, recordings) for name, member in value.items()}
    return value


def _chunks(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), CHUNK_BYTES):
        yield content[at : at + CHUNK_BYTES]


def _content(content_type: str, content: bytes) -> Any:
    kind = content_type.partition(";")[0]
    if kind.startswith("audio/"):
        rate_hz = PCM_RATE_HZ if kind == "audio/pcm" else None
        return {"audio": base64.b64encode(content).decode(), "pcm_rate_hz": rate_hz}
    try:
        return json.loads(content)
    except ValueError:  # a text, or several JSON objects
        return content.decode()
