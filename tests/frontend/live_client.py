"""A client of the WebSockets that sends audio at the pace of a microphone, and encoders for its audio."""

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
"""Sample rate of the recordings, Hz."""
TRANSCRIBE, SPEECH_TO_SPEECH = "/api/v1/stream-transcribe", "/api/v1/stream-speech-to-speech"
END = '{"type": "end"}'
connect = partial(websocket, open_timeout=60, ping_interval=None)
"""Opens a connection. It is patient, because other processes may take the server's cores for seconds."""


def read(*paths: Path) -> Float:
    """The recordings as float32 [samples], 16 kHz, with 0.8 s of silence after each."""
    pieces: list[Float] = []
    for path in paths:
        with path.open("rb") as file:
            pieces += [*decoder.decode(file), np.zeros(round(0.8 * RATE), np.float32)]
    return np.concatenate(pieces)


def pcm16(pcm: Float, rate: int = RATE) -> bytes:
    """Audio as 16-bit little-endian samples at `rate` Hz."""
    return bytes((soxr.resample(pcm, RATE, rate) * 32_767).astype("<i2").tobytes())


def mulaw(pcm: Float) -> bytes:
    """Audio as mu-law at 8 kHz, the format of telephones."""
    file = io.BytesIO()
    _encode(pcm, file, "mulaw", "pcm_mulaw", 8_000, "s16")
    return file.getvalue()


class _Unseekable:
    """A file that can only be appended to."""

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
"""By the name of FFmpeg's muxer: the encoder, its sample format, and the muxer's options."""


def container(pcm: Float, name: str) -> bytes:
    """Audio in a container as it is streamed, without a length or an index (MediaRecorder sends such webm)."""
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
class Received:
    """The messages that a connection received, in order, and its close code and reason."""

    messages: list[str | bytes] = field(default_factory=list)
    code: int = 0
    reason: str = ""

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events, parsed."""
        return [json.loads(message) for message in self.messages if isinstance(message, str)]

    @property
    def audio(self) -> bytes:
        """The bytes of all binary messages."""
        return b"".join(message for message in self.messages if isinstance(message, bytes))

    def events_of(self, type_: str) -> list[dict[str, Any]]:
        """The events of one type."""
        return [event for event in self.events if event["type"] == type_]

    @property
    def text(self) -> str:
        """The text of all utterances."""
        return " ".join(final["text"] for final in self.events_of("final") if final["text"])


async def stream_audio(
    url: str,
    path: str,
    data: bytes,
    seconds: float,
    *,
    pace: float = 1.0,
    config: Mapping[str, Any] | None = None,
    end: str | bytes | None = END,
    step_s: float = 0.1,
    received: Received | None = None,
) -> Received:
    """Send `data`, which lasts `seconds`, and receive messages until the connection is closed.

    The data goes out in pieces of `step_s` seconds, `pace` times as fast as it would be spoken. Before it `config` is
    sent, after it `end`. Messages are added to `received` at once, if it is given.
    """
    received = Received() if received is None else received
    async with connect(url.replace("http", "ws", 1) + path, max_size=None) as socket:
        if config is not None:
            await socket.send(json.dumps(config))
        sending = asyncio.ensure_future(_send(socket, split(data, seconds, step_s), step_s / pace, end))
        try:
            async for message in socket:
                received.messages.append(message)
        except ConnectionClosed:
            pass
        sending.cancel()
        await asyncio.wait({sending})
    received.code, received.reason = socket.close_code or 0, socket.close_reason or ""
    return received


def split(data: bytes, seconds: float, step_s: float) -> list[bytes]:
    """`data`, which lasts `seconds`, in pieces of about `step_s` seconds."""
    count = max(1, round(seconds / step_s))
    size = -(-len(data) // count)
    return [data[start : start + size] for start in range(0, len(data), size)]


async def _send(socket: ClientConnection, chunks: Iterable[bytes], gap_s: float, end: str | bytes | None) -> None:
    started = asyncio.get_running_loop().time()
    for number, chunk in enumerate(chunks, 1):
        await asyncio.sleep(started + number * gap_s - asyncio.get_running_loop().time())
        await socket.send(chunk)
    if end is not None:
        await socket.send(end)
