"""kokoro-onnx, used as its README shows: speak_kokoro_onnx.py MODEL.onnx VOICES.npz"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

from kokoro_onnx import Kokoro
from lines import serve

kokoro = Kokoro(sys.argv[1], sys.argv[2])


async def speak(text: str, voice: str, stream: bool) -> AsyncIterator[tuple[Any, int]]:
    lang = "en-gb" if voice.startswith("b") else "en-us"
    if stream:
        async for piece in kokoro.create_stream(text, voice=voice, lang=lang):
            yield piece
    else:
        yield await asyncio.to_thread(kokoro.create, text, voice=voice, lang=lang)


serve(speak)
