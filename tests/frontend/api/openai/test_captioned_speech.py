"""Captions as Kokoro-FastAPI's clients ask for them (its README, "Timestamps")."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx2
import pytest

from tests.frontend.sound import check_sound

TEXT = "Hello world! [pause:1.5s] It is five o'clock."
WORDS = ["Hello", "world", "It", "is", "five", "o'clock"]
PATH = "/dev/captioned_speech"
TIMESTAMP = {"word", "start_time", "end_time"}


def post(url: str, **fields: Any) -> httpx2.Response:
    body = {"model": "kokoro", "input": TEXT, "voice": "af_bella", "speed": 1.0, **fields}
    return httpx2.post(url + PATH, json=body, timeout=60)


@pytest.fixture(scope="module")
def captions(frontend_url: str) -> dict[str, Any]:
    """Our own answer to the same text."""
    body = {"input": TEXT, "voice": "af_bella"}
    captions: dict[str, Any] = httpx2.post(f"{frontend_url}/v1/audio/speech/captions", json=body, timeout=60).json()
    return captions


def check_timestamps(timestamps: list[dict[str, Any]]) -> None:
    assert [timestamp["word"] for timestamp in timestamps] == WORDS
    assert all(timestamp.keys() == TIMESTAMP for timestamp in timestamps)
    assert timestamps[2]["start_time"] - timestamps[1]["end_time"] == pytest.approx(1.5, abs=0.2)


@pytest.mark.parametrize("response_format", ["mp3", "wav"])
def test_whole(frontend_url: str, captions: dict[str, Any], response_format: str) -> None:
    answer = post(frontend_url, response_format=response_format, stream=False)
    body = answer.json()
    assert body.keys() == {"audio", "audio_format", "timestamps"}
    assert body["audio_format"] == {"mp3": "audio/mpeg", "wav": "audio/wav"}[response_format]
    check_sound(base64.b64decode(body["audio"]), response_format, captions["duration"])
    check_timestamps(body["timestamps"])
    times = [(word["word"], word["start"], word["end"]) for word in captions["words"]]
    assert [(word["word"], word["start_time"], word["end_time"]) for word in body["timestamps"]] == times


def test_stream(frontend_url: str, captions: dict[str, Any]) -> None:
    """It is streamed by default, and mp3 by default."""
    answer = post(frontend_url)
    assert answer.headers["content-type"] == "application/json"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert len(lines) > 2
    assert all(line["audio"] and line["audio_format"] == "audio/mpeg" for line in lines)
    audio = b"".join(base64.b64decode(line["audio"]) for line in lines)
    check_sound(audio, "mp3", captions["duration"], streamed=True)
    check_timestamps([timestamp for line in lines for timestamp in line["timestamps"]])


@pytest.mark.parametrize("stream", [True, False])
def test_without_timestamps(frontend_url: str, stream: bool) -> None:
    answer = post(frontend_url, input="Hello.", return_timestamps=False, stream=stream, return_download_link=True)
    assert [json.loads(line)["timestamps"] for line in answer.text.splitlines() if not json.loads(line)["timestamps"]]
    assert "Hello" not in answer.text
    assert answer.headers["x-tritone-unused-parameters"] == "return_download_link"


def test_defaults(frontend_url: str) -> None:
    answer = httpx2.post(frontend_url + PATH, json={"input": "Hello.", "stream": False}, timeout=60)
    assert answer.json()["audio_format"] == "audio/mpeg"


@pytest.mark.parametrize("stream", [True, False])
def test_errors_are_openais(frontend_url: str, stream: bool) -> None:
    answer = post(frontend_url, voice="af_hart", stream=stream)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "voice")
