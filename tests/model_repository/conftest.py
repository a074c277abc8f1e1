"""Speaking and hearing through the real tritonserver."""

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
from speech.types import INPUT_RATE_HZ, OUTPUT_RATE_HZ, Event

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Speech:
    """The answer of `synthesize`: its events, and all of its sound (float32 [samples], 24 kHz)."""

    events: list[Event]

    @property
    def pcm(self) -> Float:
        return np.concatenate([event.audio for event in self.events if event.audio is not None])

    @property
    def seconds(self) -> float:
        return len(self.pcm) / OUTPUT_RATE_HZ

    @property
    def sentences(self) -> list[dict[str, Any]]:
        return [event.fields for event in self.events if "text" in event.fields]

    @property
    def words(self) -> list[dict[str, Any]]:
        return [word for sentence in self.sentences for word in sentence["words"]]

    @property
    def level_db(self) -> float:
        """RMS of what is not silence, in dBFS."""
        blocks = self.pcm[: len(self.pcm) // 240 * 240].reshape(-1, 240)
        power = (blocks**2).mean(axis=1)
        return float(10 * np.log10(power[power > 1e-5].mean() + 1e-12))


Say = Callable[..., Awaitable[Speech]]
Hear = Callable[..., Awaitable[str]]


async def _only(chunk: Any) -> AsyncIterator[Any]:
    yield chunk


@pytest.fixture(scope="session")
def say(triton: str) -> Say:
    """`await say(text, voice=…)`."""

    async def say(text: str, **parameters: Any) -> Speech:
        client = Triton(triton)
        try:
            return Speech([event async for event in client.stream(SYNTHESIZE, _only(text), parameters)])  # type: ignore[arg-type]
        finally:
            await client.close()

    return say


@pytest.fixture(scope="session")
def hear(triton: str) -> Hear:
    """`await hear(pcm, language="en")`: the words that Whisper base hears in 24 kHz speech."""

    async def hear(pcm: Float, **parameters: Any) -> str:
        sound = soxr.resample(pcm, OUTPUT_RATE_HZ, INPUT_RATE_HZ).astype(np.float32)
        client = Triton(triton)
        try:
            events = [event async for event in client.stream(TRANSCRIBE, _only(sound), parameters)]  # type: ignore[arg-type]
        finally:
            await client.close()
        return "".join(event.fields["text"] for event in events if event.type == "segment").strip()

    return hear
