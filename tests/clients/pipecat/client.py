"""Pipecat: its services for OpenAI with their default models, voice and fields, in a pipeline."""

from __future__ import annotations

import math
from typing import Any

from calls import FOX, SPOKEN, URL, audio, call, main, samples
from pipecat.frames.frames import (
    ErrorFrame,
    InputAudioRawFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.worker import PipelineParams
from pipecat.services.openai.stt import OpenAISTTService
from pipecat.services.openai.tts import OpenAITTSService
from pipecat.tests.utils import run_test

SERVER: dict[str, Any] = {"base_url": f"{URL}/v1", "api_key": "none"}
PIECE_S = 0.1


async def through(service: Any, sent: list[Any], wanted: type, rate_hz: int = 24_000) -> list[Any]:
    """The frames of the type `wanted` that leave a pipeline of this service."""
    parameters = PipelineParams(audio_in_sample_rate=rate_hz)
    down, up = await run_test(service, frames_to_send=sent, pipeline_params=parameters)
    for frame in [*down, *up]:
        if isinstance(frame, ErrorFrame):
            raise RuntimeError(frame.error)
    return [frame for frame in down if isinstance(frame, wanted)]


async def hear(**options: Any) -> list[Any]:
    data, rate = samples(FOX)
    step = 2 * round(PIECE_S * rate)
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    spoken = [InputAudioRawFrame(piece, rate, 1) for piece in pieces]
    sent = [VADUserStartedSpeakingFrame(), *spoken, VADUserStoppedSpeakingFrame()]
    return await through(OpenAISTTService(**SERVER, **options), sent, TranscriptionFrame, rate)


@call("OpenAISTTService")
async def hear_by_default() -> str:
    return " ".join(frame.text for frame in await hear())


@call("OpenAISTTService, include_prob_metrics")
async def hear_with_probabilities() -> dict[str, Any]:
    (frame,) = await hear(include_prob_metrics=True)
    # Not with pipecat's extract_openai_gpt4o_probability: it adds up the tokens instead of their log-probabilities.
    logprobs = [token.logprob for token in frame.result.logprobs]
    return {"text": frame.text, "probability": math.exp(sum(logprobs) / len(logprobs))}


@call("OpenAISTTService, include_prob_metrics, whisper-1")
async def hear_whisper() -> str:
    settings = OpenAISTTService.Settings(model="whisper-1")
    return " ".join(frame.text for frame in await hear(include_prob_metrics=True, settings=settings))


@call("OpenAISTTService, keywords")
async def hear_keywords() -> str:
    settings = OpenAISTTService.Settings(keywords=["fox"])
    return " ".join(frame.text for frame in await hear(settings=settings))


@call("OpenAITTSService")
async def speak() -> dict[str, Any]:
    frames = await through(OpenAITTSService(**SERVER), [TTSSpeakFrame(SPOKEN)], TTSAudioRawFrame)
    return audio(b"".join(frame.audio for frame in frames), frames[0].sample_rate)


main()
