"""What the scripts of the Python clients share. It is on their path, and needs nothing but Python.

A script registers its calls and runs them with `main`:

    python client.py http://127.0.0.1:8000 FOLDER_WITH_RECORDINGS

Each call prints one JSON line, in order: {"call": name, "got": …} or {"call": name, "error": message}.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
import json
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

SPOKEN = "The train is late."
"""What every client has synthesized."""
RATE_HZ = 24_000
"""Sample rate of OpenAI's raw PCM."""
ERROR_CHARACTERS = 600

URL, RECORDINGS = sys.argv[1], Path(sys.argv[2])
FOX, SPANISH = RECORDINGS / "fox.wav", RECORDINGS / "spanish.wav"

_output, sys.stdout = sys.stdout, sys.stderr  # some clients print their progress

_calls: dict[str, Callable[[], Any]] = {}


def call(name: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Register the decorated function as the call `name`. It returns a text, JSON data or `audio(…)`."""

    def register(function: Callable[[], Any]) -> Callable[[], Any]:
        _calls[name] = function
        return function

    return register


def audio(data: bytes, pcm_rate_hz: int | None = None) -> dict[str, Any]:
    """Audio that a call got: a file, or raw 16-bit samples at `pcm_rate_hz`."""
    return {"audio": base64.b64encode(data).decode(), "pcm_rate_hz": pcm_rate_hz}


def samples(path: Path) -> tuple[bytes, int]:
    """The 16-bit mono samples of a WAV file, and their rate in Hz."""
    with wave.open(str(path)) as file:
        return file.readframes(file.getnframes()), file.getframerate()


def main() -> None:
    """Run all registered calls in one event loop."""
    asyncio.run(_run())


async def _run() -> None:
    for name, function in _calls.items():
        try:
            got = function()
            if inspect.isawaitable(got):
                got = await got
            outcome = {"call": name, "got": got}
        except Exception as error:
            outcome = {"call": name, "error": _message(error)}
        print(json.dumps(outcome), file=_output, flush=True)


def _message(error: BaseException) -> str:
    """The message of the error and of those that caused it."""
    messages: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        status = getattr(cause, "status_code", None)
        messages.append(f"Error code: {status} - " if isinstance(status, int) else "")
        messages.append(f"{type(cause).__name__}: {cause}"[:ERROR_CHARACTERS])
        cause = cause.__cause__
    return " ".join(messages).strip()
