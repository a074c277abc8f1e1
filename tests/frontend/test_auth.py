"""API keys: how they are given, how they are sent, and what the server does without them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import pytest
from pydantic import SecretStr
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from frontend.auth import ApiKeys, client_of, subprotocol_of
from frontend.settings import Settings
from speech.errors import Unauthorized
from tests.conftest import Serve

HASH = hashlib.sha256(b"carol's key").hexdigest()
KEYS = ("plain", "bob:bob's key", f"carol:sha256:{HASH}")


def keys(*entries: str) -> ApiKeys:
    return ApiKeys([SecretStr(entry) for entry in entries])


def scope(**headers: str) -> dict[str, Any]:
    return {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}


@pytest.mark.parametrize(
    ("key", "name"),
    [("plain", f"key-{hashlib.sha256(b'plain').hexdigest()[:8]}"), ("bob's key", "bob"), ("carol's key", "carol")],
)
@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_key_has_a_name(key: str, name: str, scheme: str) -> None:
    request = scope(authorization=f"{scheme} {key}")
    keys(*KEYS).check(request)
    assert client_of(request) == name


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer"}, {"authorization": "Basic plain"}, {"authorization": "plain"}]
)
def test_no_key(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthorized, match="Authorization: Bearer"):
        keys(*KEYS).check(scope(**headers))


@pytest.mark.parametrize("key", ["other", "Plain", "bob", "bob:bob's key", HASH, f"sha256:{HASH}", "plain x", "ключ"])
def test_wrong_key(key: str) -> None:
    with pytest.raises(Unauthorized, match="not known"):
        keys(*KEYS).check({"type": "http", "headers": [(b"authorization", f"Bearer {key}".encode())]})


def test_without_keys_everybody_is_one_client() -> None:
    request = scope()
    keys().check(request)
    assert client_of(request) == ""


@pytest.mark.parametrize("entries", [("a:",), (":a",), ("a:b", "a:c"), ("same", "same")])
def test_what_is_no_list_of_keys(entries: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"empty|twice"):
        keys(*entries)


@pytest.mark.parametrize(
    ("offered", "accepted"),
    [
        ([], None),
        (["realtime", "openai-insecure-api-key.plain", "openai-beta.realtime-v1"], "realtime"),
        (["openai-insecure-api-key.plain", "realtime"], "realtime"),
        (["openai-insecure-api-key.plain"], "openai-insecure-api-key.plain"),
    ],
)
def test_subprotocol(offered: list[str], accepted: str | None) -> None:
    assert subprotocol_of({"subprotocols": offered}) == accepted


@pytest.mark.parametrize(
    ("host", "settings", "address"),
    [
        ("0.0.0.0", {}, "127.0.0.1"),
        ("192.0.2.1", {}, "127.0.0.1"),
        ("::", {}, "::1"),
        ("127.0.0.2", {}, "127.0.0.2"),
        ("localhost", {}, "localhost"),
        ("0.0.0.0", {"api_key": (SecretStr("key"),)}, "0.0.0.0"),
        ("0.0.0.0", {"allow_anonymous": True}, "0.0.0.0"),
    ],
)
def test_without_keys_only_this_machine_can_connect(host: str, settings: dict[str, Any], address: str) -> None:
    assert Settings(host=host, **settings).listen_host == address


@pytest.fixture(scope="module")
def guarded(serve: Serve, triton: str) -> Iterator[str]:
    """A frontend with keys."""
    with serve(triton_url=triton, api_key=tuple(map(SecretStr, KEYS))) as url:
        yield url


@pytest.mark.parametrize("path", ["/v1/models", "/v1/nothing", "/audio/speech", "/openai/v1/models"])
def test_openai_envelope(guarded: str, path: str) -> None:
    answer = httpx2.get(guarded + path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    error = answer.json()["error"]
    assert (error["code"], error["type"], error["param"]) == ("invalid_api_key", "invalid_request_error", None)


@pytest.mark.parametrize("path", ["/api/v1/transcribe", "/api/stt/"])
def test_other_envelope(guarded: str, path: str) -> None:
    answer = httpx2.post(guarded + path, files={"file": b"RIFF"}, headers={"authorization": "Bearer wrong"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert (answer.json()["error"]["code"], answer.json()["error"]["details"]) == ("AUTH_ERROR", {})


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json"])
def test_open(guarded: str, path: str) -> None:
    assert httpx2.get(guarded + path).status_code == 200


def test_openai_sdk(guarded: str) -> None:
    with openai.OpenAI(base_url=f"{guarded}/v1", api_key="wrong", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            client.models.list()
        assert caught.value.code == "invalid_api_key"
        assert client.with_options(api_key="bob's key").models.list().data


LISTEN = "/api/v1/stream-transcribe?format=json"


@pytest.mark.parametrize(
    "options",
    [
        {"additional_headers": {"authorization": "Bearer plain"}},
        {"subprotocols": ["realtime", "openai-insecure-api-key.plain"]},
        {"query": "&api_key=plain"},
    ],
)
def test_websocket(guarded: str, options: dict[str, Any]) -> None:
    url = guarded.replace("http", "ws") + LISTEN + options.pop("query", "")
    with connect(url, **options) as websocket:
        websocket.send(b"")
        assert websocket.subprotocol == ("realtime" if "subprotocols" in options else None)


@pytest.mark.parametrize("query", ["", "&api_key=wrong"])
def test_websocket_without_the_key(guarded: str, query: str) -> None:
    with pytest.raises(InvalidStatus) as caught, connect(guarded.replace("http", "ws") + LISTEN + query):
        pass
    assert caught.value.response.status_code == 401
    assert json.loads(caught.value.response.body or b"")["error"]["code"] == "AUTH_ERROR"
