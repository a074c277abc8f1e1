"""What the frontend's tests share: a client, and speech that takes a while."""

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
    """OpenAI's SDK as everybody has it, but for the base URL."""
    with openai.OpenAI(base_url=f"{frontend_url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture
def narrow_serve(serve: Any, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """`serve` with next to no buffer between the frontend and its clients."""

    def narrow(*address: Any) -> socket.socket:
        listener = claim(*address)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        return listener

    monkeypatch.setitem(serve.__wrapped__.__globals__, "claim", narrow)
    narrowed: Serve = serve
    return narrowed


@pytest.fixture(scope="session")
def fox(samples: dict[str, Any]) -> Path:
    """The quick brown fox jumps over the lazy dog: three seconds."""
    path: Path = samples["en-fox.wav"].path
    return path


@pytest.fixture(scope="session")
def long_speech(fox: Path) -> bytes:
    """A WAV file with a quarter of an hour of speech: much longer to transcribe than any of these tests may take."""
    pcm, rate = soundfile.read(fox, dtype="float32")
    file = io.BytesIO()
    soundfile.write(file, np.resize(pcm, 900 * rate), rate, format="WAV", subtype="PCM_16")
    return file.getvalue()
