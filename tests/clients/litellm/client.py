"""litellm: transcription and speech through its provider for OpenAI."""

from __future__ import annotations

from typing import Any

import litellm
from calls import FOX, SPOKEN, URL, audio, call, main

SERVER: dict[str, Any] = {"api_base": f"{URL}/v1", "api_key": "none", "max_retries": 0}


def transcribe(model: str, **options: Any) -> Any:
    with FOX.open("rb") as file:
        return litellm.transcription(model=model, file=file, **SERVER, **options)


for name in ("whisper-1", "openai/whisper-1", "gpt-4o-transcribe", "openai/gpt-transcribe"):

    @call(f"transcription, {name}")
    def transcribe_by(name: str = name) -> str:
        return transcribe(name).text


@call("transcription, languages and keywords")
def transcribe_languages() -> str:
    return transcribe("gpt-transcribe", languages=["en"], keywords=["fox"]).text


@call("transcription, include logprobs")
def transcribe_logprobs() -> str:
    return transcribe("gpt-4o-transcribe", include=["logprobs"]).text


@call("transcription, srt")
def transcribe_srt() -> str:
    return transcribe("whisper-1", response_format="srt").text


@call("atranscription")
async def transcribe_later() -> str:
    with FOX.open("rb") as file:
        return (await litellm.atranscription(model="gpt-4o-mini-transcribe", file=file, **SERVER)).text


for name in ("openai/tts-1", "openai/gpt-4o-mini-tts"):

    @call(f"speech, {name}")
    def speak(name: str = name) -> dict[str, Any]:
        return audio(litellm.speech(model=name, voice="alloy", input=SPOKEN, **SERVER).content)


@call("aspeech")
async def speak_later() -> dict[str, Any]:
    answer = await litellm.aspeech(model="openai/tts-1", voice="alloy", input=SPOKEN, **SERVER)
    return audio(answer.content)


main()
