"""OpenAI's SDK for Python, as its reference shows it. One script for the three major versions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from calls import FOX, RATE_HZ, SPANISH, SPOKEN, URL, audio, call, main
from openai import AsyncOpenAI, OpenAI

BASE_URL = f"{URL}/v1"
MAJOR = int(version("openai").partition(".")[0])
TRANSCRIBING = ["whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"]
SPEAKING = ["tts-1", "gpt-4o-mini-tts"]
if MAJOR >= 3:
    TRANSCRIBING += ["gpt-transcribe", "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe-diarize"]
    SPEAKING += ["tts-1-1106", "gpt-4o-mini-tts-2025-12-15"]

client = OpenAI(base_url=BASE_URL, api_key="none", max_retries=0)
later = AsyncOpenAI(base_url=BASE_URL, api_key="none", max_retries=0)


def transcribe(model: str = "whisper-1", path: Path = FOX, **options: Any) -> Any:
    with path.open("rb") as file:
        return client.audio.transcriptions.create(model=model, file=file, **options)


def streamed(events: Any) -> dict[str, Any]:
    """The deltas and the final text of a streamed transcription, and whether all deltas have log-probabilities."""
    deltas = [event for event in events if event.type == "transcript.text.delta"]
    return {"text": "".join(event.delta for event in deltas), "logprobs": all(event.logprobs for event in deltas)}


def with_logprobs(answer: Any) -> dict[str, Any]:
    """The text of the answer, and its tokens put together again from their bytes."""
    tokens = [token.model_dump() for token in answer.logprobs]
    data = b"".join(bytes(map(int, token["bytes"])) for token in tokens)
    return {"text": answer.text, "joined": data.decode(), "logprobs": [token["logprob"] for token in tokens]}


@call("models.list")
def models_list() -> list[str]:
    return [model.id for model in client.models.list()]


@call("models.retrieve, whisper-1")
def models_retrieve() -> str:
    return client.models.retrieve("whisper-1").id


@call("models.retrieve, gpt-4o-transcribe")
def models_retrieve_alias() -> str:
    return client.models.retrieve("gpt-4o-transcribe").id


@call("models.retrieve, openai/whisper-base")
def models_retrieve_slash() -> str:
    return client.models.retrieve("openai/whisper-base").id


for name in TRANSCRIBING:

    @call(f"transcriptions.create, {name}")
    def transcribe_by(name: str = name) -> str:
        return transcribe(name).text


@call("transcriptions.create, verbose_json with words and segments")
def transcribe_verbose() -> dict[str, Any]:
    answer = transcribe(response_format="verbose_json", timestamp_granularities=["word", "segment"])
    return {"text": answer.text, "words": len(answer.words), "segments": len(answer.segments)}


for response_format in ("text", "srt", "vtt"):

    @call(f"transcriptions.create, {response_format}")
    def transcribe_as(response_format: str = response_format) -> str:
        return transcribe(response_format=response_format)


@call("transcriptions.create, json with segments")
def transcribe_json_segments() -> str:
    return transcribe(response_format="json", timestamp_granularities=["segment"]).text


@call("transcriptions.create, include logprobs")
def transcribe_logprobs() -> dict[str, Any]:
    return with_logprobs(transcribe("gpt-4o-transcribe", response_format="json", include=["logprobs"]))


@call("transcriptions.create, stream")
def transcribe_stream() -> dict[str, Any]:
    return streamed(transcribe("gpt-4o-mini-transcribe", stream=True))


@call("transcriptions.create, stream, include logprobs")
def transcribe_stream_logprobs() -> dict[str, Any]:
    return streamed(transcribe("gpt-4o-transcribe", stream=True, response_format="json", include=["logprobs"]))


@call("transcriptions.create, srt with stream")
def transcribe_stream_srt() -> str:
    with FOX.open("rb") as file:
        raw = client.audio.transcriptions.with_raw_response.create(
            model="whisper-1", file=file, response_format="srt", stream=True
        )
        return raw.http_response.read().decode()


@call("transcriptions.create, chunking auto")
def transcribe_chunking() -> str:
    return transcribe("gpt-4o-transcribe", chunking_strategy="auto").text


@call("transcriptions.create, chunking server_vad")
def transcribe_server_vad() -> str:
    strategy = {"type": "server_vad", "threshold": 0.4, "silence_duration_ms": 300, "prefix_padding_ms": 200}
    return transcribe("gpt-4o-transcribe", chunking_strategy=strategy).text


@call("transcriptions.create, languages and keywords")
def transcribe_languages() -> str:
    fields: dict[str, Any] = {"languages": ["en", "fr"], "keywords": ["fox", "dog"]}
    if MAJOR < 3:
        return transcribe("gpt-transcribe", extra_body=fields).text
    return transcribe("gpt-transcribe", **fields).text


@call("transcriptions.create, diarized_json")
def transcribe_diarized() -> str:
    return transcribe("gpt-4o-transcribe-diarize", response_format="diarized_json", chunking_strategy="auto").text


@call("translations.create")
def translate() -> str:
    with SPANISH.open("rb") as file:
        return client.audio.translations.create(model="whisper-1", file=file).text


@call("translations.create, verbose_json")
def translate_verbose() -> str:
    with SPANISH.open("rb") as file:
        return client.audio.translations.create(model="whisper-1", file=file, response_format="verbose_json").text


for name in SPEAKING:

    @call(f"speech.create, {name}")
    def speak(name: str = name) -> dict[str, Any]:
        return audio(client.audio.speech.create(model=name, voice="coral", input=SPOKEN).content)


@call("speech.create, write_to_file")
def speak_to_file() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.mp3"
        client.audio.speech.create(model="tts-1-hd", voice="alloy", input=SPOKEN).write_to_file(path)
        return audio(path.read_bytes())


@call("speech.create, streamed")
def speak_streamed() -> dict[str, Any]:
    with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice="coral", input=SPOKEN, instructions="Speak in a cheerful tone."
    ) as response:
        return audio(b"".join(response.iter_bytes()))


@call("speech.create, pcm streamed")
def speak_pcm() -> dict[str, Any]:
    with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice="marin", input=SPOKEN, response_format="pcm"
    ) as response:
        return audio(b"".join(response.iter_bytes(1024)), RATE_HZ)


@call("speech.create, stream_format sse")
def speak_events() -> str:
    with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice="ash", input=SPOKEN, stream_format="sse"
    ) as response:
        return "\n".join(response.iter_lines())


if MAJOR >= 3:

    @call("speech.create, a voice by its id")
    def speak_voice_id() -> dict[str, Any]:
        return audio(client.audio.speech.create(model="gpt-4o-mini-tts", voice={"id": "nova"}, input=SPOKEN).content)


@call("async transcriptions.create")
async def later_transcribe() -> str:
    with FOX.open("rb") as file:
        return (await later.audio.transcriptions.create(model="gpt-4o-transcribe", file=file)).text


@call("async transcriptions.create, stream")
async def later_stream() -> dict[str, Any]:
    with FOX.open("rb") as file:
        stream = await later.audio.transcriptions.create(model="gpt-4o-mini-transcribe", file=file, stream=True)
    return streamed([event async for event in stream])


@call("async speech.create, streamed")
async def later_speak() -> dict[str, Any]:
    async with later.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice="coral", input=SPOKEN
    ) as response:
        return audio(b"".join([part async for part in response.iter_bytes()]))


if MAJOR == 1:  # later versions have no command line

    @call("command line, audio.transcriptions.create")
    def command_line() -> str:
        command = [sys.executable, "-c", "from openai.cli import main; main()"]
        arguments = ["api", "audio.transcriptions.create", "--file", str(FOX)]
        environment = {**os.environ, "OPENAI_BASE_URL": BASE_URL, "OPENAI_API_KEY": "none"}
        done = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return str(json.loads(done.stdout)["text"])


main()
