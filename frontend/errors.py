"""Every error that a client can see: domain error -> status, then the envelope of its API family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from speech import errors
from speech.errors import SpeechError

RETRY_AFTER_S = 5
CLIENT_CLOSED_REQUEST = 499
"""Nobody reads this answer; it is for the access log (nginx's number)."""
_INTERNAL_MESSAGE = "the server failed; its log says more"

log = structlog.get_logger()


@dataclass(frozen=True)
class Kind:
    """How an error looks over HTTP; `type` is OpenAI's."""

    status: int
    type: str = "invalid_request_error"


KINDS: dict[type[SpeechError], Kind] = {
    errors.BadParameter: Kind(400),
    errors.BadAudio: Kind(400),
    errors.UnknownModel: Kind(404),
    errors.TooLong: Kind(413),
    errors.Cancelled: Kind(CLIENT_CLOSED_REQUEST, "cancelled"),
    errors.NotReady: Kind(503, "service_unavailable"),
    errors.EngineUnusable: Kind(503, "service_unavailable"),
    errors.Overloaded: Kind(503, "service_unavailable"),
    errors.DeadlineExceeded: Kind(504, "timeout"),
}
_FAILURE = Kind(500, "server_error")


def kind(error: SpeechError) -> Kind:
    return KINDS.get(type(error), _FAILURE)


def envelope(path: str, error: SpeechError) -> dict[str, Any]:
    """The body that clients of the API family at `path` expect."""
    failed = kind(error) is _FAILURE
    if failed:
        log.error("failure", path=path, error=error.message)
    return _envelope(path, error.code, kind(error).type, _INTERNAL_MESSAGE if failed else error.message, error.param)


def _envelope(path: str, code: str, type_: str, message: str, param: str | None) -> dict[str, Any]:
    if path.startswith("/v1/"):
        return {"error": {"message": message, "type": type_, "param": param, "code": code}}
    details = {"param": param} if param else {}
    return {"error": {"code": code.upper(), "message": message, "details": details}}


async def on_speech_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, SpeechError)
    return _answer(kind(error).status, envelope(request.url.path, error))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Starlette's own: no such path, no such method."""
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase.lower()
    message = f"{request.method} {request.url.path}: {phrase}"
    body = _envelope(request.url.path, phrase.replace(" ", "_"), Kind.type, message, None)
    return _answer(error.status_code, body, error.headers)


async def on_failure(request: Request, error: Exception) -> Response:
    """A defect of ours: Starlette raises it again for the server's log, and the client learns no detail."""
    body = _envelope(request.url.path, SpeechError.code, _FAILURE.type, _INTERNAL_MESSAGE, None)
    return _answer(_FAILURE.status, body)


def _answer(status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    headers = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = str(RETRY_AFTER_S)
    return JSONResponse(body, status, headers)
