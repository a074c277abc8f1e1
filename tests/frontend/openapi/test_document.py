"""The OpenAPI document: it is valid, complete, and true."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import TypeAdapter
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from frontend.app import FAMILIES, create_app
from frontend.endpoint import Endpoint
from frontend.envelopes import ErrorEnvelope, OpenAIErrorEnvelope
from frontend.errors import KINDS
from frontend.live.sockets import SocketEndpoint
from frontend.openapi.document import build_document
from frontend.openapi.operation import Opening, Operation, opening_of, operation_of
from frontend.requests.schema import Schema
from frontend.requests.upload import Upload
from frontend.settings import Settings

DOCUMENT = build_document(FAMILIES)
ROUTES = [route for family in FAMILIES for route in family.routes if isinstance(route, Route)]
DOCUMENTED = [route for route in ROUTES if route.include_in_schema]
SOCKETS = [route for family in FAMILIES for route in family.routes if isinstance(route, WebSocketRoute)]
API_DOCUMENTS = Path(__file__).parents[4] / "shared" / "api"


@pytest.fixture(scope="module")
def alone() -> Iterator[TestClient]:
    """A frontend without Triton, which takes files of at most 1,000 bytes."""
    with TestClient(create_app(Settings(triton_url="127.0.0.1:1", max_file_size=1000))) as client:
        yield client


def about(route: Route) -> Operation:
    return operation_of(route.endpoint.handle if isinstance(route.endpoint, Endpoint) else route.endpoint)


def opening(route: WebSocketRoute) -> Opening:
    assert isinstance(route.endpoint, SocketEndpoint)
    return opening_of(route.endpoint.handle)


def test_it_is_valid() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_it_is_served(alone: TestClient) -> None:
    assert alone.get("/openapi.json").json() == json.loads(json.dumps(DOCUMENT))


def test_every_route_is_in_it() -> None:
    assert all(isinstance(route, Route | WebSocketRoute) for family in FAMILIES for route in family.routes)
    for route in DOCUMENTED:
        methods = {method.lower() for method in (route.methods or set()) - {"HEAD"}}
        assert DOCUMENT["paths"][route.path].keys() == methods, route.path
    assert DOCUMENT["paths"].keys() == {route.path for route in DOCUMENTED}
    assert [socket["path"] for socket in DOCUMENT["x-websockets"]] == [route.path for route in SOCKETS]


def test_only_assets_are_left_out() -> None:
    assert [route.path for route in ROUTES if not route.include_in_schema] == ["/docs/start.js", "/docs/{name}"]


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len({*names}) == len(names)
    assert "post_v1_audio_speech" in names


@pytest.mark.parametrize("route", DOCUMENTED, ids=lambda route: route.path)
def test_every_operation_says_what_it_takes_and_gives(route: Route) -> None:
    for operation in DOCUMENT["paths"][route.path].values():
        assert operation["summary"] and operation["tags"]
        assert operation["responses"]["200"]["content"]
        assert ("requestBody" in operation) == isinstance(route.endpoint, Endpoint)


def test_every_field_of_a_request_is_described() -> None:
    kinds: list[type[Schema]] = [route.endpoint.schema for route in ROUTES if isinstance(route.endpoint, Endpoint)]
    for kind in [*kinds, *(opening(route).schema for route in SOCKETS)]:
        properties = DOCUMENT["components"]["schemas"][kind.__name__]["properties"]
        assert properties.keys() == kind.model_fields.keys()
        assert [name for name, field in properties.items() if not field.get("description")] == [], kind


def test_every_error_with_a_body_is_described() -> None:
    statuses = {str(kind.status) for kind in KINDS.values()} | {"500"}
    for route in DOCUMENTED:
        if isinstance(route.endpoint, Endpoint):
            assert statuses <= DOCUMENT["paths"][route.path]["post"]["responses"].keys()


def with_file(schema: type[Schema], example: dict[str, Any]) -> dict[str, Any]:
    """The example with a file where it names one."""
    files = [name for name, field in schema.model_fields.items() if field.annotation is Upload]
    return {**example, **{name: Upload(name, example[name], 4, io.BytesIO(b"RIFF")) for name in files}}


def test_example_requests_are_accepted() -> None:
    count = 0
    for route in DOCUMENTED:
        for example in about(route).examples.values():
            assert isinstance(route.endpoint, Endpoint)
            schema = route.endpoint.schema
            request = schema.read(with_file(schema, example))
            assert request.model_fields_set == example.keys()
            count += 1
    for socket in SOCKETS:
        for example in opening(socket).examples.values():
            assert opening(socket).schema.read(example).model_fields_set == example.keys()
            count += 1
    assert count >= 9


def test_example_answers_are_those_of_their_models() -> None:
    examples = [(one.model, one.example) for route in DOCUMENTED for one in about(route).answers if one.example]
    assert len(examples) >= 5
    for model, example in examples:
        assert model.model_validate(example).model_dump(exclude_unset=True) == example
    for envelope in (example["error"] for example in DOCUMENT["components"]["schemas"]["ErrorEnvelope"]["examples"]):
        assert ErrorEnvelope.model_validate({"error": envelope})


@pytest.mark.skipif(not API_DOCUMENTS.is_dir(), reason="needs the API documents, which are not on this machine")
def test_example_bodies_stand_in_the_documents() -> None:
    """JSON word by word; of curl's commands, each field."""
    for route in DOCUMENTED:
        for title, example in about(route).examples.items():
            text = (API_DOCUMENTS / title.partition(",")[0]).read_text()
            for name, value in example.items():
                shown = json.dumps(value)
                forms = (f'"{name}": {shown}', f'"{name}={value}"', f"{name}={value}", f'"{name}": {value!s}')
                assert any(form in text for form in forms), f"{title} does not say {name}={value}"


ERRORS = [
    ("GET", "/v1/nothing", {}, 404),
    ("GET", "/v1/audio/speech", {}, 405),
    ("GET", "/v1/models", {}, 503),
    ("POST", "/v1/audio/speech", {"content": b"{}"}, 400),
    ("POST", "/v1/audio/speech", {"content": b'{"input": "' + b"a" * 300_000}, 413),
    ("POST", "/v1/audio/transcriptions", {"files": {"file": bytes(2000)}}, 413),
    ("POST", "/api/v1/transcribe", {"content": b"x"}, 400),
    ("POST", "/api/v1/text-to-speech", {"data": {"speed": "5"}}, 400),
    ("POST", "/api/v1/nothing", {}, 404),
    ("GET", "/api/v1/transcribe", {}, 405),
    ("POST", "/api/stt", {"files": {"file": b"x"}}, 400),
    ("POST", "/api/tts/", {"json": {"text": "Hello"}}, 503),
    ("GET", "/api/tts/nothing", {}, 404),
    ("GET", "/nothing", {}, 404),
    ("POST", "/openapi.json", {}, 405),
]


@pytest.mark.parametrize(("method", "path", "content", "status"), ERRORS)
def test_errors_are_in_the_envelope_of_their_family(
    alone: TestClient, method: str, path: str, content: dict[str, Any], status: int
) -> None:
    answer = alone.request(method, path, **content)
    assert answer.status_code == status, answer.text
    envelope = OpenAIErrorEnvelope if path.startswith("/v1/") else ErrorEnvelope
    assert envelope.model_validate(answer.json()).model_dump() == answer.json()
    documented = DOCUMENT["paths"].get(path, {}).get(method.lower())
    if documented:
        assert documented["responses"][str(status)]["$ref"].endswith(f"/{envelope.__name__}{status}")


def test_health_without_triton(alone: TestClient) -> None:
    answer = alone.get("/health")
    (model,) = {one.model for one in operation_of(next(r for r in ROUTES if r.path == "/health").endpoint).answers}
    assert answer.status_code == 503
    assert model.model_validate(answer.json()).model_dump() == answer.json()


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
    route = next(route for route in DOCUMENTED if route.path_regex.match(path))
    adapters = [TypeAdapter(one.model) for one in about(route).answers if one.media_type == media_type]
    fitting = [adapter.validate_python(value) for adapter in adapters]
    assert fitting[0].model_dump(mode="json", exclude_unset=True) == value
