"""Built engines: kept in the user's cache under a key of everything that they depend on, and linked into `engines/`."""

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
"""Modules of this package whose code has no influence on the graphs, so that engines do not depend on it."""
_PACKAGE = Path(__file__).parent


def engine_key(weights: Mapping[str, str], kind: Kind, precision: str) -> str:
    """The key of an engine in the cache: a hash of its weights, builder, runtime, processor family and precision.

    weights: sha256 of each file by name.
    """
    parts = [dict(weights), builder_sha256(kind), fingerprint(), precision]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def builder_sha256(kind: Kind) -> dict[str, str]:
    """The sha256 of each module that an engine of `kind` depends on: `<kind>/build.py` and its imports in this package.

    Comments and docstrings do not count, so that engines need not be rebuilt when one is reworded.
    """
    found: dict[str, str] = {}
    waiting = [f"{kind}.build"] if _source(f"{kind}.build").is_file() else []
    while waiting:
        module = waiting.pop()
        if module not in found and module not in _DO_NOT_SHAPE_GRAPHS:
            tree = ast.parse(_source(module).read_text())
            found[module] = _code_sha256(tree)
            waiting += _imports(tree)
    return found


def _code_sha256(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [line for line in body if not _is_docstring(line)] or [ast.Pass()]  # type: ignore[attr-defined]
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest()


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _imports(tree: ast.Module) -> list[str]:
    """The modules of this package that a module imports anywhere, by their names inside the package."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == _PACKAGE.name:
            module = str(node.module).removeprefix(_PACKAGE.name).removeprefix(".")
            inside = [f"{module}.{alias.name}".removeprefix(".") for alias in node.names]
            names += [name for name in inside if _source(name).is_file()] or [module]
    return names


def _source(module: str) -> Path:
    return _PACKAGE.joinpath(*module.split(".")).with_suffix(".py")


def engine_folder(model: str, variant: str, key: str) -> Path:
    """The folder of this engine in the cache, whether it is built or not."""
    return cache_dir() / "engines" / f"{model}-{variant}-{key[:12]}"


def lookup(model: str, variant: str, key: str) -> Path | None:
    """The folder of the finished engine with this key; None if the cache has none."""
    folder = engine_folder(model, variant, key)
    return folder if (folder / MANIFEST).is_file() else None


def publish(
    model: str, variant: str, key: str, build: Callable[[Path], Mapping[str, Any]], *, force: bool = False
) -> Path:
    """Build an engine and put it into the cache; returns its folder.

    build: writes the files into the folder it is given, and returns fields of the manifest.
    force: build even if the cache has the engine.
    The manifest is written last, and the folder appears in the cache complete. If another process builds the same
    engine at the same time, this one waits and uses the result.
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
    """Make `engines_dir/model/variant` a symbolic link to `engine`, or a copy if the file system has no links."""
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
    """The variants of `model` that `engines_dir` has, sorted."""
    return sorted(manifest.parent.name for manifest in (engines_dir / model).glob(f"*/{MANIFEST}"))


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
