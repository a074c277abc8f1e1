"""The application as a whole: CORS, and errors that are defects of the server."""

from __future__ import annotations

import httpx2
import pytest
from starlette.testclient import TestClient

from frontend.app import create_app
from frontend.service import Service
from frontend.settings import Settings

ORIGIN = {"origin": "https://example.com"}


def test_no_cors_headers_by_default(frontend_url: str) -> None:
    assert "access-control-allow-origin" not in httpx2.get(f"{frontend_url}/health", headers=ORIGIN).headers


def test_allowed_origins() -> None:
    with TestClient(create_app(Settings(allowed_origins=("https://example.com",)))) as client:
        allowed = client.get("/v1/nothing", headers=ORIGIN)
        preflight = client.options("/v1/models", headers=ORIGIN | {"access-control-request-method": "GET"})
        other = client.get("/v1/nothing", headers={"origin": "https://example.org"})
    assert allowed.headers["access-control-allow-origin"] == "https://example.com"
    assert preflight.status_code == 200
    assert "access-control-allow-origin" not in other.headers


def test_a_defect_is_not_shown_to_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    async def models(service: Service) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Service, "models", models)
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        answer = client.get("/v1/models")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert "secret" not in answer.text
