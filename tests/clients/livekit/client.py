"""LiveKit's agents: its plug-in for OpenAI with the plug-in's default models, voice and fields."""

from __future__ import annotations

from typing import Any

from calls import FOX, SPOKEN, URL, audio, call, main, samples
from livekit import rtc
from livekit.agents import APIConnectOptions
from livekit.plugins.openai import STT, TTS

BASE_URL = f"{URL}/v1"
ONCE = APIConnectOptions(max_retry=0)


def recording() -> rtc.AudioFrame:
    data, rate = samples(FOX)
    return rtc.AudioFrame(data, rate, 1, len(data) // 2)


async def hear(**options: Any) -> dict[str, str]:
    ear = STT(base_url=BASE_URL, api_key="none", **options)
    best = (await ear.recognize(recording(), conn_options=ONCE)).alternatives[0]
    return {"text": best.text, "language": str(best.language)}


async def speak(**options: Any) -> dict[str, Any]:
    voice = TTS(base_url=BASE_URL, api_key="none", **options)
    async with voice.synthesize(SPOKEN, conn_options=ONCE) as speech:
        frames = [part.frame async for part in speech]
    await voice.aclose()
    whole = rtc.combine_audio_frames(frames)
    return audio(bytes(whole.data), whole.sample_rate)


@call("STT")
async def hear_by_default() -> dict[str, str]:
    return await hear()


@call("STT, detect_language")
async def hear_any_language() -> dict[str, str]:
    return await hear(detect_language=True)


@call("STT, gpt-transcribe with languages and keywords")
async def hear_languages() -> dict[str, str]:
    return await hear(model="gpt-transcribe", language=["en", "fr"], keywords=["fox"])


@call("STT, gpt-transcribe, detect_language")
async def detect() -> dict[str, str]:
    return await hear(model="gpt-transcribe", detect_language=True)


@call("STT, whisper-1")
async def hear_whisper() -> dict[str, str]:
    return await hear(model="whisper-1")


@call("TTS")
async def speak_by_default() -> dict[str, Any]:
    return await speak()


@call("TTS, pcm")
async def speak_pcm() -> dict[str, Any]:
    return await speak(response_format="pcm")


main()
