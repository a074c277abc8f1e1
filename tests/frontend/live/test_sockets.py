"""How a WebSocket is closed: its client does not read, its origin is not allowed, or tritonserver dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket as sockets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from websockets.exceptions import ConnectionClosed

from frontend.live.sockets import Socket, SocketEndpoint, Sockets
from frontend.metrics import Metrics
from frontend.parts import PART_BYTES
from frontend.settings import Settings
from speech.environment import ModelEnvironment
from tests.conftest import Serve
from tests.frontend.live_client import SPEECH_TO_SPEECH, TRANSCRIBE, Received, connect, pcm16, read, stream_audio
from tritone.triton_server import TritonServer


@pytest.fixture
def impatient(serve_with_small_buffers: Serve, triton: str) -> Iterator[str]:
    """A frontend with small buffers that drops clients which read nothing for a second."""
    with serve_with_small_buffers(triton_url=triton, live_send_timeout_s=1) as url:
        yield url


async def test_a_client_that_does_not_read_is_disconnected(impatient: str, fox: Path, work: Any) -> None:
    """The answer fills all buffers, and then the work stops. When the client reads again, it gets the reason."""
    raw = _connection_with_small_buffer(impatient)
    url = impatient.replace("http", "ws", 1) + SPEECH_TO_SPEECH
    async with connect(url, sock=raw, max_queue=None, max_size=None) as socket:
        await socket.send(json.dumps({"language": "en", "response_format": "wav"}))
        audio = pcm16(np.tile(read(fox), 20))
        sending = asyncio.ensure_future(_send_all(socket, audio))
        socket.transport.pause_reading()
        await asyncio.sleep(5)
        async with asyncio.timeout(60):
            while await asyncio.to_thread(work) > 0.1:
                pass
            socket.transport.resume_reading()
            messages = []
            with suppress(ConnectionClosed):
                while True:
                    messages.append(await socket.recv())
        sending.cancel()
        await asyncio.wait({sending})
    assert json.loads(messages[-1])["error"]["code"] == "OVERLOADED"
    assert (socket.close_code, "read faster" in (socket.close_reason or "")) == (1013, True)


async def test_a_client_that_never_reads_is_dropped(
    serve_with_small_buffers: Serve, triton: str, fox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel drops the connection and the data that was still to be sent."""
    for module in ("server", "live.sockets"):
        monkeypatch.setattr(f"frontend.{module}.GOODBYE_S", 1.0)
    with serve_with_small_buffers(triton_url=triton, live_send_timeout_s=1, send_timeout_s=1) as url:
        raw = _connection_with_small_buffer(url)
        client_port = raw.getsockname()[1]
        path = url.replace("http", "ws", 1) + SPEECH_TO_SPEECH
        async with connect(path, sock=raw, max_queue=None, max_size=None) as socket:
            await socket.send(json.dumps({"language": "en", "response_format": "wav"}))
            sending = asyncio.ensure_future(_send_all(socket, pcm16(np.tile(read(fox), 20))))
            socket.transport.pause_reading()
            async with asyncio.timeout(120):
                while any(c.raddr and c.raddr.port == client_port for c in psutil.Process().net_connections("tcp")):
                    await asyncio.sleep(0.2)
            socket.transport.abort()
            sending.cancel()
            await asyncio.wait({sending})


def _connection_with_small_buffer(url: str) -> sockets.socket:
    """A connection with a small receive buffer."""
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 8192)
    raw.connect(("127.0.0.1", int(url.rpartition(":")[2])))
    raw.setblocking(False)
    return raw


async def _send_all(socket: Any, data: bytes) -> None:
    for start in range(0, len(data), 32_000):
        await socket.send(data[start : start + 32_000])


async def test_a_stuck_send_is_1013() -> None:
    sent: list[Any] = []
    stuck = asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send" and not stuck.is_set():
            stuck.set()
            await asyncio.sleep(60)
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def handle(socket: Socket) -> None:
        await socket.send("hello")

    limits = Sockets(Settings(live_send_timeout_s=0.1), Metrics())
    scope = {"type": "websocket", "path": TRANSCRIBE, "headers": [], "query_string": b"", "state": {"sockets": limits}}
    await SocketEndpoint(handle)(scope, receive, send)
    error, close = sent[-2:]
    assert json.loads(error["text"])["error"]["code"] == "OVERLOADED"
    assert (close["type"], close["code"]) == ("websocket.close", 1013)


async def test_much_audio_is_sent_in_several_messages() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def handle(socket: Socket) -> None:
        await socket.send(bytes(2 * PART_BYTES + 1))

    limits = Sockets(Settings(), Metrics())
    scope = {"type": "websocket", "path": TRANSCRIBE, "headers": [], "query_string": b"", "state": {"sockets": limits}}
    await SocketEndpoint(handle)(scope, receive, send)
    sizes = [len(message["bytes"]) for message in sent if message["type"] == "websocket.send"]
    assert sizes == [PART_BYTES, PART_BYTES, 1]


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        ("https://example.com", 1000),
        ("https://example.org", 1008),
        ("null", 1008),
        ("http://{host}", 1000),
        (None, 1000),
    ],
)
async def test_pages_of_other_origins(serve: Any, triton: str, origin: str | None, code: int) -> None:
    with serve(triton_url=triton, allowed_origins=("https://example.com",)) as url:
        origin = origin and origin.format(host=url.removeprefix("http://"))
        async with connect(url.replace("http", "ws", 1) + TRANSCRIBE, origin=origin) as socket:  # type: ignore[arg-type]
            with suppress(ConnectionClosed):
                await socket.send(b"")
                async for _ in socket:
                    pass
    assert socket.close_code == code
    assert ("ALLOWED_ORIGINS" in (socket.close_reason or "")) == (code == 1008)


@pytest.mark.triton
async def test_when_triton_dies(serve: Any, engines_dir: Path, fox: Path) -> None:
    environment = ModelEnvironment(engines_dir, ("whisper-tiny.en",), beam_size=1).to_environ()
    pcm = read(fox)
    with TritonServer(environment=environment) as first, serve(triton_url=first.url) as url:
        data, seconds, both = pcm16(np.tile(pcm, 5)), 5 * len(pcm) / 16_000, (Received(), Received())
        streaming = [
            asyncio.ensure_future(stream_audio(url, path, data, seconds, config=config, end=None, received=received))
            for received, path, config in zip(
                both, (f"{TRANSCRIBE}?format=json", SPEECH_TO_SPEECH), (None, {"interrupt": False}), strict=True
            )
        ]
        async with asyncio.timeout(60):
            while not all(received.events_of("speech_started") for received in both):
                await asyncio.sleep(0.1)
        os.kill(first.pid, signal.SIGKILL)
        for received in await asyncio.gather(*streaming):
            assert received.events[-1]["error"]["code"] == "NOT_READY"
            assert received.code == 1011
        again = TritonServer(environment=environment, grpc_port=int(first.url.rpartition(":")[2]))
        with again:
            received = await stream_audio(url, f"{TRANSCRIBE}?format=json", pcm16(pcm), len(pcm) / 16_000, pace=8)
            assert "fox" in received.text.lower()
