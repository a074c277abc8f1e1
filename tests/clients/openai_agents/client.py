"""OpenAI's Agents SDK: voice models and a voice pipeline with their defaults."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import numpy as np
from agents.voice import (
    AudioInput,
    OpenAIVoiceModelProvider,
    STTModelSettings,
    TTSModelSettings,
    VoicePipeline,
    VoicePipelineConfig,
    VoiceWorkflowBase,
)
from calls import FOX, RATE_HZ, SPOKEN, URL, audio, call, main, samples

provider = OpenAIVoiceModelProvider(base_url=f"{URL}/v1", api_key="none")


def recording() -> AudioInput:
    data, rate = samples(FOX)
    return AudioInput(buffer=np.frombuffer(data, np.int16), frame_rate=rate)


class Parrot(VoiceWorkflowBase):
    """Keeps what it hears, and answers with SPOKEN."""

    heard = ""

    async def run(self, transcription: str) -> AsyncIterator[str]:
        self.heard = transcription
        yield SPOKEN


@call("OpenAISTTModel.transcribe")
async def hear() -> str:
    return await provider.get_stt_model(None).transcribe(recording(), STTModelSettings(), False, False)


@call("OpenAISTTModel.transcribe, with settings")
async def hear_with_settings() -> str:
    settings = STTModelSettings(language="en", prompt="Animals.", temperature=0.0)
    return await provider.get_stt_model(None).transcribe(recording(), settings, False, False)


@call("OpenAITTSModel.run")
async def speak() -> dict[str, Any]:
    pieces = provider.get_tts_model(None).run(SPOKEN, TTSModelSettings())
    return audio(b"".join([piece async for piece in pieces]), RATE_HZ)


@call("VoicePipeline.run")
async def converse() -> dict[str, Any]:
    workflow = Parrot()
    config = VoicePipelineConfig(model_provider=provider, tracing_disabled=True)
    result = await VoicePipeline(workflow=workflow, config=config).run(recording())
    pieces = [event.data async for event in result.stream() if event.type == "voice_stream_event_audio"]
    return {"text": workflow.heard, **audio(np.concatenate(pieces).astype("<i2").tobytes(), RATE_HZ)}


main()
