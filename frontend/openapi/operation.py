"""The parts of a handler's description that its code does not show: answers, and the API documents' examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from frontend.requests.body import JSON_TYPE
from frontend.requests.schema import Schema
from frontend.streams import EVENT_STREAM
from speech.sound.encoder import FORMATS

H = TypeVar("H", bound=Callable[..., Any])


@dataclass(frozen=True)
class Answer:
    """One kind of answer: its media type, the type of its JSON (or of each of its events), and an example."""

    media_type: str
    model: Any = None
    example: Any = None
    status: int = 200


def json_answer(model: Any, example: Any = None, status: int = 200) -> Answer:
    return Answer(JSON_TYPE, model, example, status)


def event_answer(model: Any) -> Answer:
    """Server-sent events, each of them of this model."""
    return Answer(EVENT_STREAM, model)


AUDIO = tuple(Answer(media_type) for media_type in sorted({one.content_type for one in FORMATS.values()}))
"""Audio in any of the formats."""


@dataclass(frozen=True)
class Operation:
    """A handler's answers, the statuses of its errors (besides BODY_ERRORS), example requests by title, and the Schema
    of its query, if it has one."""

    answers: tuple[Answer, ...]
    errors: tuple[int, ...] = (500, 503)
    examples: Mapping[str, Any] = field(default_factory=dict)
    query: type[Schema] | None = None


@dataclass(frozen=True)
class Opening:
    """How a WebSocket is opened: the Schema of its query or of its first message, and examples by title."""

    schema: type[Schema]
    part: Literal["query", "first message"]
    examples: Mapping[str, Any] = field(default_factory=dict)


def documented(
    *answers: Answer,
    errors: tuple[int, ...] = Operation.errors,
    examples: Mapping[str, Any] | None = None,
    query: type[Schema] | None = None,
) -> Callable[[H], H]:
    """Decorates the handler of a route. Its docstring is the description."""
    return _attach(Operation(answers, errors, examples or {}, query))


def documented_socket(
    schema: type[Schema], part: Literal["query", "first message"], examples: Mapping[str, Any] | None = None
) -> Callable[[H], H]:
    """Decorates the handler of a WebSocket. Its docstring is the description."""
    return _attach(Opening(schema, part, examples or {}))


def operation_of(handle: Callable[..., Any]) -> Operation:
    operation = getattr(handle, _ATTRIBUTE)
    assert isinstance(operation, Operation), f"{handle} is not the handler of a route"
    return operation


def opening_of(handle: Callable[..., Any]) -> Opening:
    opening = getattr(handle, _ATTRIBUTE)
    assert isinstance(opening, Opening), f"{handle} is not the handler of a WebSocket"
    return opening


def _attach(value: Operation | Opening) -> Callable[[H], H]:
    def attach(handle: H) -> H:
        setattr(handle, _ATTRIBUTE, value)
        return handle

    return attach


_ATTRIBUTE = "openapi"
