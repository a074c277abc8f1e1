"""The small families: their parameters, and errors in their own envelope."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest


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
