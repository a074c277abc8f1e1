"""What the table says when a client gets something else than it asked for."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from speech.sound.encoder import encode
from tests.clients.expectations import Audio, Events, Expectation, Logprobs, Names, Refused, Text
from tests.clients.recordings import FOX_TEXT

TONE = 0.5 * np.sin(np.arange(36_000) / 20).astype(np.float32)
"""1.5 s at 24 kHz."""


def audio(pcm: Any, format: str, pcm_rate_hz: int | None = None) -> dict[str, Any]:
    return {"audio": base64.b64encode(encode(pcm, format)).decode(), "pcm_rate_hz": pcm_rate_hz}


SILENCE = np.zeros(36_000, np.float32)
SUBTITLES = f"1\n00:00:00,000 --> 00:00:02,600\n{FOX_TEXT}\n\n"
TOKENS = {"text": "one", "joined": " one", "logprobs": [-0.1]}


@pytest.mark.parametrize(
    ("expectation", "outcome", "said"),
    [
        (Text(), {"got": FOX_TEXT}, "text"),
        (Text(), {"got": SUBTITLES}, "text"),
        (Text("one two"), {"got": {"text": "1, 2."}}, "text"),
        (Text(), {"got": "The quick brown dog."}, "another text: The quick brown dog."),
        (Text(), {"got": ""}, "no text"),
        (Text("one", having={"words": 1}), {"got": {"text": "one", "words": 2}}, "words: 2"),
        (Text("one", having={"language": None}), {"got": {"text": "one", "language": ""}}, "no language"),
        (Text(), {"error": "NotFoundError: Error code: 404 - no model"}, "error 404"),
        (Text(), {"error": "TypeError: none"}, "TypeError: none"),
        (Logprobs("one"), {"got": TOKENS}, "text, log-probabilities"),
        (Logprobs("one"), {"got": {**TOKENS, "joined": "two"}}, "tokens of another text: two"),
        (Logprobs("one"), {"got": {**TOKENS, "logprobs": [0.1]}}, "no log-probabilities"),
        (Events(), {"got": 'data: {"type": "transcript.text.delta", "delta": "no"}'}, "another text: no"),
        (Audio("mp3"), {"got": audio(TONE, "mp3")}, "mp3"),
        (Audio("mp3"), {"got": audio(TONE, "wav")}, "wav"),
        (Audio("wav"), {"got": audio(TONE[:9_000], "wav")}, "wav, too short"),
        (Audio("wav"), {"got": audio(np.tile(TONE, 2), "wav")}, "wav, too long"),
        (Audio("wav"), {"got": audio(SILENCE, "wav")}, "wav, silent"),
        (Audio("wav", max_s=5, pause_s=1.4), {"got": audio(TONE, "wav")}, "wav, no pause"),
        (Audio("wav", max_s=5, pause_s=1.4), {"got": audio(np.concatenate([TONE, SILENCE, TONE]), "wav")}, "wav"),
        (Audio("wav", rate_hz=8_000), {"got": audio(TONE, "wav")}, "wav, 24000 Hz"),
        (Audio("pcm"), {"got": audio(TONE, "pcm", 24_000)}, "pcm"),
        (Audio("pcm"), {"got": audio(TONE, "mp3", 24_000)}, "pcm, too short"),
        (Audio("pcm"), {"got": audio(TONE, "wav", 24_000)}, "wav"),
        (Names(("a", "b")), {"got": ["a"]}, "without b"),
        (Names(("a",), "voices"), {"got": {"voices": [{"id": "a"}]}}, "listed"),
        (Refused(400), {"got": "text"}, "no error"),
    ],
)
def test_what_the_table_says(expectation: Expectation, outcome: dict[str, Any], said: str) -> None:
    assert expectation.got({"call": "a call", **outcome}) == said
