"""Everything that can be configured: one field a setting, read from the environment and from `.env`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_SIZES = ("tiny", "base", "small", "medium", "large", "turbo")

Names = Annotated[tuple[str, ...], NoDecode]
"""A comma-separated list."""


class SettingsError(Exception):
    """The configuration cannot be used; the message names each setting that is wrong."""


class Settings(BaseSettings):
    """Settings of the server; a variable's name is the field's name in upper case."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for every network")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on")
    triton_url: str = Field(default="127.0.0.1:8001", description="gRPC address of tritonserver, host:port")
    whisper_model: Names = Field(
        default=("whisper-base",),
        min_length=1,
        description="Whisper engines to load, comma separated; the first one is `whisper-1`. `small` is whisper-small",
    )
    beam_size: int = Field(
        default=1, ge=1, le=8, description="Beams at temperature 0, samples above it; 1 is greedy decoding"
    )
    engines_dir: Path = Field(default=Path("engines"), description="Folder of the built engines")
    upload_dir: Path | None = Field(
        default=None, description="Folder for uploads while they are worked on; default: the system's"
    )
    max_file_size: int = Field(default=52_428_800, gt=0, description="Largest upload, in bytes")
    allowed_origins: Names = Field(
        default=(),
        description="Origins whose web pages may call the API (CORS), comma separated; * for all. If there are any, "
        "others may open no WebSocket either",
    )
    debug: bool = Field(default=False, description="Log at level DEBUG, for reading by people instead of as JSON")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged"
    )
    max_concurrent_requests: int = Field(
        default=16, gt=0, le=64, description="Requests that are worked on at the same time, at most 64"
    )
    max_queued_requests: int = Field(
        default=64, ge=0, description="Requests that may wait; further ones get 503 at once"
    )
    request_timeout_s: float = Field(default=1800, gt=0, description="Seconds a request may take before it gets 504")
    send_timeout_s: float = Field(
        default=60, gt=0, description="Seconds a client may read nothing of an answer; then it is broken off"
    )
    # The two have the 128 places of `transcribe` (its config.pbtxt) between them.
    live_connections: int = Field(
        default=32, gt=0, le=64, description="WebSockets at the same time, at most 64; further ones get 1013"
    )
    live_connections_per_client: int = Field(default=16, gt=0, description="Of these, from one address")
    live_connection_s: float = Field(default=3600, gt=0, description="Seconds a WebSocket may last")
    live_message_bytes: int = Field(default=1_048_576, gt=0, description="Largest message of a WebSocket")
    live_buffer_s: float = Field(
        default=30, gt=0, description="Seconds of live sound that may wait; while it is full, no more is read"
    )
    live_send_timeout_s: float = Field(
        default=20,
        gt=0,
        description="Seconds a WebSocket's client may read nothing of what it is sent; then 1013",
    )

    @field_validator("whisper_model", "allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name for name in (part.strip() for part in value.split(",")) if name)
        return value

    @field_validator("whisper_model")
    @classmethod
    def _full_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"whisper-{name}" if name.split("-")[0].split(".")[0] in _SIZES else name for name in names)

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
            raise ValueError(f"cannot be made: {error.strerror}") from None
        return folder

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value


def load_settings() -> Settings:
    """The settings of this process; SettingsError says what is wrong and where."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            "\n".join(_explain(problem["type"], problem["loc"], problem["msg"]) for problem in error.errors())
        ) from None


def _explain(kind: str, location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0]).upper()
    if kind == "extra_forbidden":
        known = ", ".join(field.upper() for field in Settings.model_fields)
        return f"{name}: no such setting (in .env); settings are: {known}"
    return f"{name}: {message}"
