"""The page that shows the OpenAPI document loads nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from frontend.app import create_app
from frontend.openapi.pages import ASSETS
from frontend.settings import Settings


@pytest.fixture(scope="module")
def alone() -> Iterator[TestClient]:
    """A frontend without Triton."""
    with TestClient(create_app(Settings(triton_url="127.0.0.1:1"))) as client:
        yield client


def test_everything_that_the_page_loads_is_served(alone: TestClient) -> None:
    page = alone.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {*loaded} == {"docs/start.js", *(f"docs/{name}" for name in ASSETS)}
    kinds = {"js": "javascript", "css": "text/css", "png": "image/png"}
    for path in loaded:
        answer = alone.get(f"/{path}")
        assert answer.status_code == 200 and answer.content
        assert kinds[path.rpartition(".")[2]] in answer.headers["content-type"]


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", "/docs/swagger-ui.css"])
def test_no_other_host_is_named(alone: TestClient, path: str) -> None:
    """But for the namespace of SVG, which nobody loads. The bundle of scripts names hosts; its policy bars them."""
    text = alone.get(path).text.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "")
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]+[^\s\"')]*", re.sub(r"/\*.*?\*/", "", text, flags=re.S)) == []


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", "/docs/swagger-ui-bundle.js"])
def test_the_policy_admits_our_host_only(alone: TestClient, path: str) -> None:
    policy = dict(part.strip().split(" ", 1) for part in alone.get(path).headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert {*" ".join(policy.values()).split()} <= {"'self'", "'none'", "data:"}
    assert "data:" not in policy.get("script-src", "")


def test_no_other_file_is_served(alone: TestClient) -> None:
    for name in ("index.css", "LICENSE", "..%2f..%2f__init__.py", "%2e%2e/__init__.py", "nothing"):
        assert alone.get(f"/docs/{name}").status_code == 404


def test_head(alone: TestClient) -> None:
    assert alone.head("/docs").status_code == alone.head("/openapi.json").status_code == 200
