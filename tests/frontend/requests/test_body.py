"""Request bodies: what is read, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from frontend.requests import body as body_module
from frontend.requests.body import FORM_BYTES, MAX_BODY_BYTES, Bodies, read_form, read_json
from speech.errors import BadParameter, Cancelled, DeadlineExceeded, FileTooLarge, TooLong

URLENCODED = "application/x-www-form-urlencoded"


def request(body: bytes, kind: str = "application/json", **headers: str) -> Request[Any]:
    """A request whose body comes in two parts."""
    parts = [body[: len(body) // 2], body[len(body) // 2 :]]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    given = {"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Request(
        {"type": "http", "method": "POST", "headers": [(n.encode(), v.encode()) for n, v in given.items()]}, receive
    )


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"{}", {}),
        (b'{"input": "caf\xc3\xa9"}', {"input": "café"}),
        ('\ufeff{"input": "a"}'.encode(), {"input": "a"}),
        (b'{"input": "\\ud83d\\ude00"}', {"input": "😀"}),
        (b'{"input": "half \\ud83d", "voice": {"id": "\\udc00x"}}', {"input": "half ", "voice": {"id": "x"}}),
        (b'{"input": "a", "input": "b"}', {"input": "b"}),
        (b'{"languages[]": ["en"], "a[]b": 1}', {"languages": ["en"], "a[]b": 1}),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", URLENCODED])
async def test_json(body: bytes, fields: Mapping[str, Any], kind: str) -> None:
    assert await read_json(request(body, kind)) == fields


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON"),
        (b"text=Hello", "not JSON"),
        (b"{'input': 'a'}", "not JSON"),
        (b'{"input": "\xff"}', "not JSON"),
        (b"1" * 5000, "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "a list"),
        (b'"text"', "a string"),
        (b"null", "null"),
        (b"NaN", "a number"),
        (b"true", "a boolean"),
    ],
)
async def test_not_an_object(body: bytes, message: str) -> None:
    with pytest.raises(BadParameter, match=message):
        await read_json(request(body))


async def test_too_large() -> None:
    with pytest.raises(TooLong, match=str(MAX_BODY_BYTES)):
        await read_json(request(b" " * (MAX_BODY_BYTES + 1)))
    with pytest.raises(TooLong):
        await read_json(request(b"{}", content_length=str(10**30)))


async def test_a_body_that_does_not_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    monkeypatch.setattr(body_module, "TIMEOUT_S", 0.05)
    with pytest.raises(DeadlineExceeded, match="did not arrive"):
        await read_json(Request({"type": "http", "method": "POST", "headers": []}, never))


async def test_a_client_that_leaves() -> None:
    async def leave() -> dict[str, Any]:
        raise ClientDisconnect

    with pytest.raises(Cancelled):
        await read_json(Request({"type": "http", "method": "POST", "headers": []}, leave))


def multipart(*parts: str) -> bytes:
    return b"".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n".encode() for part in parts) + b"--x--\r\n"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"text=Hello,+w%C3%B6rld!&voice=&speed=1.0", URLENCODED),
        (b"text=Hello, w\xc3\xb6rld!&voice=&speed=1.0", URLENCODED),
        (b"text=Hello, w\xc3\xb6rld!&voice=&speed=1.0", f"{URLENCODED}; charset=utf-8"),
        (b"text=Hello, w\xc3\xb6rld!&voice=&speed=1.0", ""),
        (
            multipart('name="text"\r\n\r\nHello, wörld!', 'name="voice"\r\n\r\n', 'name="speed"\r\n\r\n1.0'),
            "multipart/form-data; boundary=x",
        ),
    ],
)
async def test_fields(body: bytes, kind: str) -> None:
    assert await read_form(request(body, kind)) == {"text": "Hello, wörld!", "voice": "", "speed": "1.0"}


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"{}", "application/json", "application/json; send a form"),
        (b"--x--", "multipart/form-data", "no boundary"),
        (b"text", "multipart/form-data; boundary=x", "malformed"),
        (b"a=&" * 300, URLENCODED, "more than 128"),
        (multipart('name="text"; filename="a.txt"\r\n\r\na'), "multipart/form-data; boundary=x", "text=<file"),
    ],
)
async def test_no_form(body: bytes, kind: str, message: str) -> None:
    with pytest.raises(BadParameter, match=message):
        await read_form(request(body, kind))


async def test_an_upload_that_is_announced_as_too_large_is_not_read() -> None:
    kind = "multipart/form-data; boundary=x"
    with pytest.raises(FileTooLarge, match="larger than 1000 bytes"):
        async with Bodies(1000).read(request(b"", kind, content_length=str(1001 + FORM_BYTES)), "upload"):
            pass


async def test_an_upload_stays_until_the_end_of_the_request() -> None:
    body = multipart('name="file"; filename="a.wav"\r\n\r\nRIFF', 'name="model"\r\n\r\nwhisper-1')
    async with Bodies(1000).read(request(body, "multipart/form-data; boundary=x"), "upload") as fields:
        content = fields["file"].content
        assert (fields["model"], fields["file"].filename, content.read()) == ("whisper-1", "a.wav", b"RIFF")
    assert content.closed
