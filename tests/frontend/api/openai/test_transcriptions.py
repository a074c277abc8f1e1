"""Transcriptions and translations through OpenAI's own SDK."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.audio import TranscriptionTextDeltaEvent, TranscriptionTextDoneEvent


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
        ({"response_format": "diarized_json"}, "response_format", "one of json"),
        ({"language": "klingon"}, "language", "'klingon'"),
        ({"model": "whisper-tiny.en", "language": "de"}, "language", "no language 'de'"),
        ({"prompt": "x" * 10_001}, "prompt", "at most 10000"),
        ({"timestamp_granularities": ["word"]}, "timestamp_granularities", "verbose_json"),
        ({"timestamp_granularities": ["line"]}, "timestamp_granularities", "segment, word"),
        ({"include": ["logprobs"]}, "include", "avg_logprob"),
        ({"keywords": ["fox"]}, "keywords", "prompt"),
        ({"languages": ["en"]}, "languages", "one language"),
        ({"known_speaker_names": ["me"]}, "known_speaker_names", "not told apart"),
        ({"chunking_strategy": {"type": "server_vad"}}, "chunking_strategy", "auto"),
        ({"stream": True, "response_format": "srt"}, "stream", "cannot be streamed"),
    ],
)
def test_bad_parameter(client: openai.OpenAI, fox: Path, options: dict[str, Any], param: str, message: str) -> None:
    with pytest.raises(openai.BadRequestError, match=message) as caught:
        client.audio.transcriptions.create(**{"file": fox, "model": "whisper-1", **options})
    assert (caught.value.param, caught.value.code) == (param, "bad_parameter")
