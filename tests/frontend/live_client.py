"""A client of the WebSockets that speaks as a microphone does, and recordings as one sends them."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import soxr
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as websocket
from websockets.exceptions import ConnectionClosed

from speech.sound import decoder

Float = NDArray[np.float32]

RATE = 16_000
TRANSCRIBE, SPEECH_TO_SPEECH = "/api/v1/stream-transcribe", "/api/v1/stream-speech-to-speech"
END = '{"type": "end"}'
connect = partial(websocket, open_timeout=60, ping_interval=None)
"""For a server whose cores others may take for seconds."""


def read(*paths: Path) -> Float:
    """float32 [samples], 16 kHz: the recordings, with silence after each."""
    pieces: list[Float] = []
    for path in paths:
        with path.open("rb") as file:
            pieces += [*decoder.decode(file), np.zeros(round(0.8 * RATE), np.float32)]
    return np.concatenate(pieces)


def pcm16(pcm: Float, rate: int = RATE) -> bytes:
    return bytes((soxr.resample(pcm, RATE, rate) * 32_767).astype("<i2").tobytes())


def mulaw(pcm: Float) -> bytes:
    """8 kHz, as telephones have it."""
    file = io.BytesIO()
    _encode(pcm, file, "mulaw", "pcm_mulaw", 8_000, "s16")
    return file.getvalue()


class _Unseekable:
    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> int:
        self.data += data
        return len(data)


CONTAINERS: Mapping[str, tuple[str, str, dict[str, str]]] = {
    "webm": ("libopus", "flt", {"live": "1", "cluster_time_limit": "100"}),
    "ogg": ("libopus", "flt", {}),
    "wav": ("pcm_s16le", "s16", {}),
    "mp3": ("libmp3lame", "fltp", {}),
    "flac": ("flac", "s16", {}),
}


def container(pcm: Float, name: str) -> bytes:
    """A stream as it grows: nobody knows its length, nothing is written twice (MediaRecorder: webm, no cues)."""
    coder, samples, options = CONTAINERS[name]
    file = _Unseekable()
    _encode(pcm, file, name, coder, 48_000, samples, options)
    return bytes(file.data)


def _encode(
    pcm: Float, file: Any, muxer: str, coder: str, rate: int, samples: str, options: dict[str, str] | None = None
) -> None:
    with av.open(file, "w", format=muxer, options=options or {}) as out:
        stream: Any = out.add_stream(coder, rate=rate, layout="mono")
        resampler = av.AudioResampler(samples, "mono", rate, frame_size=stream.codec_context.frame_size or 960)
        frame = av.AudioFrame.from_ndarray((pcm * 32_767).astype(np.int16)[None], "s16", "mono")
        frame.sample_rate = RATE
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))


@dataclass
class Heard:
    """What a connection was sent, in order, and how it ended."""

    messages: list[str | bytes] = field(default_factory=list)
    code: int = 0
    reason: str = ""

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(message) for message in self.messages if isinstance(message, str)]

    @property
    def sound(self) -> bytes:
        return b"".join(message for message in self.messages if isinstance(message, bytes))

    def of(self, type_: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == type_]

    @property
    def text(self) -> str:
        return " ".join(final["text"] for final in self.of("final") if final["text"])


async def speak(
    url: str,
    path: str,
    data: bytes,
    seconds: float,
    *,
    pace: float = 1.0,
    config: Mapping[str, Any] | None = None,
    end: str | bytes | None = END,
    step_s: float = 0.1,
    heard: Heard | None = None,
) -> Heard:
    """Send `data`, which lasts `seconds`, `pace` times as fast, and hear everything to the end."""
    heard = Heard() if heard is None else heard
    async with connect(url.replace("http", "ws", 1) + path, max_size=None) as socket:
        if config is not None:
            await socket.send(json.dumps(config))
        sending = asyncio.ensure_future(_send(socket, split(data, seconds, step_s), step_s / pace, end))
        try:
            async for message in socket:
                heard.messages.append(message)
        except ConnectionClosed:
            pass
        sending.cancel()
        await asyncio.wait({sending})
    heard.code, heard.reason = socket.close_code or 0, socket.close_reason or ""
    return heard


def split(data: bytes, seconds: float, step_s: float) -> list[bytes]:
    count = max(1, round(seconds / step_s))
    size = -(-len(data) // count)
    return [data[start : start + size] for start in range(0, len(data), size)]


async def _send(socket: ClientConnection, chunks: Iterable[bytes], gap_s: float, end: str | bytes | None) -> None:
    begun = asyncio.get_running_loop().time()
    for number, chunk in enumerate(chunks, 1):
        await asyncio.sleep(begun + number * gap_s - asyncio.get_running_loop().time())
        await socket.send(chunk)
    if end is not None:
        await socket.send(end)
