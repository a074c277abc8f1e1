"""OpenAI's field `chunking_strategy`: how the audio is cut."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from frontend.requests.schema import Schema
from speech.errors import BadParameter

_NAME = "chunking_strategy"
_MAX_MS = 60_000


class ServerVad(Schema):
    """The voice activity detector, with OpenAI's settings. It has pauses of its own, which suit Whisper's windows."""

    type: Literal["server_vad"] = "server_vad"
    threshold: float | None = Field(None, ge=0, le=1, description="Probability of speech at which speech starts")
    silence_duration_ms: int | None = Field(None, ge=0, le=_MAX_MS, description="Unused")
    prefix_padding_ms: int | None = Field(None, ge=0, le=_MAX_MS, description="Unused")

    @property
    def unused(self) -> tuple[str, ...]:
        return tuple(
            f"{_NAME}.{name}" for name in ("silence_duration_ms", "prefix_padding_ms") if name in self.model_fields_set
        )


def _read(value: object) -> ServerVad | None:
    """The strategy in its words: auto, server_vad, an object, or either of them as JSON in a form."""
    if isinstance(value, str) and value.startswith(("{", '"')):
        value = _from_json(value)
    if isinstance(value, str):
        value = value.strip().lower()
    if isinstance(value, Mapping) and value.get("type") == "auto":
        value = "auto"
    if value == "auto":
        return None
    if value == "server_vad":
        value = {"type": value}
    if not isinstance(value, Mapping):
        example = '{"type": "server_vad", "threshold": 0.5}'
        raise BadParameter(f"{_NAME} must be auto, server_vad or {example}; got {reprlib.repr(value)}", _NAME)
    try:
        return ServerVad.read(value)
    except BadParameter as error:
        raise BadParameter(f"{_NAME}.{error.message}", f"{_NAME}.{error.param}") from None


def _from_json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


ChunkingStrategy = Annotated[
    ServerVad | None,
    BeforeValidator(_read),
    WithJsonSchema({"anyOf": [{"enum": ["auto", "server_vad", None]}, ServerVad.model_json_schema()]}),
]
"""A field that takes the strategy; None stands for auto."""
