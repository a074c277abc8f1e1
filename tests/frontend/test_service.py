"""Transcription when Triton is gone, all places are taken, time is up, or the client has left."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, cast

import httpx2
import openai
import pytest

from frontend.metrics import Metrics
from frontend.service import Service
from frontend.settings import Settings
from frontend.triton import Triton
from speech.events import Event, Models, TranscriptionEngine
from tests.conftest import Serve
from tritone.ports import free_port

PATH = "/v1/audio/transcriptions"
STREAM = {"stream": "true", "language": "en"}


def test_without_triton(serve: Serve, fox: Path) -> None:
    with serve(triton_url=f"127.0.0.1:{free_port('127.0.0.1')}") as url:
        answer = httpx2.post(url + PATH, files={"file": fox.read_bytes()})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["error"]["code"] == "not_ready"
        other = httpx2.post(f"{url}/api/stt/", files={"audio": fox.read_bytes()})
        assert (other.status_code, other.json()["error"]["code"]) == (503, "NOT_READY")
        with (
            openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client,
            pytest.raises(openai.InternalServerError),
        ):
            client.models.list()


def test_overload(serve: Serve, triton: str, fox: Path, long_speech: bytes) -> None:
    with serve(triton_url=triton, max_concurrent_requests=1, max_queued_requests=0) as url:
        with httpx2.stream("POST", url + PATH, files={"file": long_speech}, data=STREAM, timeout=60) as busy:
            lines = busy.iter_lines()  # kept: without it the response would be closed
            next(lines)
            started = time.monotonic()
            answer = httpx2.post(url + PATH, files={"file": fox.read_bytes()})
            assert time.monotonic() - started < 20  # it did not wait for a place, which would take three times as long
            assert answer.status_code == 503
            assert answer.json()["error"]["code"] == "overloaded"
            assert int(answer.headers["retry-after"]) > 0
        deadline = time.monotonic() + 60
        while answer.status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
            answer = httpx2.post(url + PATH, files={"file": fox.read_bytes()}, timeout=60)
        assert answer.status_code == 200


def test_a_client_that_does_not_read_is_dropped(serve_with_small_buffers: Serve, triton: str) -> None:
    """A paused player must not keep its place forever."""
    speech = {"input": "Nobody reads what is said here. " * 30, "stream": True}
    bounds = {"max_concurrent_requests": 1, "max_queued_requests": 0, "send_timeout_s": 2}
    with serve_with_small_buffers(triton_url=triton, **bounds) as url:
        player = socket.socket()
        player.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        player.connect(("127.0.0.1", int(url.rpartition(":")[2])))
        body = json.dumps(speech)
        head = f"POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        player.sendall((head + body).encode())
        for status in (503, 200):
            deadline = time.monotonic() + 100
            while httpx2.post(f"{url}/v1/audio/speech", json={"input": "Hello."}, timeout=60).status_code != status:
                assert time.monotonic() < deadline, f"never {status}"
                time.sleep(0.2)
        player.close()


async def test_a_busy_model_is_asked_once_for_its_description(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one request for a description at a time. While it runs, the last description is used for a minute."""
    requests, answer = 0, asyncio.Event()

    class SlowTriton:
        async def stream(self, *_: Any) -> AsyncGenerator[Event, None]:
            nonlocal requests
            requests += 1
            await answer.wait()
            yield Models(models=(TranscriptionEngine(name="whisper-base", languages=("en",)),))

    service = Service(cast(Triton, SlowTriton()), Settings(), Metrics())
    waiting = [asyncio.ensure_future(service.models()) for _ in range(3)]
    await asyncio.sleep(0.01)
    answer.set()
    assert {models[0].name for models in await asyncio.gather(*waiting)} == {"whisper-base"}
    assert requests == 1
    monkeypatch.setattr("frontend.service._REFRESH_AFTER_S", 0.0)
    answer.clear()
    async with asyncio.timeout(1):
        assert await service.models() == await service.models()
    await asyncio.sleep(0.01)
    assert requests == 2
    monkeypatch.setattr("frontend.service._EXPIRES_AFTER_S", 0.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await service.models()
    answer.set()
    assert (await service.models())[0].name == "whisper-base"


def test_deadline(serve: Serve, triton: str, long_speech: bytes) -> None:
    with serve(triton_url=triton, request_timeout_s=2) as url:
        answer = httpx2.post(url + PATH, files={"file": long_speech}, timeout=60)
        assert answer.status_code == 504
        assert answer.json()["error"]["code"] == "deadline_exceeded"


def test_deadline_in_a_stream_is_an_error_event(serve: Serve, triton: str, long_speech: bytes) -> None:
    with (
        serve(triton_url=triton, request_timeout_s=10) as url,
        openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client,
    ):
        events = client.audio.transcriptions.create(file=long_speech, model="whisper-1", stream=True, language="en")
        with pytest.raises(openai.APIError, match="not done after 10 s"):
            list(events)


@pytest.mark.parametrize("streamed", [True, False])
def test_a_client_that_leaves_stops_the_work(
    frontend_url: str, work: Callable[[], float], rest: Callable[[], None], long_speech: bytes, streamed: bool
) -> None:
    if streamed:
        with httpx2.stream("POST", frontend_url + PATH, files={"file": long_speech}, data=STREAM, timeout=60) as answer:
            lines = answer.iter_lines()  # kept: without it the response would be closed
            next(lines)
            assert any(work() > 0.1 for _ in range(40))  # on a busy machine the model gets little CPU time
    else:
        with pytest.raises(httpx2.ReadTimeout):
            httpx2.post(frontend_url + PATH, files={"file": long_speech}, timeout=httpx2.Timeout(60, read=2))
    rest()


def test_a_long_file_does_not_block_a_short_one(frontend_url: str, fox: Path, long_speech: bytes) -> None:
    with httpx2.stream("POST", frontend_url + PATH, files={"file": long_speech}, data=STREAM, timeout=60) as busy:
        lines = busy.iter_lines()  # kept: without it the response would be closed
        next(lines)
        started = time.monotonic()
        answer = httpx2.post(frontend_url + PATH, files={"file": fox.read_bytes()}, timeout=60)
        assert "fox" in answer.json()["text"]
        assert time.monotonic() - started < 20
