"""The fields of all documents, and the options that they become."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.model_names import SpeechModel
from frontend.requests.schema import describe
from frontend.requests.speech import (
    CaptionedSpeechRequest,
    ExtendedSpeechRequest,
    FileRequest,
    SpeechRequest,
    TextToSpeechForm,
    TextToSpeechRequest,
)
from speech.contract import SYNTHESIZE
from speech.errors import BadParameter
from speech.events import SynthesisEngine
from speech.sound.encoder import FORMATS
from speech.types import SynthesizeOptions

ENGINE = SynthesisEngine(
    name="kokoro", precisions=("int8", "fp32"), languages=("en-us",), emotions={}, voices={}, aliases={}
)
MODEL = SpeechModel(ENGINE)


def test_defaults_are_those_of_the_documents() -> None:
    speech, text = SpeechRequest.read({"input": "Hello"}), TextToSpeechRequest.read({"text": "Hello"})
    assert (speech.model, speech.voice, speech.response_format, speech.stream) == (
        "s1-mini",
        "default",
        "wav",
        None,
    )
    assert (text.model, text.voice, text.response_format, text.speed) == ("tts-1", "alloy", "mp3", 1.0)
    assert speech.synthesis_options(MODEL) == SynthesizeOptions()
    assert text.synthesis_options(MODEL) == SynthesizeOptions(voice="alloy")


@pytest.mark.parametrize(
    ("model", "response_format"),
    [
        (None, "wav"),
        ("", "wav"),
        ("s1-mini", "wav"),
        ("S1-Mini", "wav"),
        ("fishaudio/openaudio-s1-mini", "wav"),
        ("tts-1", "mp3"),
        ("tts-1-hd", "mp3"),
        ("gpt-4o-mini-tts-2025-12-15", "mp3"),
        ("kokoro", "mp3"),
        ("hexgrad/Kokoro-82M", "mp3"),
        ("an-alias", "mp3"),
    ],
)
def test_the_default_format_follows_the_model(model: str | None, response_format: str) -> None:
    for schema in (SpeechRequest, ExtendedSpeechRequest):
        assert schema.read({"input": "Hello", "model": model}).response_format == response_format
        for given in ("wav", "mp3", "opus"):
            fields = {"input": "Hello", "model": model, "response_format": given}
            assert schema.read(fields).response_format == given


def test_defaults_of_kokoro_fastapi() -> None:
    wanted = CaptionedSpeechRequest.read({"input": "Hello"})
    assert (wanted.model, wanted.response_format, wanted.stream, wanted.return_timestamps) == (
        "kokoro",
        "mp3",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("response_format", "rate", "message"),
    [
        ("opus", 44_100, "opus has no sample rate of 44100 Hz; it takes 8000, 12000, 16000, 24000, 48000"),
        ("mp3", 8_001, "it takes 8000, 11025, 12000"),
        ("aac", 47_000, "it takes 8000, 11025, 12000"),
        ("wav", 7_999, "a whole number from 8000 to 48000"),
        ("pcm", 48_001, "a whole number from 8000 to 48000"),
        ("pcm", "high", "a whole number from 8000 to 48000"),
    ],
)
def test_sample_rates_that_a_file_cannot_have(response_format: str, rate: Any, message: str) -> None:
    fields = {"response_format": response_format, "sample_rate": rate}
    for schema, text in ((SpeechRequest, "input"), (TextToSpeechRequest, "text"), (TextToSpeechForm, "text")):
        with pytest.raises(BadParameter, match=message) as caught:
            schema.read({text: "Hello", **fields})
        assert caught.value.param == "sample_rate"


@pytest.mark.parametrize("rate", [8_000, 16_000, "48000"])
def test_sample_rates(rate: Any) -> None:
    for response_format in FORMATS:
        fields = {"input": "Hello", "response_format": response_format, "sample_rate": rate}
        assert SpeechRequest.read(fields).sample_rate == int(rate)
    assert SpeechRequest.read({"input": "Hello"}).sample_rate == 24_000


@pytest.mark.parametrize(
    ("fields", "language", "unused"),
    [
        ({"lang_code": "b"}, "b", ()),
        ({"lang_code": "en-gb"}, "en-gb", ()),
        ({"lang_code": "Spanish"}, "Spanish", ()),
        ({"lang_code": "a", "language": "fr"}, "fr", ("lang_code",)),
        ({"lang_code": None}, "", ()),
    ],
)
def test_lang_code(fields: dict[str, Any], language: str, unused: tuple[str, ...]) -> None:
    wanted = SpeechRequest.read({"input": "Hello", **fields})
    assert wanted.synthesis_options(MODEL).language == language
    assert wanted.unused == unused


def test_a_lang_code_that_nobody_speaks() -> None:
    with pytest.raises(BadParameter, match="no language 'x' is spoken") as caught:
        SpeechRequest.read({"input": "Hello", "lang_code": "x"})
    assert caught.value.param == "lang_code"


@pytest.mark.parametrize(("schema", "field"), [(SpeechRequest, "input"), (TextToSpeechRequest, "text")])
def test_pauses_that_are_too_long(schema: type[FileRequest], field: str) -> None:
    with pytest.raises(BadParameter, match="a pause has at most 10 s") as caught:
        schema.read({field: "Wait [pause:60s] a minute."})
    assert caught.value.param == field


def test_every_option_of_the_model_can_be_given() -> None:
    names = {parameter.name for parameter in SYNTHESIZE.parameters} - {"describe", "precision"}
    assert names <= ExtendedSpeechRequest.model_fields.keys()


@pytest.mark.parametrize("name", ["speed", "lead_in_s", "trailing_silence_s", "volume_multiplier"])
def test_ranges_are_those_of_the_contract(name: str) -> None:
    parameter = next(parameter for parameter in SYNTHESIZE.parameters if parameter.name == name)
    wanted = f"a number from {parameter.low:g} to {parameter.high:g}"
    assert describe(SpeechRequest.model_fields[name]) == wanted


def test_precision_is_that_of_the_model() -> None:
    assert SpeechRequest.read({"input": "Hello"}).synthesis_options(SpeechModel(ENGINE, "fp32")).precision == "fp32"


@pytest.mark.parametrize(
    ("fields", "emotion", "unused"),
    [
        ({}, "neutral", ()),
        ({"instructions": "sad"}, "sad", ()),
        ({"instructions": " Happy!\n"}, "happy", ()),
        ({"instructions": "Speak in a happy tone."}, "neutral", ("instructions",)),
        ({"instructions": "sad", "emotion": "calm"}, "calm", ("instructions",)),
        ({"emotion": "angry"}, "angry", ()),
    ],
)
def test_instructions(fields: dict[str, str], emotion: str, unused: tuple[str, ...]) -> None:
    request = SpeechRequest.read({"input": "Hello", **fields})
    assert request.synthesis_options(MODEL).emotion == emotion
    assert request.unused == unused


def test_extended() -> None:
    fields = {"input": "Hello", "temperature": 0.5, "top_p": 0.9, "chunk_length": 120, "instructions": "as a pirate"}
    request = ExtendedSpeechRequest.read(fields)
    assert request.synthesis_options(MODEL) == SynthesizeOptions(chunk_length=120)
    assert request.unused == ("instructions", "temperature", "top_p")
    request = ExtendedSpeechRequest.read({"input": "Hello"})
    sampling = (request.temperature, request.top_p, request.repetition_penalty, request.max_new_tokens)
    assert (*sampling, request.chunk_length) == (0.7, 0.8, 1.1, 1024, 200)
    assert request.unused == ()


@pytest.mark.parametrize(
    ("voice", "name"),
    [
        ("alloy", "alloy"),
        ({"id": "alloy"}, "alloy"),
        ({"id": "alloy", "name": "Alloy"}, "alloy"),
        (["af_bella(2)", "af_sky"], "af_bella(2)+af_sky"),
    ],
)
def test_voice(voice: Any, name: str) -> None:
    assert SpeechRequest.read({"input": "Hello", "voice": voice}).voice == name


@pytest.mark.parametrize("voice", [[], [1], [["alloy"]], {"id": 1}])
def test_what_is_no_voice(voice: Any) -> None:
    with pytest.raises(BadParameter, match="voice must be a string") as caught:
        SpeechRequest.read({"input": "Hello", "voice": voice})
    assert caught.value.param == "voice"


@pytest.mark.parametrize("text", [" ", "\n\t ", "\u3000\u2028"])
def test_white_space(text: str) -> None:
    with pytest.raises(BadParameter, match="white space") as caught:
        SpeechRequest.read({"input": text})
    assert caught.value.param == "input"
