"""Multipart bodies, well formed and otherwise, in pieces of any size."""

from __future__ import annotations

import io
from typing import Any

import pytest

from frontend.requests.form import MAX_FIELDS
from frontend.requests.multipart import MAX_FIELD_BYTES, Multipart
from frontend.requests.schema import Schema
from frontend.requests.transcription import MAX_KEYWORDS, TranscriptionRequest
from frontend.requests.upload import AudioFile
from speech.errors import BadAudio, BadParameter, FileTooLarge, SpeechError


class Example(Schema):
    file: AudioFile


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    extra = "" if filename is None else f'; filename="{filename}"'
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def parse(body: bytes, step: int = 1 << 20, limit: int = 1000) -> dict[str, Any]:
    multipart = Multipart(b"B", io.BytesIO(), limit)
    for start in range(0, len(body), step):
        multipart.write(body[start : start + step])
    return multipart.fields()


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_parts_in_pieces(step: int) -> None:
    body = part("model", b"whisper-1") + part("file", b"\r\n--\x00B\r\n", "ü.mp3") + part("prompt", "é".encode())
    fields = parse(body + b"--B--\r\n", step)
    upload = fields.pop("file")
    assert fields == {"model": "whisper-1", "prompt": "é"}
    assert (upload.field, upload.filename, upload.size) == ("file", "ü.mp3", 8)
    assert upload.content.read() == b"\r\n--\x00B\r\n"


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"", BadParameter, "stops before its closing boundary"),
        (b"nonsense", BadParameter, "malformed"),
        (part("file", b"x", "a.mp3"), BadParameter, "stops before its closing boundary"),
        (b"--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--\r\n", BadParameter, "a part has no name"),
        (part("file", b"x", "a") + part("file", b"y", "b") + b"--B--", BadParameter, "one file a request"),
        (part("file", b"x" * 1001, "a.mp3"), FileTooLarge, "larger than 1000 bytes"),
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
        Example.read(parse(body))
    assert caught.value.param == "file"


def test_each_keyword_may_be_a_field() -> None:
    words = [f"word{n}" for n in range(MAX_KEYWORDS)]
    body = part("file", b"x", "a.mp3") + b"".join(part("keywords[]", word.encode()) for word in words) + b"--B--\r\n"
    assert TranscriptionRequest.read(parse(body)).keywords == tuple(words)


def test_a_file_without_a_name_is_a_file() -> None:
    assert Example.read(parse(part("file", b"x", "") + b"--B--\r\n")).file.content.read() == b"x"


def test_a_form_without_files_refuses_one() -> None:
    with pytest.raises(BadParameter, match="text=<file") as caught:
        Multipart(b"B", None, 0).write(part("text", b"x", "a.txt"))
    assert caught.value.param == "text"
