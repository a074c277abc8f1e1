"""Synthesis when Triton is gone, all places are taken, time is up or the client has left, and many clients at once."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import numpy as np
import pytest

from frontend.service import Service
from speech.errors import NotReady
from speech.events import Audio, Event, TimedWord
from speech.types import SynthesizeOptions
from tests.conftest import Serve
from tests.frontend.sound import RATE_HZ, decoded
from tritone.ports import free_port

PATH = "/v1/audio/speech"
LONG = "The quick brown fox jumps over the lazy dog, and nobody knows why it does. " * 54
SHORT = "Good morning, everybody."


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that fails after one second of speech."""

    async def synthesize(service: Service, text: str, options: SynthesizeOptions) -> AsyncGenerator[Event, None]:
        noise = np.random.default_rng(0).normal(0, 0.1, RATE_HZ).astype(np.float32)
        words = (TimedWord(word=text, start=0.1, end=0.9, text_start=0, text_end=len(text)),)
        yield Audio(id=0, start=0.0, text=text, text_start=0, text_end=len(text), words=words, pcm=noise)
        raise NotReady("the model is gone")

    monkeypatch.setattr(Service, "synthesize", synthesize)


def test_without_triton(serve: Serve) -> None:
    with serve(triton_url=f"127.0.0.1:{free_port('127.0.0.1')}") as url:
        for path in (PATH, f"{PATH}/extended", f"{PATH}/captions"):
            answer = httpx2.post(url + path, json={"input": "Hello", "stream": True})
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_ready")
            assert int(answer.headers["retry-after"]) > 0
        other = httpx2.post(f"{url}/api/tts/", json={"text": "Hello"})
        assert (other.status_code, other.json()["error"]["code"]) == (503, "NOT_READY")
        assert httpx2.get(f"{url}/v1/voices").status_code == 503


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("response_format", ["wav", "mp3", "opus", "pcm"])
def test_a_broken_stream_does_not_look_complete(frontend_url: str, response_format: str) -> None:
    fields = {"input": "Hello", "response_format": response_format, "stream": True}
    with pytest.raises(httpx2.RemoteProtocolError, match="incomplete chunked read"):
        httpx2.post(frontend_url + PATH, json=fields)
    curl = ["curl", "-s", "-d", json.dumps(fields), frontend_url + PATH]
    assert subprocess.run(curl, capture_output=True).returncode == 18  # "transfer closed with outstanding data"


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("path", [PATH, f"{PATH}/captions"])
def test_a_broken_stream_of_events_says_why(frontend_url: str, path: str) -> None:
    answer = httpx2.post(frontend_url + path, json={"input": "Hello", "stream": True, "stream_format": "sse"})
    last = [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line][-1]
    assert last["type"] == "error"
    assert (last["error"]["code"], last["error"]["message"]) == ("not_ready", "the model is gone")


@pytest.mark.usefixtures("broken")
def test_an_error_before_the_whole_file_is_made(frontend_url: str) -> None:
    assert httpx2.post(frontend_url + PATH, json={"input": "Hello"}).status_code == 503


def test_deadline(serve: Serve, triton: str) -> None:
    with serve(triton_url=triton, request_timeout_s=2) as url:
        answer = httpx2.post(url + PATH, json={"input": LONG}, timeout=60)
        assert (answer.status_code, answer.json()["error"]["code"]) == (504, "deadline_exceeded")


def test_overload(serve: Serve, triton: str) -> None:
    with serve(triton_url=triton, max_concurrent_requests=1, max_queued_requests=0) as url:
        with httpx2.stream("POST", url + PATH, json={"input": LONG, "stream": True}, timeout=60) as busy:
            chunks = busy.iter_bytes()  # kept: without it the response would be closed
            next(chunks)
            answer = httpx2.post(url + PATH, json={"input": SHORT})
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "overloaded")
        deadline = time.monotonic() + 60
        while answer.status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
            answer = httpx2.post(url + PATH, json={"input": SHORT}, timeout=60)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"stream": False},
        {"stream": True},
        {"stream": True, "response_format": "mp3"},
        {"stream_format": "sse", "response_format": "opus"},
    ],
)
def test_a_client_that_leaves_stops_the_work(
    frontend_url: str, work: Callable[[], float], rest: Callable[[], None], fields: dict[str, Any]
) -> None:
    body = {"input": LONG, **fields}
    if fields.get("stream") is False:
        with pytest.raises(httpx2.ReadTimeout):
            httpx2.post(frontend_url + PATH, json=body, timeout=httpx2.Timeout(60, read=3))
    else:
        with httpx2.stream("POST", frontend_url + PATH, json=body, timeout=60) as answer:
            chunks = answer.iter_bytes()  # kept: without it the response would be closed
            next(chunks)
            assert any(work() > 0.1 for _ in range(40))  # on a busy machine the model gets little CPU time
    rest()


def test_a_slow_reader(frontend_url: str) -> None:
    """A client that reads slowly gets everything, and does not delay other clients."""
    text = "The quick brown fox jumps over the lazy dog. " * 6
    fields = {"input": text, "response_format": "pcm"}
    with httpx2.stream("POST", frontend_url + PATH, json={**fields, "stream": True}, timeout=60) as answer:
        chunks = answer.iter_bytes(4096)
        data = next(chunks)
        started = time.monotonic()
        assert httpx2.post(frontend_url + PATH, json={"input": SHORT}, timeout=60).status_code == 200
        assert time.monotonic() - started < 30
        for chunk in chunks:
            data += chunk
            time.sleep(0.01)
    assert len(decoded(data, "pcm")) > 12 * RATE_HZ


def test_clients_side_by_side(frontend_url: str) -> None:
    """Each client gets the same audio as alone, and a short text does not wait for the end of a long one."""
    long = "The quick brown fox jumps over the lazy dog. " * 4

    def synthesize(text: str, voice: str) -> tuple[float, bytes]:
        fields = {"input": text, "voice": voice, "response_format": "pcm", "stream": True}
        data = httpx2.post(frontend_url + PATH, json=fields, timeout=120).content
        return time.monotonic(), data

    jobs = [(long, "alloy"), (SHORT, "onyx")]
    alone = [synthesize(*job)[1] for job in jobs]
    with ThreadPoolExecutor(2) as pool:
        (long_done, long_data), (short_done, short_data) = pool.map(synthesize, *zip(*jobs, strict=True))
    assert short_done < long_done
    assert [long_data, short_data] == alone
