"""The fields of all documents, and the options that they become."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.model_names import SpeechModel
from frontend.requests.schema import describe
from frontend.requests.speech import ExtendedSpeechRequest, SpeechRequest, TextToSpeechRequest
from speech.contract import SYNTHESIZE
from speech.errors import BadParameter
from speech.events import SynthesisEngine
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


def test_every_option_of_the_model_can_be_given() -> None:
    names = {parameter.name for parameter in SYNTHESIZE.parameters} - {"describe", "precision"}
    assert names <= ExtendedSpeechRequest.model_fields.keys()


@pytest.mark.parametrize("name", ["speed", "lead_in_s", "trailing_silence_s"])
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


@pytest.mark.parametrize("voice", ["alloy", {"id": "alloy"}, {"id": "alloy", "name": "Alloy"}])
def test_voice(voice: Any) -> None:
    assert SpeechRequest.read({"input": "Hello", "voice": voice}).voice == "alloy"


@pytest.mark.parametrize("text", [" ", "\n\t ", "\u3000\u2028"])
def test_white_space(text: str) -> None:
    with pytest.raises(BadParameter, match="white space") as caught:
        SpeechRequest.read({"input": text})
    assert caught.value.param == "input"
