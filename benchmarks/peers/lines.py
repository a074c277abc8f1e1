"""The peer's side of benchmarks/speakers.py: JSON lines, requests on stdin and answers on stdout, several at a time.

in:  {"id": 1, "text": …, "voice": …, "stream": true, "file": path or null}
out: {"id": 1, "samples": 24000, "rate": 24000} for each piece as soon as it is ready, then {"id": 1, "done": true}
"""

from __future__ import annotations

import asyncio
import json
import sys
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np

Speak = Callable[[str, str, bool], AsyncIterator[tuple[Any, int]]]
"""(text, voice, stream) -> pieces: float32 [samples], and their sample rate in Hz."""


def serve(speak: Speak) -> None:
    """Write {"ready": true}, because everything is loaded, and answer requests until stdin ends."""
    _send(ready=True)
    asyncio.run(_serve(speak))


async def _serve(speak: Speak) -> None:
    tasks = set()
    while line := await asyncio.to_thread(sys.stdin.readline):
        task = asyncio.create_task(_answer(speak, json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _answer(speak: Speak, request: dict[str, Any]) -> None:
    pieces, rate = [], 0
    try:
        async for audio, rate in speak(request["text"], request["voice"], request["stream"]):
            _send(id=request["id"], samples=len(audio), rate=rate)
            pieces.append(audio)
        if request["file"]:
            _write(Path(request["file"]), np.concatenate(pieces), rate)
        _send(id=request["id"], done=True)
    except Exception as error:
        _send(id=request["id"], error=repr(error))


def _write(path: Path, audio: Any, rate: int) -> None:
    # The published int8 Kokoro is up to 1.5 times too loud. Scale it, so that this function does not clip it.
    audio = audio / max(1.0, float(np.abs(audio).max()))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((audio * 32767).astype("<i2").tobytes())


def _send(**message: Any) -> None:
    print(json.dumps(message), flush=True)
