"""The OpenAPI document: it is valid, complete, and true."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
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
        assert DOCUMENT["paths"][route.path_format].keys() == methods, route.path
    assert DOCUMENT["paths"].keys() == {route.path_format for route in DOCUMENTED}
    assert [socket["path"] for socket in DOCUMENT["x-websockets"]] == [route.path for route in SOCKETS]


def test_only_assets_are_left_out() -> None:
    assert [route.path for route in ROUTES if not route.include_in_schema] == ["/docs/start.js", "/docs/{name}"]


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len({*names}) == len(names)
    assert "post_v1_audio_speech" in names


@pytest.mark.parametrize("route", DOCUMENTED, ids=lambda route: route.path)
def test_every_operation_says_what_it_takes_and_gives(route: Route) -> None:
    for operation in DOCUMENT["paths"][route.path_format].values():
        assert operation["summary"] and operation["tags"]
        assert operation["responses"]["200"]["content"]
        assert ("requestBody" in operation) == isinstance(route.endpoint, Endpoint)


def test_every_field_of_a_request_is_described() -> None:
    kinds: list[type[Schema]] = [route.endpoint.schema for route in ROUTES if isinstance(route.endpoint, Endpoint)]
    for kind in [*kinds, *(opening(route).schema for route in SOCKETS)]:
        properties = DOCUMENT["components"]["schemas"][kind.__name__]["properties"]
        assert properties.keys() == kind.model_fields.keys()
        assert [name for name, field in properties.items() if not field.get("description")] == [], kind


def test_parameters_of_a_query_are_described() -> None:
    (legacy,) = DOCUMENT["paths"]["/v1/audio/voices"]["get"]["parameters"]
    assert (legacy["name"], legacy["in"], legacy["schema"]["type"]) == ("legacy", "query", "boolean")
    assert legacy["description"]


def test_every_error_with_a_body_is_described() -> None:
    statuses = {str(kind.status) for kind in KINDS.values()} | {"500"}
    for route in DOCUMENTED:
        if isinstance(route.endpoint, Endpoint):
            assert statuses <= DOCUMENT["paths"][route.path_format]["post"]["responses"].keys()


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
