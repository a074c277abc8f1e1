"""Fixtures of the frontend's tests: a client, a server with small buffers, and recordings."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openai
import pytest
import soundfile

from tests.conftest import Serve
from tritone.ports import claim


@pytest.fixture
def client(frontend_url: str) -> Iterator[openai.OpenAI]:
    """A client of OpenAI's SDK for this server. It does not retry, so that tests see the first error."""
    with openai.OpenAI(base_url=f"{frontend_url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture
def serve_with_small_buffers(serve: Any, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """`serve` with a small send buffer, so that a client which does not read blocks the server soon."""

    def claim_with_small_buffer(*address: Any) -> socket.socket:
        listener = claim(*address)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        return listener

    monkeypatch.setitem(serve.__wrapped__.__globals__, "claim", claim_with_small_buffer)
    patched: Serve = serve
    return patched


@pytest.fixture(scope="session")
def fox(samples: dict[str, Any]) -> Path:
    """A recording of "The quick brown fox jumps over the lazy dog", three seconds."""
    path: Path = samples["en-fox.wav"].path
    return path


@pytest.fixture(scope="session")
def long_speech(fox: Path) -> bytes:
    """A WAV file with 15 minutes of speech. To transcribe it takes longer than a test may run."""
    pcm, rate = soundfile.read(fox, dtype="float32")
    file = io.BytesIO()
    soundfile.write(file, np.resize(pcm, 900 * rate), rate, format="WAV", subtype="PCM_16")
    return file.getvalue()
