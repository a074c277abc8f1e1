"""The small families: their parameters, and errors in their own envelope."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import httpx2
import pytest
import soundfile

from tests.frontend.sound import CONTENT_TYPES, check_sound


@pytest.mark.parametrize(
    ("path", "field", "data", "status", "code", "param"),
    [
        ("/api/v1/transcribe", "audio", {}, 400, "BAD_PARAMETER", "file"),
        ("/api/v1/transcribe", "file", {"model": "nobody"}, 404, "MODEL_NOT_FOUND", "model"),
        ("/api/v1/transcribe", "file", {"language": "xx"}, 400, "BAD_PARAMETER", "language"),
        ("/api/stt/", "file", {}, 400, "BAD_PARAMETER", "audio"),
        ("/api/stt/", "audio", {"model": "nobody"}, 404, "MODEL_NOT_FOUND", "model"),
    ],
)
def test_errors(
    frontend_url: str, fox: Path, path: str, field: str, data: dict[str, str], status: int, code: str, param: str
) -> None:
    answer = httpx2.post(frontend_url + path, files={field: fox.read_bytes()}, data=data)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error.keys() == {"code", "message", "details"}
    assert (error["code"], error["details"]) == (code, {"param": param})


def test_empty_fields_are_defaults(frontend_url: str, fox: Path) -> None:
    data = {"model": "", "language": "", "prompt": ""}
    answer = httpx2.post(f"{frontend_url}/api/v1/transcribe", files={"file": fox.read_bytes()}, data=data, timeout=60)
    assert "fox" in answer.json()["text"]


def test_the_model_is_named_as_the_client_named_it(frontend_url: str, fox: Path) -> None:
    data = {"model": "whisper-tiny.en"}
    answer = httpx2.post(f"{frontend_url}/api/stt/", files={"audio": fox.read_bytes()}, data=data, timeout=60)
    assert answer.json()["model"] == "whisper-tiny.en"


TEXT_TO_SPEECH = [
    ({}, 400, "BAD_PARAMETER", "text"),
    ({"text": "  "}, 400, "BAD_PARAMETER", "text"),
    ({"text": "x" * 4097}, 400, "BAD_PARAMETER", "text"),
    ({"text": "Hello", "voice": "nobody"}, 400, "BAD_PARAMETER", "voice"),
    ({"text": "Hello", "model": "whisper-1"}, 404, "MODEL_NOT_FOUND", "model"),
    ({"text": "Hello", "speed": "5"}, 400, "BAD_PARAMETER", "speed"),
    ({"text": "Hello", "response_format": "mid"}, 400, "BAD_PARAMETER", "response_format"),
    ({"text": "Hello", "response_format": "opus", "sample_rate": "44100"}, 400, "BAD_PARAMETER", "sample_rate"),
    ({"text": "Wait [pause:11s] for it."}, 400, "BAD_PARAMETER", "text"),
]


def test_sample_rate(frontend_url: str) -> None:
    fields = {"text": "Hello.", "response_format": "wav", "sample_rate": "8000", "volume_multiplier": "2"}
    cloud = httpx2.post(f"{frontend_url}/api/v1/text-to-speech", data={**fields, "stream": "false"}, timeout=60)
    stt_tts = httpx2.post(f"{frontend_url}/api/tts/", json=fields, timeout=60)
    assert base64.b64decode(stt_tts.json()["audio_base64"]) == cloud.content
    assert soundfile.info(io.BytesIO(cloud.content)).samplerate == 8_000


@pytest.mark.parametrize(("fields", "status", "code", "param"), TEXT_TO_SPEECH)
def test_speech_errors(frontend_url: str, fields: dict[str, str], status: int, code: str, param: str) -> None:
    for answer in (
        httpx2.post(f"{frontend_url}/api/v1/text-to-speech", data=fields),
        httpx2.post(f"{frontend_url}/api/tts/", json=fields),
    ):
        assert answer.status_code == status
        error = answer.json()["error"]
        assert error.keys() == {"code", "message", "details"}
        assert (error["code"], error["details"]) == (code, {"param": param})


@pytest.mark.parametrize("response_format", ["mp3", "opus"])
def test_text_to_speech_streams(frontend_url: str, response_format: str) -> None:
    text = "One two three."
    fields = {"input": text, "voice": "alloy"}
    duration_s = httpx2.post(f"{frontend_url}/v1/audio/speech/captions", json=fields, timeout=60).json()["duration"]
    form = {"text": text, "response_format": response_format}
    files: Any = {name: (None, value) for name, value in form.items()}  # multipart
    for answer in (
        httpx2.post(f"{frontend_url}/api/v1/text-to-speech", data=form, timeout=60),
        httpx2.post(f"{frontend_url}/api/v1/text-to-speech", files=files, timeout=60),
    ):
        assert answer.headers["content-type"] == CONTENT_TYPES[response_format]
        assert answer.headers["transfer-encoding"] == "chunked"
        check_sound(answer.content, response_format, duration_s, streamed=True)


def test_text_to_speech_as_a_whole(frontend_url: str) -> None:
    form = {"text": "One two three.", "response_format": "wav", "stream": "false"}
    answer = httpx2.post(f"{frontend_url}/api/v1/text-to-speech", data=form, timeout=60)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert soundfile.info(io.BytesIO(answer.content)).frames == len(answer.content[44:]) // 2


def test_tts_answers_with_the_names_that_were_asked_for(frontend_url: str) -> None:
    fields = {"text": "Hello", "voice": "nova", "model": "tts-1-hd", "response_format": "opus"}
    body = httpx2.post(f"{frontend_url}/api/tts", json=fields, timeout=60).json()
    assert (body["model"], body["voice"]) == ("tts-1-hd", "nova")
    assert base64.b64decode(body["audio_base64"])[:4] == b"OggS"
