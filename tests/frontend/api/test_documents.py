"""The documents' examples, verbatim but for the host and the file: curl commands by the real curl, and Python."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.frontend.sound import RATE_HZ, decoded

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
CLOUD_SPEECH = """
curl -X POST "http://localhost:8000/api/v1/text-to-speech" \\
     -H "Content-Type: application/x-www-form-urlencoded" \\
     -d "text=Hello, world!&voice=alloy&model=tts-1&response_format=mp3&speed=1.0" \\
     --output speech.mp3
"""
TTS = """
curl -X POST http://localhost:8000/api/tts/ \\
  -H "Content-Type: application/json" \\
  -d '{
    "text": "Hello, world!",
    "model": "tts-1",
    "voice": "alloy"
  }'
"""
SPEECH = """
{
  "model": "s1-mini",
  "input": "Text to synthesize",
  "voice": "default",
  "response_format": "wav",
  "stream": false
}
"""
STREAMING = """
import httpx

with httpx.stream("POST", url, json={"input": "...", "stream": True}) as r:
    for chunk in r.iter_bytes():
        play_audio(chunk)
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


def test_cloud_inference_server_speaks(frontend_url: str, tmp_path: Path) -> None:
    command = CLOUD_SPEECH.replace("http://localhost:8000", frontend_url)
    subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=True)
    assert len(decoded((tmp_path / "speech.mp3").read_bytes(), "mp3")) > RATE_HZ / 2


def test_stt_tts_speaks(frontend_url: str) -> None:
    body = run(TTS, frontend_url)
    assert body.keys() == {"audio_base64", "model", "voice"}
    assert (body["model"], body["voice"]) == ("tts-1", "alloy")
    assert len(decoded(base64.b64decode(body["audio_base64"]), "mp3")) > RATE_HZ / 2
    assert run(TTS.replace("/api/tts/", "/api/tts"), frontend_url) == body


def test_openai_tts(frontend_url: str) -> None:
    answer = httpx2.post(f"{frontend_url}/v1/audio/speech", content=SPEECH, timeout=60)
    assert len(decoded(answer.content, "wav")) > RATE_HZ / 2


@pytest.mark.parametrize("text", ["...", "Hello, world!"])
def test_openai_tts_streams(frontend_url: str, text: str) -> None:
    played: list[bytes] = []
    code = STREAMING.replace("import httpx", "").replace('"..."', repr(text))
    exec(code, {"httpx": httpx2, "url": f"{frontend_url}/v1/audio/speech", "play_audio": played.append})
    assert len(decoded(b"".join(played), "wav")) >= 0.2 * RATE_HZ
