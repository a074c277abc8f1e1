"""The OpenAPI document of all API families."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.routing import Route, WebSocketRoute

from frontend.endpoint import Endpoint
from frontend.envelopes import Envelope
from frontend.errors import CLIENT_CLOSED_REQUEST, RETRY_AFTER_S
from frontend.family import Family
from frontend.live.sockets import SocketEndpoint
from frontend.openapi.operation import Answer, opening_of, operation_of
from frontend.openapi.schemas import Schemas
from frontend.requests.body import CONTENT_TYPES, JSON_TYPE
from frontend.requests.encoded_audio import EXAMPLE
from frontend.requests.schema import Schema
from frontend.requests.upload import INPUT_AUDIO
from frontend.streams import EVENT_STREAM
from frontend.version import server_version

BODY_ERRORS = (400, 404, 413, CLIENT_CLOSED_REQUEST, 500, 503, 504)
"""Statuses of the errors that any request with a body can get."""
GATE_ERRORS = (401, 429)
"""Statuses of the errors that any request to an API family can get."""
_DESCRIPTION = """Speech in, text out; text in, speech out. Each tag is an API family with a shape of errors of its own,
which unknown paths (404) and methods (405) below its prefix get too.

Fields that are not listed are ignored. Fields that are listed but have no effect in a request are named in the header
x-tritone-unused-parameters of its answer. Null and the empty string count as not given."""
_KEYS = "A key of the setting API_KEY. Without that setting no key is needed"
_TEXT: Mapping[str, Any] = {"type": "string"}
_BINARY: Mapping[str, Any] = {"type": "string", "format": "binary"}

_ENCODED_UPLOAD: dict[str, Any] = {
    "schema": {
        "type": "object",
        "description": "The fields of the form, with the file in base64 in `input_audio`",
        "properties": {
            INPUT_AUDIO: {
                "type": "object",
                "properties": {"data": {"type": "string", "contentEncoding": "base64"}, "format": _TEXT},
                "required": ["data"],
            }
        },
        "required": [INPUT_AUDIO],
    },
    "example": json.loads(EXAMPLE),
}


def build_document(families: Sequence[Family]) -> dict[str, Any]:
    """All routes of the families, as an OpenAPI 3.1 document. WebSockets, which OpenAPI cannot describe, are listed
    under `x-websockets`."""
    builder = _Builder()
    for family in families:
        for route in family.routes:
            if isinstance(route, WebSocketRoute):
                builder.add_socket(family, route)
            elif isinstance(route, Route) and route.include_in_schema:
                builder.add_route(family, route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tritone", "version": server_version(), "description": _DESCRIPTION},
        "tags": [{"name": family.title} for family in families],
        "paths": builder.paths,
        "security": [{"bearer": []}, {}],
        "components": {
            "schemas": builder.schemas.definitions,
            "responses": builder.errors,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": _KEYS}},
        },
        "x-websockets": builder.sockets,
    }


class _Builder:
    def __init__(self) -> None:
        self.schemas = Schemas()
        self.paths: dict[str, Any] = {}
        self.errors: dict[str, Any] = {}
        self.sockets: list[dict[str, Any]] = []

    def add_route(self, family: Family, route: Route) -> None:
        endpoint = route.endpoint
        handle = endpoint.handle if isinstance(endpoint, Endpoint) else endpoint
        about = operation_of(handle)
        statuses = about.errors
        described: dict[str, Any] = {"tags": [family.title], **_texts(handle)}
        parameters = [*map(_path_parameter, route.param_convertors), *_query_parameters(about.query)]
        if parameters:
            described["parameters"] = parameters
        if isinstance(endpoint, Endpoint):
            statuses = BODY_ERRORS
            described["requestBody"] = self._body(endpoint.schema, about.examples)
        described["responses"] = self._answers(about.answers)
        for status in (*statuses, *(() if family.is_open else GATE_ERRORS)):
            described["responses"].setdefault(str(status), self._error(family.envelope, status))
        methods = sorted((route.methods or set()) - {"HEAD"})
        self.paths[route.path_format] = {
            method.lower(): {"operationId": _operation_id(method, route.path_format), **described} for method in methods
        }

    def add_socket(self, family: Family, route: WebSocketRoute) -> None:
        assert isinstance(route.endpoint, SocketEndpoint)
        handle = route.endpoint.handle
        opening = opening_of(handle)
        described = {"path": route.path, "tags": [family.title], **_texts(handle), "part": opening.part}
        self.sockets.append({**described, **self._content(opening.schema, opening.examples)})

    def _body(self, schema: type[Schema], examples: Mapping[str, Any]) -> dict[str, Any]:
        content = self._content(schema, examples)
        bodies = dict.fromkeys(CONTENT_TYPES[schema.body], content)
        if schema.body == "upload":
            bodies[JSON_TYPE] = _ENCODED_UPLOAD
        return {"required": True, "content": bodies}

    def _content(self, schema: type[Schema], examples: Mapping[str, Any]) -> dict[str, Any]:
        content: dict[str, Any] = {"schema": self.schemas.of(schema)}
        if examples:
            content["examples"] = {title: {"value": example} for title, example in examples.items()}
        return content

    def _answers(self, answers: Sequence[Answer]) -> dict[str, Any]:
        responses: dict[str, Any] = {}
        for answer in answers:
            response = responses.setdefault(str(answer.status), {"description": _phrase(answer.status), "content": {}})
            response["content"][answer.media_type] = self._answer(answer)
        return responses

    def _answer(self, answer: Answer) -> dict[str, Any]:
        if answer.media_type == EVENT_STREAM:
            return {"schema": _TEXT, "x-events": self.schemas.of(answer.model)}
        if answer.model is None:
            return {"schema": _TEXT if answer.media_type.startswith("text/") else _BINARY}
        content = {"schema": self.schemas.of(answer.model)}
        return content if answer.example is None else {**content, "example": answer.example}

    def _error(self, envelope: type[Envelope], status: int) -> dict[str, Any]:
        name = f"{envelope.__name__}{status}"
        response = {"description": _phrase(status), "content": {JSON_TYPE: {"schema": self.schemas.of(envelope)}}}
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            response["headers"] = {"Retry-After": {"schema": {"type": "integer", "example": RETRY_AFTER_S}}}
        self.errors[name] = response
        return {"$ref": f"#/components/responses/{name}"}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}


def _query_parameters(query: type[Schema] | None) -> list[dict[str, Any]]:
    fields = query.model_json_schema()["properties"] if query else {}
    return [
        {"name": name, "in": "query", "description": field.pop("description"), "schema": field}
        for name, field in fields.items()
    ]


def _texts(handle: Callable[..., Any]) -> dict[str, str]:
    summary, _, description = (inspect.getdoc(handle) or "").partition("\n\n")
    texts = {"summary": " ".join(summary.split())}
    return {**texts, "description": description} if description else texts


def _operation_id(method: str, path: str) -> str:
    """A name for generated clients, as in post_v1_audio_speech. `/api/stt/` and `/api/stt` need two."""
    words = path.replace("{", "").replace("}", "").replace(".", "_").replace("/", "_")
    return method.lower() + words


def _phrase(status: int) -> str:
    return "Client Closed Request" if status == CLIENT_CLOSED_REQUEST else HTTPStatus(status).phrase
