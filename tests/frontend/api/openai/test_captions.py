"""Speech with the times of its words."""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from tests.frontend.sound import check_sound

TEXT = "Hello world, how are you? Good morning! It is five o'clock."
PATH = "/v1/audio/speech/captions"


def check_words(words: list[dict[str, Any]], segments: list[dict[str, Any]]) -> None:
    """In order, each in its place in the text and in its segment."""
    assert [word["word"] for word in words] == [TEXT[word["text_start"] : word["text_end"]] for word in words]
    assert "".join(word["word"] for word in words) == "".join(c for c in TEXT if c.isalnum() or c == "'")
    assert all(word["start"] < word["end"] for word in words)
    assert [word["start"] for word in words] == sorted(word["start"] for word in words)
    assert [segment["id"] for segment in segments] == list(range(len(segments)))
    for segment in segments:
        assert segment["text"] == TEXT[segment["text_start"] : segment["text_end"]]
        inside = [word for word in words if segment["text_start"] <= word["text_start"] < segment["text_end"]]
        assert (segment["start"], segment["end"]) == (inside[0]["start"], inside[-1]["end"])


@pytest.mark.parametrize("response_format", ["wav", "mp3", "aac"])
def test_whole(frontend_url: str, response_format: str) -> None:
    fields = {"input": TEXT, "response_format": response_format, "voice": "nova"}
    body = httpx2.post(frontend_url + PATH, json=fields, timeout=60).json()
    assert body.keys() == {"audio", "format", "duration", "voice", "language", "text", "words", "segments"}
    assert (body["format"], body["voice"], body["language"]) == (response_format, "af_nova", "en-us")
    assert body["text"] == TEXT
    check_sound(base64.b64decode(body["audio"]), response_format, body["duration"])
    check_words(body["words"], body["segments"])
    words, silence_s = body["words"], 0.2
    assert words[0]["start"] >= 0
    assert words[-1]["end"] <= body["duration"] - silence_s + 0.001
    for word, following in pairwise(words):
        assert word["end"] <= following["start"]


@pytest.mark.parametrize("response_format", ["opus", "pcm"])
def test_stream(frontend_url: str, response_format: str) -> None:
    fields = {"input": TEXT, "response_format": response_format, "stream": True}
    answer = httpx2.post(frontend_url + PATH, json=fields, timeout=60)
    assert answer.headers["content-type"].startswith("text/event-stream")
    *deltas, done = [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line]
    assert all(delta.keys() == {"type", "audio", "words", "segments"} for delta in deltas)
    assert {delta["type"] for delta in deltas} == {"speech.audio.delta"}
    data = b"".join(base64.b64decode(delta["audio"]) for delta in deltas)
    check_sound(data, response_format, done["duration"], streamed=True)
    check_words([w for delta in deltas for w in delta["words"]], [s for delta in deltas for s in delta["segments"]])
    assert (done["type"], done["voice"], done["language"]) == ("speech.audio.done", "af_heart", "en-us")
    assert done["usage"]["input_tokens"] == len(TEXT)


@pytest.mark.parametrize("stream", [True, False])
def test_nothing_to_say(frontend_url: str, stream: bool) -> None:
    answer = httpx2.post(frontend_url + PATH, json={"input": "...", "stream": stream}, timeout=60)
    assert answer.status_code == 200
    if not stream:
        assert (answer.json()["words"], answer.json()["segments"]) == ([], [])


def test_unused_parameters(frontend_url: str) -> None:
    answer = httpx2.post(frontend_url + PATH, json={"input": "Hello.", "instructions": "as a pirate"}, timeout=60)
    assert answer.headers["x-tritone-unused-parameters"] == "instructions"
