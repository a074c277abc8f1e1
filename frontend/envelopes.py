"""The bodies of errors. Each API family has one of these shapes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True)
class Problem:
    """What a client is told about an error. `type` is OpenAI's error type, `param` the name of the wrong field."""

    code: str
    type: str
    message: str
    param: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """What a program may want to know besides."""
    openai_code: str = ""
    """The code in OpenAI's envelope, if it is another one."""


class Envelope(BaseModel):
    """The body of an error."""

    @classmethod
    @abstractmethod
    def of(cls, problem: Problem) -> Self: ...


class OpenAIErrorFields(BaseModel):
    message: str = Field(description="What is wrong, and how to fix it")
    type: str = Field(description="Kind of the error, as in invalid_request_error")
    param: str | None = Field(description="The field that is wrong")
    code: str = Field(description="Code of the error, as in bad_parameter")


class OpenAIErrorEnvelope(Envelope):
    """An error as OpenAI's API sends it."""

    error: OpenAIErrorFields

    @classmethod
    def of(cls, problem: Problem) -> Self:
        code = problem.openai_code or problem.code
        return cls(error=OpenAIErrorFields(message=problem.message, type=problem.type, param=problem.param, code=code))


class ErrorFields(BaseModel):
    code: str = Field(description="Code of the error, as in BAD_PARAMETER")
    message: str = Field(description="What is wrong, and how to fix it")
    details: dict[str, Any] = Field(
        description="`param`: the field that is wrong; `retry_after`: seconds to wait before the next request"
    )


class ErrorEnvelope(Envelope):
    """An error as voice-chat.md describes it. The documents of the other families describe none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"error": {"code": "ERROR_CODE", "message": "Error description", "details": {}}}]
        }
    )

    error: ErrorFields

    @classmethod
    def of(cls, problem: Problem) -> Self:
        details = {**({"param": problem.param} if problem.param else {}), **problem.details}
        return cls(error=ErrorFields(code=problem.code.upper(), message=problem.message, details=details))
