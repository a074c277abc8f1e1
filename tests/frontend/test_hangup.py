"""Connections of clients that are answered before they have sent the whole body."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx2
import pytest

from tests.conftest import Serve
from tritone.ports import free_port

PATH = "/v1/nothing"


@pytest.fixture(scope="module")
def url(serve: Serve) -> Iterator[str]:
    with serve(triton_url=f"127.0.0.1:{free_port('127.0.0.1')}") as url:
        yield url


def test_the_answer_reaches_a_client_that_is_still_sending(url: str) -> None:
    answer = httpx2.post(url + PATH, content=bytes(40_000_000))
    assert answer.status_code == 404
    assert answer.headers["connection"] == "close"


def test_a_body_without_an_end(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frontend.hangup.LINGER_S", 0.2)
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=60) as client:
        client.sendall(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nbeginning".encode())
        answer = client.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 404")
    assert answer.endswith("}")


def test_a_request_without_a_body_keeps_the_connection(url: str) -> None:
    with httpx2.Client() as client:
        assert "connection" not in client.get(url + PATH).headers
