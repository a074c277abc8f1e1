"""Answers on their way to a client, and the frontend's own program."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from frontend.admission import Admission
from frontend.endpoint import Endpoint
from frontend.parts import PART_BYTES
from frontend.requests.body import Bodies
from frontend.requests.schema import Schema
from tritone.ports import free_port


class _Service:
    admission = Admission(concurrent=1, queued=0)


@pytest.mark.parametrize("size", [0, 10, PART_BYTES, 3 * PART_BYTES, 3 * PART_BYTES + 1])
async def test_a_large_body_is_sent_in_parts(size: int) -> None:
    """So that the limit of a send is one of not reading, and not of reading slowly."""
    body, sent = os.urandom(size), list[Any]()

    async def handle(request: Request[Any], wanted: Schema) -> Response:
        return Response(body)

    coming = [{"type": "http.request", "body": b"{}"}]

    async def receive() -> Message:
        if not coming:
            await asyncio.Event().wait()  # the client stays
        return coming.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    state = {"service": _Service(), "bodies": Bodies(1), "send_timeout_s": 1.0}
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b"", "state": state}
    await Endpoint(Schema, handle)(scope, receive, send)
    start, *parts = sent
    assert start["type"] == "http.response.start"
    assert b"".join(part["body"] for part in parts) == body
    assert max(len(part["body"]) for part in parts) <= PART_BYTES
    assert [part.get("more_body", False) for part in parts] == [True] * (len(parts) - 1) + [False]


@pytest.mark.slow
def test_the_frontend_alone_ends_with_ctrl_c() -> None:
    port = free_port("127.0.0.1")
    environment = {**os.environ, "PORT": str(port), "TRITON_URL": "127.0.0.1:1"}
    frontend = subprocess.Popen([sys.executable, "-m", "frontend"], env=environment, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                assert httpx2.get(f"http://127.0.0.1:{port}/health").status_code == 503
                break
            except httpx2.ConnectError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        frontend.send_signal(signal.SIGINT)
        _, told = frontend.communicate(timeout=60)
    finally:
        frontend.kill()
    assert frontend.returncode == 0
    assert "Traceback" not in told
