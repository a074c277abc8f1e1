"""Rate limits: counting, headers, and the answer above a limit."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import openai
import pytest
from limits import parse_many
from pydantic import SecretStr
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from frontend.limits import RateLimits
from speech.errors import RateLimited
from tests.conftest import Serve

LIMITS = parse_many("3/hour,50/day")
LISTEN = "/api/v1/stream-transcribe"


async def test_each_client_has_its_own_count() -> None:
    limits = RateLimits(LIMITS)
    left = [(await limits.hit("a")).remaining for _ in range(3)]  # type: ignore[union-attr]
    assert left == [2, 1, 0]
    with pytest.raises(RateLimited) as caught:
        await limits.hit("a")
    assert 3500 < caught.value.retry_after_s <= 3600
    assert await limits.hit("b")


async def test_the_nearest_limit_is_told() -> None:
    usage = await RateLimits(parse_many("100/minute,4/hour")).hit("a")
    assert usage is not None
    assert (usage.limit, usage.remaining) == (4, 3)
    assert 3500 < usage.reset_s <= 3600


async def test_what_is_refused_is_not_counted() -> None:
    limits = RateLimits(parse_many("1/second,2/hour"))
    await limits.hit("a")
    for _ in range(5):
        with pytest.raises(RateLimited) as caught:
            await limits.hit("a")
    assert caught.value.retry_after_s == 1


async def test_without_limits() -> None:
    assert await RateLimits(()).hit("a") is None


async def test_without_redis_each_process_counts_alone() -> None:
    limits = RateLimits(LIMITS, SecretStr("redis://127.0.0.1:1/0"))
    for _ in range(3):
        await limits.hit("a")
    with pytest.raises(RateLimited):
        await limits.hit("a")


@pytest.fixture
def limited(serve: Serve, triton: str) -> Iterator[str]:
    """A frontend that takes three requests an hour."""
    with serve(triton_url=triton, rate_limits=LIMITS, trusted_proxies=("127.0.0.0/8",)) as url:
        yield url


def test_answers(limited: str) -> None:
    answers = [httpx2.get(f"{limited}/v1/models") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers.get("x-ratelimit-remaining") for answer in answers[:3]] == ["2", "1", "0"]
    assert answers[0].headers["x-ratelimit-limit"] == "3"
    refused = answers[3]
    error = refused.json()["error"]
    assert (error["code"], error["type"]) == ("rate_limit_exceeded", "requests")
    other = httpx2.post(f"{limited}/api/tts/", json={"text": "Hello"})
    assert other.json()["error"]["code"] == "RATE_LIMIT"
    assert other.json()["error"]["details"] == {"retry_after": int(other.headers["retry-after"])}
    assert 3500 < int(other.headers["retry-after"]) <= 3600
    with (
        openai.OpenAI(base_url=f"{limited}/v1", api_key="none", max_retries=0) as client,
        pytest.raises(openai.RateLimitError),
    ):
        client.models.list()
    assert httpx2.get(f"{limited}/health").status_code == 200
    with pytest.raises(InvalidStatus) as caught, connect(limited.replace("http", "ws") + LISTEN):
        pass
    assert caught.value.response.status_code == 429
    assert json.loads(caught.value.response.body or b"")["error"]["code"] == "RATE_LIMIT"
    behind_the_proxy = httpx2.get(f"{limited}/v1/models", headers={"x-forwarded-for": "203.0.113.7"})
    assert behind_the_proxy.headers["x-ratelimit-remaining"] == "2"


def test_a_websocket_counts_when_it_opens(limited: str) -> None:
    with connect(limited.replace("http", "ws") + LISTEN) as websocket:
        assert websocket.response is not None
        assert websocket.response.headers["x-ratelimit-remaining"] == "2"


def test_only_a_trusted_proxy_tells_the_address(serve: Serve, triton: str) -> None:
    with serve(triton_url=triton, rate_limits=LIMITS) as url:
        answers = [httpx2.get(f"{url}/v1/models", headers={"x-forwarded-for": f"203.0.113.{i}"}) for i in range(4)]
    assert answers[3].status_code == 429


def test_each_key_has_its_own_count(serve: Serve, triton: str) -> None:
    with serve(triton_url=triton, rate_limits=LIMITS, api_key=(SecretStr("a:1"), SecretStr("b:2"))) as url:
        for key in ("1", "2"):
            answer = httpx2.get(f"{url}/v1/models", headers={"authorization": f"Bearer {key}"})
            assert answer.headers["x-ratelimit-remaining"] == "2"
        refused = [httpx2.get(f"{url}/v1/models").status_code for _ in range(5)]
        assert refused == [401] * 5
