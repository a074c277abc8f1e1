"""Transcriptions and translations through OpenAI's own SDK."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import openai
import pytest
import soundfile
from openai.types.audio import TranscriptionTextDeltaEvent, TranscriptionTextDoneEvent

from frontend.endpoint import UNUSED_HEADER


def normal(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalpha() or letter == " ").strip()


FOX = "the quick brown fox jumps over the lazy dog"


def test_json(client: openai.OpenAI, fox: Path) -> None:
    transcription = client.audio.transcriptions.create(file=fox, model="whisper-1")
    assert normal(transcription.text) == FOX
    assert transcription.usage is not None and transcription.usage.type == "duration"
    assert 2 < transcription.usage.seconds < 5


def test_text(client: openai.OpenAI, fox: Path) -> None:
    text = client.audio.transcriptions.create(file=fox, model="whisper-1", response_format="text")
    assert normal(text) == FOX
    assert text.endswith("\n")


def test_srt(client: openai.OpenAI, fox: Path) -> None:
    text = client.audio.transcriptions.create(file=fox, model="whisper-1", response_format="srt")
    number, times, words, *_ = text.splitlines()
    assert number == "1"
    assert times.startswith("00:00:0") and " --> 00:00:0" in times and times.count(",") == 2
    assert normal(words) in FOX


def test_vtt(client: openai.OpenAI, fox: Path) -> None:
    text = client.audio.transcriptions.create(file=fox, model="whisper-1", response_format="vtt")
    header, blank, times, words, *_ = text.splitlines()
    assert (header, blank) == ("WEBVTT", "")
    assert times.startswith("00:0") and " --> " in times
    assert normal(words) in FOX


def test_verbose_json(client: openai.OpenAI, fox: Path) -> None:
    whole = client.audio.transcriptions.create(file=fox, model="whisper-1", response_format="verbose_json")
    assert normal(whole.text) == FOX
    assert whole.language == "english"
    assert 2 < whole.duration < 5
    assert whole.words is None
    assert whole.segments
    assert "".join(segment.text for segment in whole.segments).strip() == whole.text
    for index, segment in enumerate(whole.segments):
        assert segment.id == index
        assert 0 <= segment.start < segment.end <= whole.duration + 0.1
        assert segment.avg_logprob <= 0 <= segment.no_speech_prob <= 1
        assert segment.tokens and segment.compression_ratio > 0


@pytest.mark.parametrize("granularities", [["word"], ["segment"], ["word", "segment"]])
def test_timestamp_granularities(client: openai.OpenAI, fox: Path, granularities: list[Any]) -> None:
    whole = client.audio.transcriptions.create(
        file=fox, model="whisper-1", response_format="verbose_json", timestamp_granularities=granularities
    )
    assert bool(whole.segments) == ("segment" in granularities)
    assert bool(whole.words) == ("word" in granularities)
    if whole.words:
        assert normal(" ".join(word.word for word in whole.words)) == FOX
        starts = [word.start for word in whole.words]
        assert starts == sorted(starts)
        assert all(0 <= word.start <= word.end <= whole.duration + 0.1 for word in whole.words)


def test_stream(client: openai.OpenAI, fox: Path) -> None:
    events = list(client.audio.transcriptions.create(file=fox, model="whisper-1", stream=True))
    *deltas, done = events
    assert isinstance(done, TranscriptionTextDoneEvent)
    assert all(isinstance(event, TranscriptionTextDeltaEvent) for event in deltas)
    assert "".join(event.delta for event in deltas if isinstance(event, TranscriptionTextDeltaEvent)) == done.text
    assert normal(done.text) == FOX
    assert done.usage is not None and done.usage.total_tokens == done.usage.input_tokens + done.usage.output_tokens


async def test_async_stream(frontend_url: str, fox: Path) -> None:
    async with openai.AsyncOpenAI(base_url=f"{frontend_url}/v1", api_key="none", max_retries=0) as client:
        stream = await client.audio.transcriptions.create(file=fox, model="whisper-1", stream=True)
        kinds = [event.type async for event in stream]
    assert set(kinds[:-1]) == {"transcript.text.delta"}
    assert kinds[-1] == "transcript.text.done"


@pytest.mark.parametrize("language", ["en", "EN", "english"])
def test_options(client: openai.OpenAI, fox: Path, language: str) -> None:
    transcription = client.audio.transcriptions.create(
        file=fox,
        model="whisper-tiny.en",
        language=language,
        prompt="A sentence about animals.",
        temperature=0,
        chunking_strategy="auto",
        extra_body={"no_speech_threshold": 0.5, "user": "me"},
    )
    assert "fox" in transcription.text


def logprobs_text(tokens: list[Any] | None) -> str:
    return bytes(int(byte) for token in tokens or [] for byte in token.bytes).decode()


@pytest.mark.parametrize(
    ("clip", "model"),
    [("en-fox.wav", "whisper-1"), ("en-fox.wav", "whisper-tiny.en"), ("ja-hello.wav", "whisper-1")],
)
def test_logprobs(client: openai.OpenAI, samples: dict[str, Any], clip: str, model: str) -> None:
    file = samples[clip].path
    whole = client.audio.transcriptions.create(file=file, model=model, include=["logprobs"])
    assert whole.logprobs and logprobs_text(whole.logprobs) == whole.text
    assert all(token.logprob is not None and token.logprob <= 0 for token in whole.logprobs)
    assert whole.logprobs[0].token and not whole.logprobs[0].token.startswith(" ")
    assert client.audio.transcriptions.create(file=file, model=model).logprobs is None


def test_streamed_logprobs(client: openai.OpenAI, samples: dict[str, Any]) -> None:
    for clip in ("en-counting.wav", "ja-hello.wav"):
        stream = client.audio.transcriptions.create(
            file=samples[clip].path, model="whisper-1", include=["logprobs"], stream=True
        )
        *deltas, done = list(stream)
        assert isinstance(done, TranscriptionTextDoneEvent)
        assert logprobs_text(done.logprobs) == done.text
        for delta in deltas:
            assert isinstance(delta, TranscriptionTextDeltaEvent)
            assert logprobs_text(delta.logprobs) == delta.delta


def test_silence_has_no_logprobs_and_no_language(client: openai.OpenAI) -> None:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(16_000, np.float32), 16_000, format="WAV")
    answer = client.audio.transcriptions.with_raw_response.create(
        file=("silence.wav", file.getvalue()), model="whisper-1", include=["logprobs"]
    )
    whole = json.loads(answer.text)
    assert (whole["text"], whole["logprobs"], whole["languages"]) == ("", [], [])


def test_languages(client: openai.OpenAI, samples: dict[str, Any]) -> None:
    def spoken(**options: Any) -> str:
        answer = client.audio.transcriptions.with_raw_response.create(
            file=samples["es-counting.wav"].path, model="whisper-1", extra_body=options
        )
        (language,) = json.loads(answer.text)["languages"]
        return str(language["code"])

    assert spoken() == spoken(languages=["es"]) == spoken(languages=["Spanish", "es-MX"]) == "es"
    assert spoken(languages=["it", "fr"]) in ("it", "fr")
    assert spoken(languages=["en", "es"], language="es") == "es"


def test_keywords(client: openai.OpenAI, fox: Path) -> None:
    for name in ("keywords", "hotwords"):
        options = {name: ["fox", "Kokoro"] if name == "keywords" else "fox, Kokoro"}
        transcription = client.audio.transcriptions.create(file=fox, model="whisper-1", extra_body=options)
        assert normal(transcription.text) == FOX


@pytest.mark.parametrize(
    "strategy",
    ["auto", "server_vad", {"type": "server_vad", "threshold": 0.4}, '{"type": "server_vad", "threshold": 0.4}'],
)
def test_chunking_strategy(client: openai.OpenAI, fox: Path, strategy: Any) -> None:
    answer = client.audio.transcriptions.with_raw_response.create(
        file=fox, model="whisper-1", chunking_strategy=strategy
    )
    assert normal(json.loads(answer.text)["text"]) == FOX
    assert UNUSED_HEADER not in answer.headers


def test_fields_without_effect_are_named(client: openai.OpenAI, fox: Path) -> None:
    answer = client.audio.transcriptions.with_raw_response.create(
        file=fox,
        model="whisper-1",
        response_format="srt",
        chunking_strategy={"type": "server_vad", "silence_duration_ms": 300, "threshold": 0.5},
        extra_body={"seed": 1, "vad_filter": True, "stream": True},
    )
    assert answer.headers[UNUSED_HEADER] == "stream, chunking_strategy.silence_duration_ms, seed"
    assert answer.text.startswith("1\n00:00:00")


@pytest.mark.parametrize("granularities", [["segment"], None])
def test_segments_go_with_json(client: openai.OpenAI, fox: Path, granularities: Any) -> None:
    transcription = client.audio.transcriptions.create(
        file=fox, model="whisper-1", response_format="json", timestamp_granularities=granularities or openai.omit
    )
    assert normal(transcription.text) == FOX


@pytest.mark.parametrize("options", [{"translate": "true"}, {"task": "translate"}, {"to_language": "en"}])
def test_a_transcription_may_translate(client: openai.OpenAI, samples: dict[str, Any], options: Any) -> None:
    path = samples["ja-hello.wav"].path
    translated = client.audio.transcriptions.create(
        file=path, model="whisper-1", response_format="verbose_json", extra_body=options
    )
    assert translated.language == "english"
    assert translated.text.isascii()
    assert not client.audio.transcriptions.create(file=path, model="whisper-1").text.isascii()


def test_a_translation_streams(client: openai.OpenAI, frontend_url: str, samples: dict[str, Any]) -> None:
    with samples["es-counting.wav"].path.open("rb") as file:
        answer = httpx2.post(f"{frontend_url}/v1/audio/translations", files={"file": file}, data={"stream": "true"})
    *deltas, done = [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line]
    assert {delta["type"] for delta in deltas} == {"transcript.text.delta"}
    assert "".join(delta["delta"] for delta in deltas) == done["text"]
    assert done["type"] == "transcript.text.done"


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")  # the SDK about its own method
def test_translation(client: openai.OpenAI, samples: dict[str, Any]) -> None:
    path = samples["es-counting.wav"].path
    whole = client.audio.translations.create(file=path, model="whisper-1", response_format="verbose_json")
    assert whole.language == "english"
    assert whole.segments
    assert client.audio.translations.create(file=path, model="whisper-1").text == whole.text


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")  # the SDK about its own method
def test_translation_needs_a_multilingual_model(client: openai.OpenAI, fox: Path) -> None:
    with pytest.raises(openai.BadRequestError, match="English only"):
        client.audio.translations.create(file=fox, model="whisper-tiny.en")


def test_unknown_model(client: openai.OpenAI, fox: Path) -> None:
    with pytest.raises(openai.NotFoundError, match="whisper-base") as caught:
        client.audio.transcriptions.create(file=fox, model="whisper-2")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    assert caught.value.type == "invalid_request_error"


@pytest.mark.parametrize("stream", [True, False])
def test_bad_audio(client: openai.OpenAI, stream: bool) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.audio.transcriptions.create(file=("a.mp3", b"just text"), model="whisper-1", stream=stream)
    assert caught.value.code == "bad_audio"


@pytest.mark.parametrize(
    ("options", "param", "message"),
    [
        ({"temperature": 1.5}, "temperature", "from 0 to 1"),
        ({"temperature": "hot"}, "temperature", "from 0 to 1"),
        ({"temperature": "nan"}, "temperature", "from 0 to 1"),
        ({"response_format": "doc"}, "response_format", "json, text, srt, vtt, verbose_json"),
        (
            {"response_format": "diarized_json"},
            "response_format",
            "speakers are not told apart; it must be one of json",
        ),
        ({"language": "klingon"}, "language", "'klingon'"),
        ({"model": "whisper-tiny.en", "language": "de"}, "language", "no language 'de'"),
        ({"prompt": "x" * 10_001}, "prompt", "at most 10000"),
        ({"timestamp_granularities": ["word"]}, "timestamp_granularities", "verbose_json"),
        ({"timestamp_granularities": ["line"]}, "timestamp_granularities", "segment, word"),
        ({"include": ["words"]}, "include", "among logprobs"),
        ({"include": ["logprobs"], "response_format": "srt"}, "include", "needs response_format json"),
        ({"extra_body": {"keywords": ["x" * 200]}}, "keywords", "at most 100 strings"),
        ({"extra_body": {"keywords": [f"Quilter {n}" for n in range(55)]}}, "keywords", "Whisper's tokens"),
        ({"extra_body": {"languages": ["en", "klingon"]}}, "languages", "'klingon'"),
        ({"model": "whisper-tiny.en", "extra_body": {"languages": ["en", "de"]}}, "languages", "no language 'de'"),
        ({"language": "en", "extra_body": {"languages": ["de", "fr"]}}, "languages", "'en' is not among languages"),
        ({"extra_body": {"to_language": "de"}}, "to_language", "English only"),
        ({"extra_body": {"task": "translate", "translate": False}}, "task", "contradict"),
        ({"known_speaker_names": ["me"]}, "known_speaker_names", "not told apart"),
        ({"chunking_strategy": {"type": "vad"}}, "chunking_strategy.type", "must be server_vad"),
        (
            {"chunking_strategy": {"type": "server_vad", "threshold": 2}},
            "chunking_strategy.threshold",
            "a number from 0 to 1",
        ),
    ],
)
def test_bad_parameter(client: openai.OpenAI, fox: Path, options: dict[str, Any], param: str, message: str) -> None:
    with pytest.raises(openai.BadRequestError, match=message) as caught:
        client.audio.transcriptions.create(**{"file": fox, "model": "whisper-1", **options})
    assert (caught.value.param, caught.value.code) == (param, "bad_parameter")
