"""Audio in base64 within a JSON body."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import httpx2
import pytest

from frontend.requests.encoded_audio import read_audio
from frontend.requests.upload import Upload
from speech.errors import BadParameter, FileTooLarge
from tests.conftest import Serve

PATH = "/v1/audio/transcriptions"
AUDIO = bytes(range(256)) * 3
ENCODED = base64.b64encode(AUDIO).decode()


def read(fields: str, max_file_size: int = 1000) -> dict[str, Any]:
    return read_audio(io.BytesIO(fields.encode()), max_file_size)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("input_audio", f'{{"data": "{ENCODED}", "format": "wav"}}'),
        ("input_audio", f'{{"data": "{ENCODED}"}}'),
        ("input_audio", f'"{ENCODED}"'),
        ("file", f'"data:audio/wav;base64,{ENCODED}"'),
        ("audio", f'"{ENCODED}"'),
        ("file", '"' + base64.urlsafe_b64encode(AUDIO).decode().rstrip("=") + '"'),
        ("file", '"' + base64.encodebytes(AUDIO).decode().replace("\n", "\\r\\n") + '"'),
    ],
)
def test_audio(name: str, value: str) -> None:
    fields = read(f'{{"model": "base", "{name}": {value}}}')
    upload = fields[name]
    assert isinstance(upload, Upload)
    assert (fields["model"], upload.size, upload.content.read()) == ("base", len(AUDIO), AUDIO)


def test_without_audio() -> None:
    assert read('{"model": "base", "file": null}') == {"model": "base", "file": None}


@pytest.mark.parametrize(
    "value", ['"!"', '"A"', '"Ünï"', "7", "[1]", '{"url": "http://localhost/a.wav"}', '{"data": 1}']
)
def test_what_is_no_base64(value: str) -> None:
    with pytest.raises(BadParameter, match="base64") as caught:
        read(f'{{"input_audio": {value}}}')
    assert caught.value.param == "input_audio"


def test_no_url_is_fetched() -> None:
    with pytest.raises(BadParameter, match="no URL is fetched"):
        read('{"file": "https://example.com/a.wav"}')


def test_too_large() -> None:
    with pytest.raises(FileTooLarge, match="larger than 767 bytes"):
        read(f'{{"file": "{ENCODED}"}}', len(AUDIO) - 1)


@pytest.mark.parametrize(
    ("path", "field"), [(PATH, "input_audio"), (PATH, "file"), ("/api/stt/", "input_audio"), ("/api/stt/", "audio")]
)
def test_it_is_transcribed(frontend_url: str, fox: Path, path: str, field: str) -> None:
    audio = {"data": base64.b64encode(fox.read_bytes()).decode(), "format": "wav"}
    answer = httpx2.post(frontend_url + path, json={"model": "whisper-1", field: audio}, timeout=60)
    assert answer.status_code == 200
    assert "quick brown fox" in answer.text


def test_fields_of_json_are_those_of_the_form(frontend_url: str, fox: Path) -> None:
    fields = {
        "input_audio": {"data": base64.b64encode(fox.read_bytes()).decode(), "format": "wav"},
        "response_format": "verbose_json",
        "timestamp_granularities": ["word"],
        "temperature": 0,
        "language": None,
    }
    body = httpx2.post(frontend_url + PATH, json=fields, timeout=60).json()
    assert body["language"] == "english"
    assert [word["word"] for word in body["words"]][:3] == ["The", "quick", "brown"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"model": "whisper-1"}, "file must be an uploaded file, it is missing"),
        ({"input_audio": {"data": "", "format": "wav"}}, "the file is empty"),
        ({"input_audio": {"data": "AAAA", "format": "wav"}}, "is not audio"),
        ({"audio": "AAAA"}, "the file is in field 'audio'; send it in 'file'"),
    ],
)
def test_what_is_refused(frontend_url: str, fields: dict[str, Any], message: str) -> None:
    answer = httpx2.post(frontend_url + PATH, json=fields, timeout=60)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]


def test_too_large_for_the_server(serve: Serve, triton: str) -> None:
    with serve(triton_url=triton, max_file_size=10_000) as url:
        for size in (10_001, 2_000_000):
            audio = {"data": base64.b64encode(bytes(size)).decode(), "format": "wav"}
            answer = httpx2.post(url + PATH, json={"input_audio": audio}, timeout=60)
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "file_too_large")
