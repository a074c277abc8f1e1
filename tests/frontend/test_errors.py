"""The table of errors, and the envelopes of the families."""

from __future__ import annotations

import httpx2
import pytest

from frontend.envelopes import OpenAIErrorEnvelope
from frontend.errors import ENVELOPE, KINDS, kind, render
from speech import errors
from speech.errors import SpeechError

OPENAI = {"path": "/v1/audio/transcriptions", ENVELOPE: OpenAIErrorEnvelope}


def test_every_error_has_a_status() -> None:
    assert set(KINDS) == set(SpeechError.__subclasses__())


def test_openai_envelope() -> None:
    error = errors.BadParameter("temperature must be a number", "temperature")
    assert render(OPENAI, error) == {
        "error": {
            "message": "temperature must be a number",
            "type": "invalid_request_error",
            "param": "temperature",
            "code": "bad_parameter",
        }
    }


def test_other_envelope() -> None:
    error = errors.BadParameter("temperature must be a number", "temperature")
    assert render({"path": "/api/stt/"}, error) == {
        "error": {
            "code": "BAD_PARAMETER",
            "message": "temperature must be a number",
            "details": {"param": "temperature"},
        }
    }


def test_a_failure_of_ours_tells_nothing() -> None:
    error = SpeechError("KeyError in /somewhere/model.py line 7")
    assert kind(error).status == 500
    assert "model.py" not in str(render(OPENAI, error))


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "NOT_FOUND"),
        ("GET", "/v1/audio/transcriptions", 405, "method_not_allowed"),
        ("PUT", "/api/v1/transcribe", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "/health", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_no_such_path_or_method(frontend_url: str, method: str, path: str, status: int, code: str) -> None:
    answer = httpx2.request(method, frontend_url + path)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    if status == 405:
        assert answer.headers["allow"]
