"""OpenAI's chunking_strategy, in all the forms that clients send it."""

from __future__ import annotations

import io
from typing import Any

import pytest

from frontend.requests.chunking_strategy import ServerVad
from frontend.requests.form import nested
from frontend.requests.transcription import TranscriptionRequest
from frontend.requests.upload import Upload
from speech.errors import BadParameter

DEFAULT = ServerVad.read({})


def strategy(value: Any) -> ServerVad | None:
    file = Upload("file", "a.wav", 4, io.BytesIO(b"RIFF"))
    return TranscriptionRequest.read({"file": file, "chunking_strategy": value}).chunking_strategy


@pytest.mark.parametrize("value", ["auto", '"auto"', {"type": "auto"}, '{"type": "auto"}', "", None])
def test_auto(value: Any) -> None:
    assert strategy(value) is None


@pytest.mark.parametrize("value", ["server_vad", '"server_vad"', {"type": "server_vad"}, {}, '{"type":"server_vad"}'])
def test_server_vad(value: Any) -> None:
    found = strategy(value)
    assert found is not None and found.threshold is None and found.unused == ()


@pytest.mark.parametrize(
    "value",
    [
        {"type": "server_vad", "threshold": 0.4, "silence_duration_ms": 300, "prefix_padding_ms": 0},
        '{"type": "server_vad", "threshold": 0.4, "silence_duration_ms": 300, "prefix_padding_ms": 0}',
        {"type": "server_vad", "threshold": "0.4", "silence_duration_ms": "300", "prefix_padding_ms": "0"},
        nested(
            {
                "s[type]": ["server_vad"],
                "s[threshold]": ["0.4"],
                "s[silence_duration_ms]": ["300"],
                "s[prefix_padding_ms]": ["0"],
            }
        )["s"],
    ],
)
def test_its_details(value: Any) -> None:
    found = strategy(value)
    assert found is not None
    assert (found.threshold, found.silence_duration_ms, found.prefix_padding_ms) == (0.4, 300, 0)
    assert found.unused == ("chunking_strategy.silence_duration_ms", "chunking_strategy.prefix_padding_ms")


@pytest.mark.parametrize(
    ("value", "param", "message"),
    [
        ("vad", "chunking_strategy", "chunking_strategy must be auto, server_vad or {"),
        ('{"type": "server_vad"', "chunking_strategy", "must be auto, server_vad or {"),
        ("[" * 5_000, "chunking_strategy", "must be auto, server_vad or {"),
        ('{"a":' * 50_000, "chunking_strategy", "must be auto, server_vad or {"),
        (["auto", "server_vad"], "chunking_strategy", "must be auto, server_vad or {"),
        (7, "chunking_strategy", "must be auto, server_vad or {"),
        ({"type": "semantic_vad"}, "chunking_strategy.type", "chunking_strategy.type must be server_vad"),
        ({"threshold": 1.5}, "chunking_strategy.threshold", "threshold must be a number from 0 to 1; got 1.5"),
        ({"threshold": "loud"}, "chunking_strategy.threshold", "a number from 0 to 1; got 'loud'"),
        ({"threshold": float("nan")}, "chunking_strategy.threshold", "a number from 0 to 1; got nan"),
        ({"threshold": True}, "chunking_strategy.threshold", "a number from 0 to 1; got 'true'"),
        ({"silence_duration_ms": -1}, "chunking_strategy.silence_duration_ms", "a whole number from 0 to 60000"),
        ({"prefix_padding_ms": 0.5}, "chunking_strategy.prefix_padding_ms", "a whole number from 0 to 60000"),
    ],
)
def test_refusals(value: Any, param: str, message: str) -> None:
    with pytest.raises(BadParameter) as caught:
        strategy(value)
    assert message in caught.value.message
    assert caught.value.param == param
