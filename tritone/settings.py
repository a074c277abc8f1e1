"""The settings of `tritone serve`: those of the frontend, and those of the engines and models that it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from frontend.settings import Names, Settings
from speech.environment import ModelEnvironment

_SIZES = ("tiny", "base", "small", "medium", "large", "turbo")


def _full_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"whisper-{name}" if name.split("-")[0].split(".")[0] in _SIZES else name for name in names)


class LauncherSettings(Settings):
    """Settings of the launcher, which passes some of them on to the models (speech/environment.py)."""

    whisper_model: Annotated[Names, AfterValidator(_full_names)] = Field(
        default=ModelEnvironment.whisper_model,
        min_length=1,
        description="Whisper engines to load, comma separated; the first one is `whisper-1`. `small` is whisper-small",
    )
    beam_size: int = Field(
        default=ModelEnvironment.beam_size,
        ge=1,
        le=8,
        description="Beams at temperature 0, and samples at higher temperatures; 1 is greedy decoding",
    )
    engines_dir: Path | None = Field(
        default=None,
        description="Folder of the built engines; default: `engines` of a checkout, "
        "otherwise `~/.local/share/tritone/engines`",
    )


def table() -> str:
    """All settings as a Markdown table: their names, their defaults, who reads them, and what they mean."""
    rows = [
        f"| `{name.upper()}` | {_shown(field.default)} | {_reader(name)} | {field.description} |"
        for name, field in LauncherSettings.model_fields.items()
    ]
    return "\n".join(["| Variable | Default | Read by | |", "|---|---|---|---|", *rows])


def _shown(default: object) -> str:
    """A default as it is written in the environment; empty if there is none."""
    if default is None or default == {}:
        return ""
    text = ",".join(default) if isinstance(default, tuple) else str(default)
    return f"`{text}`" if text else ""


def _reader(name: str) -> str:
    return "frontend" if name in Settings.model_fields else "launcher"
