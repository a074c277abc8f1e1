"""Requests for the text of a file: their options, and what does not fit together."""

from __future__ import annotations

import io
from dataclasses import fields
from typing import Any

import pytest

from frontend.requests.schema import describe
from frontend.requests.transcription import (
    SpeechToTextForm,
    TranscribeForm,
    TranscriptionRequest,
    TranslationRequest,
)
from frontend.requests.upload import Upload
from speech.contract import TRANSCRIBE
from speech.errors import BadParameter
from speech.types import TranscribeOptions

FILE = Upload("file", "a.wav", 4, io.BytesIO(b"RIFF"))


def transcription(**given: Any) -> TranscriptionRequest:
    return TranscriptionRequest.read({"file": FILE, **given})


def test_defaults() -> None:
    wanted = TranscribeOptions(model="whisper-1")
    assert transcription().transcription_options() == wanted
    assert TranscribeForm.read({"file": FILE}).transcription_options() == wanted
    assert SpeechToTextForm.read({"audio": Upload("audio", "a", 1, io.BytesIO(b"x"))}).transcription_options() == wanted
    assert TranslationRequest.read({"file": FILE}).transcription_options() == TranscribeOptions(
        model="whisper-1", task="translate"
    )


def test_every_option_of_the_model_can_be_given() -> None:
    names = {field.name for field in fields(TranscribeOptions)} - {"task", "timestamps"}
    assert names <= TranscriptionRequest.model_fields.keys()


def test_ranges_are_those_of_the_contract() -> None:
    for name in ("temperature", "no_speech_threshold", "logprob_threshold", "compression_ratio_threshold"):
        parameter = TRANSCRIBE.parameter(name)
        wanted = f"a number from {parameter.low:g} to {parameter.high:g}"
        assert describe(TranscriptionRequest.model_fields[name]) == wanted


@pytest.mark.parametrize(
    ("given", "granularities", "timestamps"),
    [
        ([], ("segment",), "segment"),
        (["word"], ("word",), "word"),
        (["word", "segment"], ("segment", "word"), "word"),
    ],
)
def test_granularities(given: list[str], granularities: tuple[str, ...], timestamps: str) -> None:
    request = transcription(response_format="verbose_json", timestamp_granularities=given)
    assert (request.granularities, request.transcription_options().timestamps) == (granularities, timestamps)


@pytest.mark.parametrize(
    ("given", "param", "message"),
    [
        ({"temperature": "hot"}, "temperature", "temperature must be a number from 0 to 1; got 'hot'"),
        ({"response_format": "doc"}, "response_format", "one of json, text, srt, vtt, verbose_json; got 'doc'"),
        ({"language": "klingon"}, "language", "language must be an ISO 639-1 code"),
        ({"timestamp_granularities": ["line"]}, "timestamp_granularities", "among segment, word; got 'line'"),
        ({"timestamp_granularities": ["word"]}, "timestamp_granularities", "needs response_format verbose_json"),
        ({"stream": "true", "response_format": "srt"}, "stream", "'srt' cannot be streamed"),
        ({"chunking_strategy": {"type": "server_vad"}}, "chunking_strategy", "chunking_strategy must be auto"),
        ({"include": ["logprobs"]}, "include", "avg_logprob"),
    ],
)
def test_refused(given: dict[str, Any], param: str, message: str) -> None:
    with pytest.raises(BadParameter) as caught:
        transcription(**given)
    assert message in caught.value.message
    assert caught.value.param == param


@pytest.mark.parametrize(
    ("given", "param"), [({"stream": "1"}, "stream"), ({"timestamp_granularities": "word"}, "timestamp_granularities")]
)
def test_what_translations_cannot_do(given: dict[str, Any], param: str) -> None:
    with pytest.raises(BadParameter) as caught:
        TranslationRequest.read({"file": FILE, **given})
    assert caught.value.param == param
