"""Which engine the name of a model stands for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from frontend.model_names import SPEECH_MODELS, TRANSCRIPTION_MODELS, ModelNames, SpeechModel
from speech.errors import UnknownModel
from speech.events import SynthesisEngine, TranscriptionEngine

BASE, TINY, LARGE, TURBO, DISTIL = (
    TranscriptionEngine(name=name, languages=("en", "de"))
    for name in ("whisper-base", "whisper-tiny.en", "whisper-large-v3", "whisper-large-v3-turbo", "distil-large-v3")
)
ENGINES = (BASE, TINY, LARGE, TURBO, DISTIL)
KOKORO = SynthesisEngine(
    name="kokoro", precisions=("int8", "fp32"), languages=("en-us",), emotions={}, voices={}, aliases={}
)
NAMES = ModelNames({})


@pytest.mark.parametrize(
    "name",
    [
        "",
        *TRANSCRIPTION_MODELS,
        "Whisper-1",
        " whisper-1 ",
        "openai/whisper-1",
        "gpt-4o-transcribe-diarize",
        "gpt-4o-mini-transcribe-2025-12-15",
        "gpt-4o-transcribe-latest",
        "gpt-4o-transcribe-diarize-2026-01-02",
        "gpt-live-transcribe",
        "gpt-realtime-whisper",
        "gpt-5.5-transcribe",
        "openai/gpt-4o-transcribe",
    ],
)
def test_other_servers_models_that_transcribe_are_the_default_engine(name: str) -> None:
    assert NAMES.transcription_engine(name, ENGINES) is BASE


@pytest.mark.parametrize(
    ("name", "engine"),
    [
        ("whisper-base", BASE),
        ("base", BASE),
        ("Base", BASE),
        ("openai/whisper-base", BASE),
        ("Systran/faster-whisper-base", BASE),
        ("guillaumekln/faster-whisper-base", BASE),
        ("mlx-community/whisper-base-mlx", BASE),
        ("OpenVINO/whisper-base-fp16-ov", BASE),
        ("ggml-base", BASE),
        ("ggml-base-q5_1", BASE),
        ("mlx-community/whisper-base-mlx-q4", BASE),
        ("tiny.en", TINY),
        ("openai/whisper-tiny.en", TINY),
        ("Systran/faster-whisper-tiny.en", TINY),
        ("large", LARGE),
        ("large-v3", LARGE),
        ("turbo", TURBO),
        ("whisper-turbo", TURBO),
        ("deepdml/faster-whisper-large-v3-turbo-ct2", TURBO),
        ("distil-whisper/distil-large-v3", DISTIL),
        ("Systran/faster-distil-whisper-large-v3", DISTIL),
        ("distil-large-v3", DISTIL),
    ],
)
def test_an_engine_answers_to_its_size_and_its_repositories(name: str, engine: TranscriptionEngine) -> None:
    assert NAMES.transcription_engine(name, ENGINES) is engine


@pytest.mark.parametrize(
    "name", ["whisper-2", "small", "openai/whisper-small", "tts-1", "kokoro", "gpt-4o", "base.en", "-", "/", "whisper"]
)
def test_no_such_model_transcribes(name: str) -> None:
    with pytest.raises(UnknownModel, match=r"whisper-1, .*whisper-base, whisper-tiny.en, .*MODEL_ALIASES") as caught:
        NAMES.transcription_engine(name, ENGINES)
    assert caught.value.param == "model"


def test_a_size_of_its_own_wins_over_the_other_name_of_a_size() -> None:
    first = replace(LARGE, name="whisper-large")
    assert NAMES.transcription_engine("large", (first, LARGE)) is first


@pytest.mark.parametrize(
    ("name", "precision"),
    [
        *((name, "") for name in SPEECH_MODELS if name != "tts-1-hd"),
        ("tts-1-1106", ""),
        ("gpt-4o-mini-tts-2025-12-15", ""),
        ("gpt-4o-mini-tts-latest", ""),
        ("openai/tts-1", ""),
        ("fishaudio/openaudio-s1-mini", ""),
        ("kokoro", ""),
        ("Kokoro", ""),
        ("hexgrad/Kokoro-82M", ""),
        ("onnx-community/Kokoro-82M-v1.0-ONNX", ""),
        ("speaches-ai/Kokoro-82M-v1.0-ONNX-fp16", ""),
        ("mlx-community/Kokoro-82M-bf16", ""),
        ("kokoro-v1", ""),
        ("tts-1-hd", "fp32"),
        ("tts-1-hd-1106", "fp32"),
        ("TTS-1-HD", "fp32"),
    ],
)
def test_models_that_speak(name: str, precision: str) -> None:
    assert NAMES.speech_model(name, KOKORO) == SpeechModel(KOKORO, precision)


def test_the_highest_precision_is_the_only_one_there_is() -> None:
    assert NAMES.speech_model("tts-1-hd", replace(KOKORO, precisions=("int8",))).precision == ""


@pytest.mark.parametrize("name", ["", "whisper-1", "tts-2", "hexgrad/Kokoro-82M-v1.1-zh", "gpt-4o", "piper"])
def test_no_such_model_speaks(name: str) -> None:
    with pytest.raises(UnknownModel, match="s1-mini, tts-1, tts-1-hd, gpt-4o-mini-tts, kokoro"):
        NAMES.speech_model(name, KOKORO)


def test_aliases() -> None:
    names = ModelNames(
        {"My-Ear": "openai/whisper-tiny.en", "whisper-1": "large", "acme/voice": "tts-1-hd", "gone": "x"}
    )
    assert names.transcription_engine("my-ear", ENGINES) is TINY
    assert names.transcription_engine("whisper-1", ENGINES) is LARGE
    assert names.speech_model("acme/voice", KOKORO).precision == "fp32"
    assert names.transcription_models(ENGINES) == (
        *TRANSCRIPTION_MODELS,
        *(engine.name for engine in ENGINES),
        "My-Ear",
    )
    assert names.speech_models(KOKORO) == (*SPEECH_MODELS, "kokoro", "acme/voice")
    with pytest.raises(UnknownModel):
        names.transcription_engine("gone", ENGINES)


def test_names_that_an_alias_takes_away_are_not_listed() -> None:
    names = ModelNames({"whisper-1": "large-v9", "whisper-base": "kokoro", "tts-1": "whisper-base"})
    assert names.transcription_models(ENGINES) == (
        *TRANSCRIPTION_MODELS[1:],
        *(engine.name for engine in ENGINES[1:]),
        "tts-1",
    )
    assert names.speech_models(KOKORO) == ("s1-mini", "tts-1-hd", "gpt-4o-mini-tts", "kokoro", "whisper-base")
