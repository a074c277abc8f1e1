"""Headers for browsers."""

from __future__ import annotations

import httpx2
import pytest

from frontend.openapi.pages import POLICY
from frontend.security_headers import HEADERS


@pytest.mark.parametrize("path", ["/v1/models", "/v1/nothing", "/health", "/openapi.json"])
def test_every_answer_has_them(frontend_url: str, path: str) -> None:
    answer = httpx2.get(frontend_url + path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "server" not in answer.headers


def test_the_page_has_its_own_policy(frontend_url: str) -> None:
    assert httpx2.get(f"{frontend_url}/docs").headers["content-security-policy"] == POLICY
