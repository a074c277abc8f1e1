"""The documents' curl commands, verbatim but for the host and the file, run by the real curl."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")

CLOUD = """
curl -X POST "http://localhost:8000/api/v1/transcribe" \\
     -H "Content-Type: multipart/form-data" \\
     -F "file=@/path/to/your/audiofile.mp3" \\
     -F "model=whisper-1" \\
     -F "language=en" \\
     -F "prompt=This is a conversation about AI"
"""
STT = """
curl -X POST http://localhost:8000/api/stt/ \\
  -F "audio=@audio_file.mp3" \\
  -F "model=whisper-1"
"""
WHISPER = """
curl -X POST "http://localhost:8000/v1/audio/transcriptions" \\
     -H "Authorization: Bearer your_api_key_here" \\
     -F "model=whisper-1" \\
     -F "file=@/path/to/audio/file.mp3" \\
     -F "response_format=json"
"""
HEALTH = """
curl -X GET "http://localhost:8000/health"
"""


def run(command: str, url: str, *files: tuple[str, Path]) -> Any:
    """The JSON that `command` prints when it is pointed at our host and file."""
    command = command.replace("http://localhost:8000", url)
    for name, file in files:
        assert name in command
        command = command.replace(name, str(file))
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_cloud_inference_server(frontend_url: str, fox: Path) -> None:
    body = run(CLOUD, frontend_url, ("/path/to/your/audiofile.mp3", fox))
    assert body.keys() == {"text"}
    assert "fox" in body["text"]


def test_stt_tts(frontend_url: str, fox: Path) -> None:
    body = run(STT, frontend_url, ("audio_file.mp3", fox))
    assert body.keys() == {"transcript", "model"}
    assert "fox" in body["transcript"]
    assert body["model"] == "whisper-1"


def test_stt_tts_without_the_last_slash(frontend_url: str, fox: Path) -> None:
    assert "fox" in run(STT.replace("/api/stt/", "/api/stt"), frontend_url, ("audio_file.mp3", fox))["transcript"]


def test_whisper_api_server(frontend_url: str, fox: Path) -> None:
    assert "fox" in run(WHISPER, frontend_url, ("/path/to/audio/file.mp3", fox))["text"]


def test_health(frontend_url: str) -> None:
    assert run(HEALTH, frontend_url)["status"] == "healthy"
