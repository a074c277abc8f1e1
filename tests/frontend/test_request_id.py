"""The id of a request: in its answer, in the log, and on the way to Triton."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from starlette.testclient import TestClient
from tritonclient.grpc.aio import InferenceServerClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from frontend.app import create_app
from frontend.settings import Settings

HEADER = "x-request-id"


@pytest.mark.parametrize("path", ["/v1/models", "/v1/nothing", "/api/nothing", "/nothing", "/health", "/docs"])
def test_every_answer_has_one(frontend_url: str, path: str) -> None:
    made = [httpx2.get(frontend_url + path).headers[HEADER] for _ in range(2)]
    assert made[0] != made[1] and len(made[0]) == 32
    assert httpx2.get(frontend_url + path, headers={HEADER: "mine-7.a:b_c"}).headers[HEADER] == "mine-7.a:b_c"


@pytest.mark.parametrize("wrong", ["", "a b", 'a"b', "x" * 129, "ä"])
def test_what_is_no_id_is_replaced(frontend_url: str, wrong: str) -> None:
    answer = httpx2.get(f"{frontend_url}/v1/models", headers={HEADER.encode(): wrong.encode()})
    assert len(answer.headers[HEADER]) == 32


def test_openai_sdk(client: openai.OpenAI, fox: Path) -> None:
    given = {"X-Request-ID": "from-the-client"}
    transcription = client.audio.transcriptions.create(model="whisper-1", file=fox, extra_headers=given)
    assert transcription._request_id == "from-the-client"
    assert client.audio.speech.create(model="tts-1", voice="nova", input="Hi.").response.headers[HEADER]


def test_websockets(frontend_url: str) -> None:
    url = frontend_url.replace("http", "ws")
    with connect(f"{url}/api/v1/stream-transcribe", additional_headers={HEADER: "mine"}) as websocket:
        assert websocket.response is not None and websocket.response.headers[HEADER] == "mine"
    with pytest.raises(InvalidStatus) as caught, connect(f"{url}/nothing", additional_headers={HEADER: "mine"}):
        pass
    assert caught.value.response.headers[HEADER] == "mine"


def test_it_is_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    with TestClient(create_app(Settings(triton_url="127.0.0.1:1"))) as client:
        client.get("/v1/models", headers={HEADER: "mine"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["request_id"] for line in lines if line["event"] == "request"] == ["mine"]


def test_triton_gets_it(frontend_url: str, fox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids: set[str] = set()
    original = InferenceServerClient.stream_infer

    def stream_infer(self: Any, inputs_iterator: Any, **options: Any) -> Any:
        async def watched() -> Any:
            async for request in inputs_iterator:
                ids.add(request["request_id"])
                yield request

        return original(self, watched(), **options)

    monkeypatch.setattr(InferenceServerClient, "stream_infer", stream_infer)
    files = {"file": fox.read_bytes()}
    httpx2.post(f"{frontend_url}/v1/audio/transcriptions", files=files, headers={HEADER: "mine"}, timeout=60)
    assert "mine" in ids
