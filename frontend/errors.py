"""All errors that a client can see: a domain error becomes a status, and a body in the envelope of the API family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from frontend.envelopes import Envelope, ErrorEnvelope, Problem
from speech import errors
from speech.errors import RateLimited, SpeechError, Unauthorized

RETRY_AFTER_S = 5
CLIENT_CLOSED_REQUEST = 499
"""The client has closed the connection (nginx's code). Nobody gets this answer; the status is for the access log."""
ENVELOPE = "tritone.envelope"
"""Key in an ASGI scope: the envelope of the API family that the request belongs to (set by family.py)."""
_INTERNAL_MESSAGE = "the server failed; its log has the details"

log = structlog.get_logger()


@dataclass(frozen=True)
class Kind:
    """The HTTP status of an error, and its type in OpenAI's envelope."""

    status: int
    type: str = "invalid_request_error"
    openai_code: str = ""
    """OpenAI's code for it, if that is another one than ours."""


KINDS: dict[type[SpeechError], Kind] = {
    errors.BadParameter: Kind(400),
    errors.BadAudio: Kind(400),
    errors.Unauthorized: Kind(401, openai_code="invalid_api_key"),
    errors.UnknownModel: Kind(404),
    errors.TooLong: Kind(413),
    errors.FileTooLarge: Kind(413),
    errors.RateLimited: Kind(429, "requests", "rate_limit_exceeded"),
    errors.Cancelled: Kind(CLIENT_CLOSED_REQUEST, "cancelled"),
    errors.NotReady: Kind(503, "service_unavailable"),
    errors.EngineUnusable: Kind(503, "service_unavailable"),
    errors.Overloaded: Kind(503, "service_unavailable"),
    errors.DeadlineExceeded: Kind(504, "timeout"),
}
_FAILURE = Kind(500, "server_error")


def kind(error: SpeechError) -> Kind:
    return KINDS.get(type(error), _FAILURE)


def render(scope: Scope, error: SpeechError) -> dict[str, Any]:
    """The body that tells the client of `scope` about the error, in the envelope of its API family."""
    about = kind(error)
    failed = about is _FAILURE
    if failed:
        log.error("failure", path=scope["path"], error=error.message)
    message = _INTERNAL_MESSAGE if failed else error.message
    details = {"retry_after": error.retry_after_s} if isinstance(error, RateLimited) else {}
    return _in_envelope(scope, Problem(error.code, about.type, message, error.param, details, about.openai_code))


def _in_envelope(scope: Scope, problem: Problem) -> dict[str, Any]:
    envelope: type[Envelope] = scope.get(ENVELOPE, ErrorEnvelope)
    return envelope.of(problem).model_dump()


async def on_speech_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, SpeechError)
    return answer(request.scope, error)


def answer(scope: Scope, error: SpeechError) -> Response:
    """The response that tells the client of `scope` about the error."""
    headers = {}
    if isinstance(error, Unauthorized):
        headers["www-authenticate"] = "Bearer"
    elif isinstance(error, RateLimited):
        headers["retry-after"] = str(error.retry_after_s)
    return _answer(kind(error).status, render(scope, error), headers)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own errors: there is no such path, or no such method."""
    assert isinstance(error, HTTPException)
    return http_error(request.scope, error.status_code, error.headers)


def http_error(scope: Scope, status: int, headers: Mapping[str, str] | None = None) -> Response:
    phrase = HTTPStatus(status).phrase.lower()
    message = f"{scope.get('method', 'WebSocket')} {scope['path']}: {phrase}"
    return _answer(status, _in_envelope(scope, Problem(phrase.replace(" ", "_"), Kind.type, message)), headers)


async def on_failure(request: Request, error: Exception) -> Response:
    """A defect of the server. Starlette raises the error again for the log; the client is told no details."""
    return _answer(
        _FAILURE.status, _in_envelope(request.scope, Problem(SpeechError.code, _FAILURE.type, _INTERNAL_MESSAGE))
    )


def _answer(status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    headers = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = str(RETRY_AFTER_S)
    return JSONResponse(body, status, headers)
