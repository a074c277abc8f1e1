"""The access log: one line for each request, without secrets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from frontend.app import create_app
from frontend.settings import Settings


def test_access_log_has_no_secrets(fox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with TestClient(create_app(Settings(triton_url="127.0.0.1:1"))) as client:
        client.post(
            "/v1/audio/transcriptions?key=secret",
            headers={"authorization": "Bearer secret"},
            files={"file": fox.read_bytes()},
            data={"prompt": "secret"},
        )
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [line for line in lines if line.get("path") == "/v1/audio/transcriptions"]
    assert (line["event"], line["method"], line["status"]) == ("request", "POST", 503)
    assert "secret" not in str(lines)


def test_log_level(capsys: pytest.CaptureFixture[str]) -> None:
    with TestClient(create_app(Settings(log_level="WARNING"))) as client:
        client.get("/v1/nothing")
    assert capsys.readouterr().err == ""
