"""Built engines: cached per user under a key of everything that shapes them, and linked into `engines/`."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from build_engines.cache import cache_dir, replace, workshop
from build_engines.recipes import Kind
from speech.engines import MANIFEST, fingerprint, sha256

_DO_NOT_SHAPE_GRAPHS = {"__main__", "cache", "npm", "packages", "publish", "recipes", "weights"}


def engine_key(weights: Mapping[str, str], kind: Kind, precision: str) -> str:
    """Equal for equal weights (their hashes), builder, runtime, processor family and precision; else different."""
    parts = [dict(weights), builder_sha256(kind), fingerprint(), precision]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def builder_sha256(kind: Kind) -> dict[str, str]:
    """The modules of this package that shape an engine of `kind`: its own (`whisper.py`) and all that they import."""
    found: dict[str, str] = {}
    waiting: list[str] = [kind] if _source(kind).is_file() else []
    while waiting:
        module = waiting.pop()
        if module not in found and module not in _DO_NOT_SHAPE_GRAPHS:
            found[module] = sha256(_source(module))
            waiting += _imports(module)
    return found


def _imports(module: str) -> list[str]:
    """The modules of this package that `module` imports, wherever in it."""
    names: list[str] = []
    for node in ast.walk(ast.parse(_source(module).read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == __package__:
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{__package__}."):
            names.append(str(node.module).removeprefix(f"{__package__}."))
    return names


def _source(module: str) -> Path:
    return Path(__file__).with_name(f"{module}.py")


def engine_folder(model: str, variant: str, key: str) -> Path:
    """Where the cache keeps this engine, built or not."""
    return cache_dir() / "engines" / f"{model}-{variant}-{key[:12]}"


def lookup(model: str, variant: str, key: str) -> Path | None:
    """The finished engine with this key, if there is one."""
    folder = engine_folder(model, variant, key)
    return folder if (folder / MANIFEST).is_file() else None


def publish(
    model: str, variant: str, key: str, build: Callable[[Path], Mapping[str, Any]], *, force: bool = False
) -> Path:
    """Build into a folder aside, write the manifest last, and move it into place whole.

    A process that waited while another one built the same engine finds it done.
    """
    target = engine_folder(model, variant, key)
    with workshop(target) as folder:
        if force or not lookup(model, variant, key):
            _empty(folder)
            fields = build(folder)
            files = {str(file.relative_to(folder)): sha256(file) for file in folder.rglob("*") if file.is_file()}
            manifest = {"name": model, "variant": variant, "key": key, **fingerprint(), **fields, "files": files}
            (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
            replace(folder, target)
        else:
            shutil.rmtree(folder)
    return target


def link(engine: Path, engines_dir: Path, model: str, variant: str) -> Path:
    """Make `engines_dir/model/variant` stand for `engine`: a symbolic link, or a copy where links are refused."""
    place = engines_dir / model / variant
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink() and place.resolve() == engine.resolve():
        return place
    with workshop(place) as fresh:
        _remove(fresh)
        try:
            fresh.symlink_to(engine, target_is_directory=True)
        except OSError:
            shutil.copytree(engine, fresh)
        if place.is_dir() and not place.is_symlink():
            _remove(place)
        fresh.replace(place)
    return place


def variants(engines_dir: Path, model: str) -> list[str]:
    """The variants of `model` that are ready in `engines_dir`."""
    return sorted(manifest.parent.name for manifest in (engines_dir / model).glob(f"*/{MANIFEST}"))


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
