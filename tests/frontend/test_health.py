"""GET /health: the fields that three of the API documents describe."""

from __future__ import annotations

import time

import httpx2

from tests.conftest import Serve
from tritone.ports import free_port


def test_healthy(frontend_url: str) -> None:
    deadline = time.monotonic() + 60
    while (answer := httpx2.get(f"{frontend_url}/health")).status_code != 200:
        # The models answer late while other processes take all cores.
        assert time.monotonic() < deadline
    body = answer.json()
    assert isinstance(body.pop("version"), str)
    assert isinstance(body.pop("uptime"), int)
    assert body == {
        "status": "healthy",
        "provider": "triton",
        "models_loaded": True,
        "device": "cpu",
        "streaming_enabled": True,
        "api_status": {"triton": "connected"},
    }


def test_without_triton(serve: Serve) -> None:
    with serve(triton_url=f"127.0.0.1:{free_port('127.0.0.1')}") as url:
        answer = httpx2.get(f"{url}/health")
    assert answer.status_code == 503
    body = answer.json()
    assert body["status"] == "unhealthy"
    assert body["models_loaded"] is False
    assert body["api_status"] == {"triton": "disconnected"}
