"""Unknown paths of every family, and OpenAI's routes under other clients' paths."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/nothing", "NOT_FOUND"),
        ("/api/v1/nothing", "NOT_FOUND"),
        ("/v1/realtime-nothing", "not_found"),
        ("/v1/audio/speech", "not_found"),
    ],
)
def test_no_such_websocket(frontend_url: str, path: str, code: str) -> None:
    with pytest.raises(InvalidStatus) as caught, connect(frontend_url.replace("http", "ws") + path):
        pass
    answer = caught.value.response
    assert answer.status_code == 404
    error = json.loads(answer.body or b"")["error"]
    assert (error["code"], error["message"]) == (code, f"WebSocket {path}: not found")


@pytest.mark.parametrize("path", ["/audio/transcriptions", "/openai/v1/audio/transcriptions", "/inference"])
def test_transcription_under_another_path(frontend_url: str, fox: Path, path: str) -> None:
    answer = httpx2.post(frontend_url + path, files={"file": fox.read_bytes()}, timeout=60)
    assert "quick brown fox" in answer.json()["text"]
    error = httpx2.post(frontend_url + path, data={"model": "base"}).json()["error"]
    assert error["type"] == "invalid_request_error"


@pytest.mark.parametrize("path", ["/models", "/models/openai/whisper-base", "/openai/v1/models", "/audio/voices"])
def test_lists_under_another_path(frontend_url: str, path: str) -> None:
    canonical = "/v1" + path.removeprefix("/openai/v1")
    assert httpx2.get(frontend_url + path).json() == httpx2.get(frontend_url + canonical).json()


def test_speech_under_another_path(frontend_url: str) -> None:
    answer = httpx2.post(f"{frontend_url}/audio/speech", json={"input": "Hello."}, timeout=60)
    assert answer.headers["content-type"] == "audio/wav"
