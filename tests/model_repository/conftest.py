"""Synthesis and transcription by the real tritonserver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from frontend.triton import Triton
from speech.contract import SYNTHESIZE, TRANSCRIBE
from speech.events import Audio, Event
from speech.types import INPUT_RATE_HZ, OUTPUT_RATE_HZ

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Speech:
    """The answer of `synthesize`: its events, and all of its audio (float32 [samples], 24 kHz)."""

    events: list[Event]

    @property
    def pcm(self) -> Float:
        return np.concatenate([event.pcm for event in self.events if isinstance(event, Audio)])

    @property
    def seconds(self) -> float:
        return len(self.pcm) / OUTPUT_RATE_HZ

    @property
    def sentences(self) -> list[dict[str, Any]]:
        return [event.to_dict() for event in self.events if event.get("text") is not None]

    @property
    def words(self) -> list[dict[str, Any]]:
        return [word for sentence in self.sentences for word in sentence["words"]]

    @property
    def level_db(self) -> float:
        """RMS of the blocks that are not silent, dBFS."""
        blocks = self.pcm[: len(self.pcm) // 240 * 240].reshape(-1, 240)
        power = (blocks**2).mean(axis=1)
        return float(10 * np.log10(power[power > 1e-5].mean() + 1e-12))


Say = Callable[..., Awaitable[Speech]]
Hear = Callable[..., Awaitable[str]]


async def _only(chunk: Any) -> AsyncIterator[Any]:
    yield chunk


@pytest.fixture(scope="session")
def say(triton: str) -> Say:
    """`await say(text, voice=…)` synthesizes the text."""

    async def say(text: str, **parameters: Any) -> Speech:
        client = Triton(triton)
        try:
            return Speech([event async for event in client.stream(SYNTHESIZE, _only(text), parameters)])  # type: ignore[arg-type]
        finally:
            await client.close()

    return say


@pytest.fixture(scope="session")
def hear(triton: str) -> Hear:
    """`await hear(pcm, language="en")` transcribes 24 kHz audio with Whisper base."""

    async def hear(pcm: Float, **parameters: Any) -> str:
        resampled = soxr.resample(pcm, OUTPUT_RATE_HZ, INPUT_RATE_HZ).astype(np.float32)
        client = Triton(triton)
        try:
            events = [event async for event in client.stream(TRANSCRIBE, _only(resampled), parameters)]  # type: ignore[arg-type]
        finally:
            await client.close()
        return "".join(event.get("text") for event in events if event.type == "segment").strip()

    return hear
