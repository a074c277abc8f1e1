"""The environment variables that the launcher hands to the processes of the Triton models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path


def variable(field: str) -> str:
    """The name of the environment variable for a field."""
    return field.upper()


@dataclass(frozen=True)
class ModelEnvironment:
    """A field for each variable. The defaults are also those of the launcher's settings."""

    engines_dir: Path
    whisper_model: tuple[str, ...] = ("whisper-base",)
    """Names of Whisper engines; the first one is the default."""
    beam_size: int = 1

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> ModelEnvironment:
        models, beams = environ.get(variable("whisper_model")), environ.get(variable("beam_size"))
        return cls(
            engines_dir=Path(environ[variable("engines_dir")]),
            whisper_model=tuple(name.strip() for name in models.split(",")) if models else cls.whisper_model,
            beam_size=int(beams) if beams else cls.beam_size,
        )

    def to_environ(self) -> dict[str, str]:
        return {
            variable("engines_dir"): str(self.engines_dir),
            variable("whisper_model"): ",".join(self.whisper_model),
            variable("beam_size"): str(self.beam_size),
        }


ENGINES_DIR = variable("engines_dir")
VARIABLES = tuple(variable(field.name) for field in fields(ModelEnvironment))
