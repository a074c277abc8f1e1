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
    names = {field.name for field in fields(TranscribeOptions)} - {"timestamps", "logprobs"}
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
        ("word, segment", ("segment", "word"), "word"),
    ],
)
def test_granularities(given: list[str] | str, granularities: tuple[str, ...], timestamps: str) -> None:
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
        ({"timestamp_granularities": ["word"], "stream": "1"}, "timestamp_granularities", "needs response_format"),
        ({"include": ["words"]}, "include", "include must be among logprobs; got 'words'"),
        ({"include": ["logprobs"], "response_format": "srt"}, "include", "needs response_format json or verbose_json"),
        ({"include": "logprobs", "response_format": "text"}, "include", "got 'text'"),
        ({"response_format": "diarized_json"}, "response_format", "speakers are not told apart; it must be one of"),
        ({"known_speaker_names": ["me"]}, "known_speaker_names", "speakers are not told apart"),
        ({"keywords": ["x" * 101]}, "keywords", "at most 100 strings of at most 100 characters; it has 101"),
        ({"keywords": [f"x{n}" for n in range(101)]}, "keywords", "at most 100 strings of at most 100 characters"),
        ({"keywords": {"a": 1}}, "keywords", "at most 100 strings"),
        ({"vad_threshold": 2}, "vad_threshold", "a number from 0 to 1; got 2"),
    ],
)
def test_refused(given: dict[str, Any], param: str, message: str) -> None:
    with pytest.raises(BadParameter) as caught:
        transcription(**given)
    assert message in caught.value.message
    assert caught.value.param == param


@pytest.mark.parametrize("response_format", ["json", "text", "srt", "vtt", "verbose_json"])
@pytest.mark.parametrize("kind", [TranscriptionRequest, TranslationRequest])
def test_segments_go_with_every_format(
    kind: type[TranscriptionRequest | TranslationRequest], response_format: str
) -> None:
    request = kind.read({"file": FILE, "response_format": response_format, "timestamp_granularities": ["segment"]})
    assert request.granularities == ("segment",)


@pytest.mark.parametrize("kind", [TranscriptionRequest, TranslationRequest])
def test_stream_is_ignored_where_it_does_not_apply(kind: type[TranscriptionRequest | TranslationRequest]) -> None:
    for response_format in ("json", "text"):
        request = kind.read({"file": FILE, "stream": "true", "response_format": response_format})
        assert (request.streamed, request.unused) == (True, ())
    for response_format in ("srt", "vtt", "verbose_json"):
        request = kind.read({"file": FILE, "stream": "true", "response_format": response_format})
        assert (request.streamed, request.unused) == (False, ("stream",))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"response_format": "verbose_json"},
        {"response_format": "text", "stream": "true"},
    ],
)
def test_logprobs(given: dict[str, Any]) -> None:
    assert transcription(include=["logprobs"], **given).transcription_options().logprobs
    assert not transcription(**given).transcription_options().logprobs


def test_lists_and_the_threshold() -> None:
    options = transcription(
        languages=["English", "de"],
        keywords=["Quilter", "Mary Ann, Kokoro"],
        chunking_strategy={"threshold": 0.3},
        vad_threshold=0.4,
    ).transcription_options()
    assert (options.languages, options.possible_languages) == ("en,de", ("en", "de"))
    assert options.keywords == "Quilter, Mary Ann, Kokoro"
    assert options.vad_threshold == 0.3
    assert transcription(chunking_strategy="server_vad", vad_threshold=0.4).transcription_options().vad_threshold == 0.4


@pytest.mark.parametrize(
    ("given", "task"),
    [
        ({"translate": "true"}, "translate"),
        ({"translate": True}, "translate"),
        ({"task": "translate"}, "translate"),
        ({"task": "translate", "translate": "1"}, "translate"),
        ({"to_language": "English"}, "translate"),
        ({"to_language": "en", "language": "es"}, "translate"),
        ({"to_language": "en", "language": "en-US"}, "transcribe"),
        ({"task": "transcribe", "translate": "false"}, "transcribe"),
    ],
)
def test_a_transcription_may_translate(given: dict[str, Any], task: str) -> None:
    assert transcription(**given).transcription_options().task == task


@pytest.mark.parametrize(
    ("kind", "given", "param"),
    [
        (TranscriptionRequest, {"task": "summarize"}, "task"),
        (TranscriptionRequest, {"translate": "maybe"}, "translate"),
        (TranscriptionRequest, {"translate": "false", "task": "translate"}, "task"),
        (TranscriptionRequest, {"to_language": "en", "task": "transcribe"}, "task"),
        (TranscriptionRequest, {"to_language": "de"}, "to_language"),
        (TranslationRequest, {"to_language": "de"}, "to_language"),
        (TranslationRequest, {"task": "transcribe"}, "task"),
        (TranslationRequest, {"translate": "false"}, "translate"),
        (
            TranscriptionRequest,
            {"task": "translate", "timestamp_granularities": "word", "response_format": "verbose_json"},
            "timestamp_granularities",
        ),
        (
            TranslationRequest,
            {"timestamp_granularities": "word", "response_format": "verbose_json"},
            "timestamp_granularities",
        ),
    ],
)
def test_translations_refuse(
    kind: type[TranscriptionRequest | TranslationRequest], given: dict[str, Any], param: str
) -> None:
    with pytest.raises(BadParameter) as caught:
        kind.read({"file": FILE, **given})
    assert caught.value.param == param


@pytest.mark.parametrize(
    "given", [{"to_language": "en"}, {"task": "translate"}, {"translate": "true"}, {"stream": "1"}]
)
def test_translations_take(given: dict[str, Any]) -> None:
    assert TranslationRequest.read({"file": FILE, **given}).transcription_options().task == "translate"
