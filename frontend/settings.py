"""Everything that can be configured in the frontend: a field for each setting, read from the environment and `.env`."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from limits import RateLimitItem, parse_many
from pydantic import (
    BeforeValidator,
    Field,
    InstanceOf,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from frontend.auth import ApiKeys
from speech.contract import MAX_SEQUENCES
from speech.environment import VARIABLES

_MAX_REQUESTS = MAX_SEQUENCES // 2
"""Requests and WebSockets may each use half of the sequences that `transcribe` works on at the same time."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in text.split(",")) if name)


def _split(value: object) -> object:
    return _names(value) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""A comma-separated list."""


def _pairs(value: object) -> object:
    if isinstance(value, str):
        parts = [[side.strip() for side in part.split("=")] for part in value.split(",") if part.strip()]
        if not all(len(part) == 2 and all(part) for part in parts):
            raise ValueError("must be name=model pairs, comma separated, as in my-whisper=whisper-base")
        return dict(parts)
    return value


def _secrets(value: object) -> object:
    return tuple(SecretStr(name) for name in _names(value)) if isinstance(value, str) else value


Keys = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_secrets)]
"""A comma-separated list of secrets."""


def _limits(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(parse_many(value)) if value.strip() else ()
    except ValueError:
        raise ValueError("must be as in 10/minute,50/hour") from None


Limits = Annotated[tuple[InstanceOf[RateLimitItem], ...], NoDecode, BeforeValidator(_limits)]
"""A comma-separated list of rate limits."""

Pairs = Annotated[Mapping[str, str], NoDecode, BeforeValidator(_pairs)]
"""A comma-separated list of name=value."""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SettingsError(Exception):
    """The configuration cannot be used; the message names each setting that is wrong."""


class Settings(BaseSettings):
    """Settings of the frontend; a variable's name is the field's name in upper case."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for all networks")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 for any free one")
    api_key: Keys = Field(
        default=(),
        description="API keys, comma separated, each as `key`, `name:key` or `name:sha256:HASH`. Without one, "
        "everybody may use the server, and it listens on the loopback interface only",
    )
    allow_anonymous: bool = Field(
        default=False,
        description="Listen on `HOST` even without an API key: everybody on the network may use the server",
    )
    open_metrics: bool = Field(default=False, description="Whether `GET /metrics` needs no API key")
    rate_limits: Limits = Field(
        default=(),
        description="Requests that a key, or without keys an address, may send, as in `10/minute,50/hour`. "
        "A WebSocket counts when it opens",
    )
    trusted_proxies: Names = Field(
        default=(),
        description="Proxies whose `X-Forwarded-For` tells the client's address: addresses or networks",
    )
    redis_url: SecretStr | None = Field(
        default=None, description="Redis where several frontends share the counts of rate limits: redis://host:port/0"
    )
    triton_url: str = Field(default="127.0.0.1:8001", description="gRPC address of tritonserver, host:port")
    upload_dir: Path | None = Field(
        default=None, description="Folder for uploads while they are processed; default: the system's temporary folder"
    )
    max_file_size: int = Field(default=52_428_800, gt=0, description="Largest upload, in bytes")
    allowed_origins: Names = Field(
        default=(),
        description="Origins whose web pages may call the API (CORS), comma separated; * for all. If it is set, "
        "pages of other origins cannot open WebSockets",
    )
    model_aliases: Pairs = Field(
        default={},
        description="More names for models, comma separated, as in `my-whisper=whisper-base,my-voice=tts-1-hd`. They "
        "come first, so `whisper-1=whisper-small` is possible too",
    )
    debug: bool = Field(default=False, description="Log at level DEBUG, as plain text instead of JSON")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="Minimum log level")
    max_concurrent_requests: int = Field(
        default=16,
        gt=0,
        le=_MAX_REQUESTS,
        description=f"Requests that are processed at the same time, at most {_MAX_REQUESTS}",
    )
    max_queued_requests: int = Field(
        default=64, ge=0, description="Requests that may wait; any more get status 503 at once"
    )
    request_timeout_s: float = Field(
        default=1800, gt=0, description="Seconds a request may take; then it gets status 504"
    )
    send_timeout_s: float = Field(
        default=60, gt=0, description="Seconds a client may read nothing of a response; then the connection is closed"
    )
    live_connections: int = Field(
        default=32,
        gt=0,
        le=_MAX_REQUESTS,
        description=f"WebSockets at the same time, at most {_MAX_REQUESTS}; any more are closed with code 1013",
    )
    live_connections_per_client: int = Field(
        default=16, gt=0, description="WebSockets at the same time from one address"
    )
    live_connection_s: float = Field(default=3600, gt=0, description="Seconds a WebSocket may last")
    live_message_bytes: int = Field(default=1_048_576, gt=0, description="Largest WebSocket message, in bytes")
    live_buffer_s: float = Field(
        default=30, gt=0, description="Seconds of live audio that may wait; while it is full, no more is read"
    )
    live_send_timeout_s: float = Field(
        default=20,
        gt=0,
        description="Seconds a WebSocket client may read nothing; then the connection is closed with code 1013",
    )

    @model_validator(mode="before")
    @classmethod
    def _without_model_settings(cls, values: dict[str, Any]) -> dict[str, Any]:
        """`.env` may also configure the models, which the launcher starts (tritone/settings.py)."""
        others = {name.lower() for name in VARIABLES} - cls.model_fields.keys()
        return {name: value for name, value in values.items() if name.lower() not in others}

    @property
    def listen_host(self) -> str:
        """The address to listen on: without a key a loopback one, unless `allow_anonymous` says otherwise."""
        if self.api_key or self.allow_anonymous or _is_loopback(self.host):
            return self.host
        return "::1" if ":" in self.host else "127.0.0.1"

    @field_validator("api_key")
    @classmethod
    def _valid_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        ApiKeys(keys)
        return keys

    @field_validator("triton_url")
    @classmethod
    def _host_and_port(cls, url: str) -> str:
        host, _, port = url.rpartition(":")
        if not (host and port.isdecimal() and int(port) < 65536):
            raise ValueError("must be host:port, as in 127.0.0.1:8001")
        return url

    @field_validator("upload_dir")
    @classmethod
    def _folder(cls, folder: Path | None) -> Path | None:
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(f"cannot create the folder: {error.strerror}") from None
        return folder

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value


SettingsType = TypeVar("SettingsType", bound=Settings)


def load_settings(kind: type[SettingsType]) -> SettingsType:
    """The settings of this process. Raises SettingsError, which says what is wrong and where."""
    try:
        return kind()
    except ValidationError as error:
        raise SettingsError(
            "\n".join(_explain(kind, problem["type"], problem["loc"], problem["msg"]) for problem in error.errors())
        ) from None


def _explain(settings: type[Settings], kind: str, location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0]).upper()
    if kind == "extra_forbidden":
        known = ", ".join(field.upper() for field in settings.model_fields)
        return f"{name}: no such setting (in .env); settings are: {known}"
    return f"{name}: {message}"
