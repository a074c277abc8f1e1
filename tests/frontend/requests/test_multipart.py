"""Multipart bodies, well formed and otherwise, in pieces of any size."""

from __future__ import annotations

import io

import pytest

from frontend.requests.forms import Form
from frontend.requests.multipart import MAX_FIELD_BYTES, MAX_FIELDS, Multipart
from speech.errors import BadAudio, BadParameter, SpeechError, TooLong


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    extra = "" if filename is None else f'; filename="{filename}"'
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def parse(body: bytes, step: int = 1 << 20, limit: int = 1000) -> Form:
    multipart = Multipart(b"B", io.BytesIO(), limit)
    for start in range(0, len(body), step):
        multipart.write(body[start : start + step])
    return multipart.form()


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_parts_in_pieces(step: int) -> None:
    body = part("model", b"whisper-1") + part("file", b"\r\n--\x00B\r\n", "ü.mp3") + part("prompt", "é".encode())
    form = parse(body + b"--B--\r\n", step)
    assert form.file("file").read() == b"\r\n--\x00B\r\n"
    assert (form.text("model"), form.text("prompt"), form.text("absent", "default")) == ("whisper-1", "é", "default")
    assert form.upload is not None and (form.upload.filename, form.upload.size) == ("ü.mp3", 8)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"", BadParameter, "stops before its closing boundary"),
        (b"nonsense", BadParameter, "malformed"),
        (part("file", b"x", "a.mp3"), BadParameter, "stops before its closing boundary"),
        (b"--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--\r\n", BadParameter, "a part has no name"),
        (part("file", b"x", "a") + part("file", b"y", "b") + b"--B--", BadParameter, "one file a request"),
        (part("file", b"x" * 1001, "a.mp3"), TooLong, "larger than 1000 bytes"),
        (part("prompt", b"x" * (MAX_FIELD_BYTES + 1)), BadParameter, "field 'prompt' holds more than"),
        (part("x", b"y") * (MAX_FIELDS + 1), BadParameter, f"more than {MAX_FIELDS} fields"),
    ],
)
def test_refused(body: bytes, kind: type[SpeechError], message: str) -> None:
    with pytest.raises(kind, match=message):
        parse(body)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"--B--\r\n", BadParameter, "it is missing"),
        (part("file", b"text") + b"--B--\r\n", BadParameter, "it came as text"),
        (part("file", b"", "") + b"--B--\r\n", BadParameter, "it is missing"),
        (part("file", b"", "a.mp3") + b"--B--\r\n", BadAudio, "the file is empty"),
        (part("audio", b"x", "a.mp3") + b"--B--\r\n", BadParameter, "in field 'audio'; send it in 'file'"),
    ],
)
def test_no_file(body: bytes, kind: type[SpeechError], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        parse(body).file("file")
    assert caught.value.param == "file"


def test_a_file_without_a_name_is_a_file() -> None:
    assert parse(part("file", b"x", "") + b"--B--\r\n").file("file").read() == b"x"


def test_values_that_are_checked() -> None:
    form = Form(None, {"stream": ["yes"], "format": ["doc"], "model": ["a", "b"], "g[]": ["x", ""], "g": ["y"]})
    with pytest.raises(BadParameter, match="stream must be true or false"):
        form.flag("stream")
    with pytest.raises(BadParameter, match="format must be one of json, text"):
        form.choice("format", ("json", "text"))
    with pytest.raises(BadParameter, match="model is given 2 times"):
        form.text("model")
    assert form.many("g") == ["x", "y"]
    assert form.has("g") and not form.has("absent")
