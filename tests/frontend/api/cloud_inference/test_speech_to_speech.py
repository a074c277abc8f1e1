"""POST /api/v1/speech-to-speech: speaks the words of a recording in another voice."""

from __future__ import annotations

import base64
import io
import time
import wave
from pathlib import Path
from typing import Any

import httpx2
import jiwer
import numpy as np
import pytest
import soundfile
from whisper_normalizer.english import EnglishTextNormalizer

from tests.frontend.live_client import container, read
from tests.frontend.sound import CONTENT_TYPES, RATE_HZ, decoded

PATH = "/api/v1/speech-to-speech"


def convert(url: str, sound: bytes, **fields: str) -> httpx2.Response:
    return httpx2.post(url + PATH, files={"file": sound}, data=fields, timeout=120)


def word_error_rate(reference: str, transcript: str) -> float:
    normalize = EnglishTextNormalizer()
    return float(jiwer.wer(normalize(reference), normalize(transcript)))


def transcribed(url: str, sound: bytes) -> str:
    files, data = {"file": sound}, {"language": "en"}
    return str(httpx2.post(f"{url}/api/v1/transcribe", files=files, data=data, timeout=60).json()["text"])


def test_the_answer_says_the_same(frontend_url: str, clips: dict[str, Any]) -> None:
    answer = convert(frontend_url, clips["jfk.flac"].path.read_bytes(), voice="echo", language="en")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == CONTENT_TYPES["mp3"]
    assert word_error_rate(clips["jfk.flac"].text, transcribed(frontend_url, answer.content)) <= 0.05


@pytest.mark.parametrize("stream", ["true", "false"])
def test_sample_rate(frontend_url: str, fox: Path, stream: str) -> None:
    answer = convert(frontend_url, fox.read_bytes(), response_format="wav", sample_rate="16000", stream=stream)
    pcm, rate_hz = soundfile.read(io.BytesIO(answer.content))
    assert rate_hz == 16_000
    assert 2 < len(pcm) / rate_hz < 5
    for fields in ({"response_format": "opus"}, {"response_format": "json", "audio_format": "opus"}):
        refused = convert(frontend_url, fox.read_bytes(), sample_rate="44100", **fields)
        assert (refused.status_code, refused.json()["error"]["details"]) == (400, {"param": "sample_rate"})


def test_the_answer_starts_before_the_file_is_transcribed(frontend_url: str, clips: dict[str, Any]) -> None:
    """The first audio for a long recording comes in less than half the time of the whole answer."""
    sound = container(read(*(clips[f"lj-LJ001-000{number}.flac"].path for number in range(1, 5))), "flac")
    files, data = {"file": sound}, {"language": "en"}

    def first_share() -> float:
        """The time until the first audio, as a share of the time of the whole answer."""
        started = time.monotonic()
        with httpx2.stream("POST", frontend_url + PATH, files=files, data=data, timeout=120) as answer:
            chunks = answer.iter_bytes()
            converted = next(chunks)
            while len(converted) < 10_000:
                converted += next(chunks)
            first_s = time.monotonic() - started
            converted += b"".join(chunks)
        assert len(decoded(converted, "mp3")) > 15 * RATE_HZ
        return first_s / (time.monotonic() - started)

    # Once is enough: other processes may delay the first audio, but an answer that comes whole has a share of 1.
    assert any(first_share() < 0.5 for _ in range(3))


@pytest.mark.parametrize("response_format", CONTENT_TYPES)
def test_formats(frontend_url: str, fox: Path, response_format: str) -> None:
    whole = response_format in ("wav", "mp3")
    fields = {"response_format": response_format, "stream": "false" if whole else "true"}
    answer = convert(frontend_url, fox.read_bytes(), **fields)
    assert answer.headers["content-type"] == CONTENT_TYPES[response_format]
    assert ("content-length" in answer.headers) == whole
    assert 1.5 < len(decoded(answer.content, response_format)) / RATE_HZ < 5


@pytest.mark.parametrize("response_format", ["wav", "json"])
def test_a_whole_file_knows_its_length(frontend_url: str, fox: Path, response_format: str) -> None:
    fields = {"response_format": response_format, "audio_format": "wav", "stream": "false"}
    answer = convert(frontend_url, fox.read_bytes(), **fields)
    file = base64.b64decode(answer.json()["audio"]) if response_format == "json" else answer.content
    with wave.open(io.BytesIO(file)) as header:
        assert header.getnframes() == len(decoded(file, "wav"))


def test_an_answer_too_long_to_be_sent_whole(frontend_url: str, fox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frontend.api.cloud_inference.conversion.MAX_WHOLE_S", 1)
    answer = convert(frontend_url, fox.read_bytes(), response_format="json")
    assert answer.status_code == 413
    assert "stream=true" in answer.json()["error"]["message"]


def test_json_has_the_text_and_the_audio(frontend_url: str, fox: Path) -> None:
    body = convert(frontend_url, fox.read_bytes(), response_format="json", audio_format="wav").json()
    assert body.keys() == {"text", "segments", "language", "duration", "audio", "format"}
    assert "fox" in body["text"] and body["segments"][0]["text"].strip() in body["text"]
    assert (body["language"], body["format"]) == ("en", "wav")
    assert "fox" in transcribed(frontend_url, base64.b64decode(body["audio"]))


def test_speed(frontend_url: str, fox: Path) -> None:
    slow, fast = (
        len(decoded(convert(frontend_url, fox.read_bytes(), speed=speed).content, "mp3")) for speed in ("0.75", "1.5")
    )
    assert slow > 1.5 * fast


def test_a_file_without_speech_is_answered_with_silence(frontend_url: str) -> None:
    silence = container(np.zeros(16_000, np.float32), "wav")
    for response_format in ("mp3", "wav", "pcm"):
        answer = convert(frontend_url, silence, response_format=response_format)
        assert answer.status_code == 200
        sound = decoded(answer.content, response_format)
        assert 0.2 < len(sound) / RATE_HZ < 0.5
        assert not sound.any()
    body = convert(frontend_url, silence, response_format="json").json()
    assert (body["text"], body["segments"]) == ("", [])


@pytest.mark.parametrize(
    ("fields", "status", "code", "param"),
    [
        ({"voice": "nobody"}, 400, "BAD_PARAMETER", "voice"),
        ({"voice": "a" + " " * 60_000 + "!"}, 400, "BAD_PARAMETER", "voice"),
        ({"language": "sv"}, 400, "BAD_PARAMETER", "language"),
        ({"language": "xx"}, 400, "BAD_PARAMETER", "language"),
        ({"speed": "9"}, 400, "BAD_PARAMETER", "speed"),
        ({"stream": "maybe"}, 400, "BAD_PARAMETER", "stream"),
        ({"response_format": "mid"}, 400, "BAD_PARAMETER", "response_format"),
        ({"response_format": "json", "audio_format": "mid"}, 400, "BAD_PARAMETER", "audio_format"),
        ({"stt_model": "nobody"}, 404, "MODEL_NOT_FOUND", "stt_model"),
        ({"tts_model": "nobody"}, 404, "MODEL_NOT_FOUND", "tts_model"),
    ],
)
def test_errors(frontend_url: str, fox: Path, fields: dict[str, str], status: int, code: str, param: str) -> None:
    answer = convert(frontend_url, fox.read_bytes(), **fields)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["details"]) == (status, code, {"param": param})


def test_no_audio_file(frontend_url: str) -> None:
    assert convert(frontend_url, b"just text").json()["error"]["code"] == "BAD_AUDIO"
    answer = httpx2.post(frontend_url + PATH, files={"audio": b"x"})
    assert answer.json()["error"]["details"] == {"param": "file"}
