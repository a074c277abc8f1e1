"""Real answers have the fields that the OpenAPI document says, and no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import TypeAdapter
from starlette.routing import Route

from frontend.app import FAMILIES
from frontend.endpoint import Endpoint
from frontend.openapi.operation import operation_of

ROUTES = [route for family in FAMILIES for route in family.routes if isinstance(route, Route)]
JSON_ANSWERS: list[tuple[str, dict[str, Any] | None]] = [
    ("/health", None),
    ("/v1/models", None),
    ("/v1/models/whisper-1", None),
    ("/v1/voices", None),
    ("/v1/audio/voices", None),
    ("/v1/audio/models", None),
    ("/v1/audio/speech/captions", {"input": "One two."}),
    ("/api/tts", {"text": "One two."}),
]


@pytest.mark.parametrize(("path", "body"), JSON_ANSWERS)
def test_answers_are_those_of_their_models(frontend_url: str, path: str, body: dict[str, Any] | None) -> None:
    url = frontend_url + path
    answer = httpx2.get(url) if body is None else httpx2.post(url, json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    check(path, answer.json())


@pytest.mark.parametrize(
    ("path", "field", "data"),
    [
        ("/v1/audio/transcriptions", "file", {}),
        ("/v1/audio/transcriptions", "file", {"response_format": "verbose_json", "timestamp_granularities[]": "word"}),
        ("/v1/audio/translations", "file", {"response_format": "verbose_json"}),
        ("/api/v1/transcribe", "file", {}),
        ("/api/v1/speech-to-speech", "file", {"response_format": "json"}),
        ("/api/stt", "audio", {}),
    ],
)
def test_answers_to_files_are_those_of_their_models(
    frontend_url: str, fox: Path, path: str, field: str, data: dict[str, str]
) -> None:
    answer = httpx2.post(frontend_url + path, files={field: fox.read_bytes()}, data=data, timeout=60)
    assert answer.status_code == 200, answer.text
    check(path, answer.json())


@pytest.mark.parametrize("path", ["/v1/audio/speech", "/v1/audio/speech/captions"])
def test_events_are_those_of_their_models(frontend_url: str, path: str) -> None:
    body = {"input": "One two.", "stream_format": "sse"}
    events = httpx2.post(frontend_url + path, json=body, timeout=60).text.split("\n\n")[:-1]
    assert len(events) >= 2
    for event in events:
        check(path, json.loads(event.removeprefix("data: ")), "text/event-stream")


def test_events_of_a_transcription(frontend_url: str, fox: Path) -> None:
    path = "/v1/audio/transcriptions"
    form: Any = {"files": {"file": fox.read_bytes()}, "data": {"stream": "true"}}
    events = httpx2.post(frontend_url + path, **form, timeout=60).text.split("\n\n")[:-1]
    assert len(events) >= 2
    for event in events:
        check(path, json.loads(event.removeprefix("data: ")), "text/event-stream")


def check(path: str, value: dict[str, Any], media_type: str = "application/json") -> None:
    """`value` has just the fields of a model of the route's answers."""
    endpoint = next(route.endpoint for route in ROUTES if route.path_regex.match(path))
    operation = operation_of(endpoint.handle if isinstance(endpoint, Endpoint) else endpoint)
    model = next(answer.model for answer in operation.answers if answer.media_type == media_type)
    assert TypeAdapter(model).validate_python(value).model_dump(mode="json", exclude_unset=True) == value
