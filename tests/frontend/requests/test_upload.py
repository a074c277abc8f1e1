"""Uploads over HTTP: what is no form, what is too large, and files that want to do harm."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.conftest import Serve
from tests.hostile import HOSTILE, Hostile

PATH = "/v1/audio/transcriptions"
LIMIT = 50_000
BEGINNING = (
    f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=B\r\n"
    'Content-Length: 40000\r\n\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF'
).encode()
"""Of a request whose end does not come."""


@pytest.fixture(scope="module")
def small(serve: Serve, triton: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A frontend that takes files of at most LIMIT bytes."""
    with serve(triton_url=triton, max_file_size=LIMIT, upload_dir=tmp_path_factory.mktemp("uploads")) as url:
        yield url


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_hostile_file(frontend_url: str, hostile: Hostile) -> None:
    answer = httpx2.post(
        frontend_url + PATH,
        files={"file": (hostile.filename, hostile.build())},
        data={"response_format": "verbose_json", "language": "en"},
        timeout=60,
    )
    assert answer.status_code == hostile.status, answer.text
    if hostile.status == 200:
        assert answer.json()["duration"] >= 0
    else:
        error = answer.json()["error"]
        assert (error["code"], error["type"]) == (hostile.code, "invalid_request_error")


@pytest.mark.parametrize(
    ("headers", "content", "message"),
    [
        ({"content-type": "text/plain"}, b'{"file": "x"}', "text/plain; send the file as multipart"),
        ({"content-type": "audio/mpeg"}, b"ID3", "audio/mpeg; send the file as multipart"),
        ({}, b"", "Content-Type is missing"),
        ({"content-type": "multipart/form-data"}, b"--x", "has no boundary"),
        ({"content-type": "multipart/form-data; boundary=B"}, b"nonsense", "malformed multipart"),
        ({"content-type": "multipart/form-data; boundary=" + "B" * 1000}, b"x", "malformed multipart"),
        ({"content-type": "multipart/form-data; boundary=B"}, b"", "stops before its closing boundary"),
    ],
)
def test_what_is_no_form(frontend_url: str, headers: dict[str, str], content: bytes, message: str) -> None:
    answer = httpx2.post(frontend_url + PATH, headers=headers, content=content)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]


def test_too_large(small: str) -> None:
    answer = httpx2.post(small + PATH, files={"file": ("a.wav", bytes(LIMIT + 1))})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "file_too_large"
    assert f"larger than {LIMIT} bytes" in answer.json()["error"]["message"]


def test_who_still_sends_has_a_place_already(serve: Serve, triton: str) -> None:
    """So that there are never more bodies on the disk than places."""
    with serve(triton_url=triton, max_concurrent_requests=1, max_queued_requests=1) as url:
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        senders = [socket.create_connection(address) for _ in range(2)]
        for sender in senders:
            sender.sendall(BEGINNING)
        for status in (503, 400):
            deadline = time.monotonic() + 60
            while (answer := httpx2.post(url + PATH, files={"file": b"RIFF"})).status_code != status:
                assert time.monotonic() < deadline, answer.text
                time.sleep(0.1)
            senders.pop().close()


def test_a_body_that_stops_coming(serve: Serve, triton: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frontend.requests.body.STALL_S", 0.5)
    with (
        serve(triton_url=triton) as url,
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as sender,
    ):
        sender.sendall(BEGINNING)
        sender.settimeout(60)
        answer = sender.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 504") and "nothing of it came for 0.5 s" in answer


@pytest.mark.parametrize("path", [PATH, "/v1/nothing"])
def test_a_refusal_reaches_a_client_that_is_still_sending(small: str, path: str) -> None:
    for _ in range(10):
        answer = httpx2.post(small + path, files={"file": ("a.wav", bytes(40_000_000))})
        assert answer.status_code == (413 if path == PATH else 404)
        assert answer.json()["error"]["message"]
        assert answer.headers["connection"] == "close"


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_a_client_that_asks_before_it_sends_need_not_send(small: str, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(bytes(4_000_000))
    command = ["curl", "-sS", "-o", str(tmp_path / "answer"), "-w", "%{http_code} %{size_upload}"]
    command += [
        "-H",
        "Expect: 100-continue",
        "--expect100-timeout",
        "60",
        "-F",
        f"file=@{tmp_path / 'a.wav'}",
        small + PATH,
    ]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "413 0"


def test_much_too_large_without_a_length(small: str) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
        while sent < 1 << 34:
            sent += 1 << 16
            yield bytes(1 << 16)

    answer = httpx2.post(
        small + PATH, headers={"content-type": "multipart/form-data; boundary=B"}, content=endless(), timeout=60
    )
    assert answer.status_code == 413
    assert sent < 1 << 34, "the server reads on for ever"


def test_nothing_stays_on_disk(serve: Serve, triton: str, tmp_path: Path, fox: Path) -> None:
    with serve(triton_url=triton, upload_dir=tmp_path) as url:
        for content in (fox.read_bytes(), b"no sound"):
            httpx2.post(url + PATH, files={"file": ("a.wav", content)}, timeout=60)
    assert list(tmp_path.iterdir()) == []
