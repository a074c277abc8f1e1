"""`python -m build_engines NAME…`: fetch weights, build and verify engines, and link them into `engines/`.

An engine that is already in the cache is only linked.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from build_engines import publish, recipes, requirements, weights
from build_engines.cache import cache_dir, default_engines_dir, require_space
from build_engines.recipes import Recipe
from speech.environment import ENGINES_DIR
from speech.errors import EngineUnusable

DEFAULT_MODELS = ("whisper-base", "kokoro", "silero-vad")
"""The models that are built if none is named."""
PRECISIONS = ("cpu", "fp16")
"""The variants that can be built."""
NEEDS_TOOLS = 3
"""Exit status: an engine has to be built, but the packages of the extra `build` are not all installed."""

_DISK_BYTES_PER_WEIGHT_BYTE = 8
"""Disk space that a build takes at most: fp16 or int8 weights become fp32 graphs (two or four times as large), and some
of these are quantized into copies before the others are deleted."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.list:
        _list(options.engines_dir)
        return 0
    try:
        for recipe in [recipes.find(name) for name in options.names or DEFAULT_MODELS]:
            if not _provide(recipe, options):
                tools = " ".join(requirements.missing())
                print(f"building {recipe.name} needs {tools}; run: tritone engines {recipe.name}", file=sys.stderr)
                return NEEDS_TOOLS
    except EngineUnusable as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m build_engines", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"a model of --list, a Hugging Face id (org/name), or a folder (default: {' '.join(DEFAULT_MODELS)})",
    )
    parser.add_argument("--list", action="store_true", help="list the models, their built variants and their sources")
    parser.add_argument("--force", action="store_true", help="build again, even if the engine is in the cache")
    parser.add_argument("--precision", choices=PRECISIONS, default="cpu", help="the variant to build (default: cpu)")
    parser.add_argument(
        "--engines-dir",
        type=Path,
        default=Path(os.environ.get(ENGINES_DIR) or default_engines_dir()),
        help=f"the folder to link engines into (default: ${ENGINES_DIR}, or a checkout's engines/, or ~/.local/share)",
    )
    return parser


def _list(engines_dir: Path) -> None:
    for name, recipe in sorted(recipes.RECIPES.items()):
        source = recipe.source
        origin = source.repo if isinstance(source, recipes.Hub) else " ".join(getattr(source, "names", ()))
        built = ", ".join(publish.variants(engines_dir, name)) or "-"
        print(f"{name:<24} {built:<10} {origin}")


def _provide(recipe: Recipe, options: argparse.Namespace) -> bool:
    """Link the engine into `engines_dir`; build it first if the cache lacks it. False if tools for that are missing."""
    variant = "cpu" if recipe.kind == "vad" else options.precision
    hashes = weights.known_sha256(recipe) or weights.fetch(recipe).sha256
    key = publish.engine_key(hashes, recipe.kind, variant)
    engine = None if options.force else publish.lookup(recipe.name, variant, key)
    if engine is None:
        if recipe.kind != "vad" and requirements.missing():
            return False
        started = time.monotonic()
        engine = publish.publish(
            recipe.name, variant, key, lambda folder: _build(recipe, folder, variant), force=options.force
        )
        print(f"{recipe.name} ({variant}) built in {time.monotonic() - started:.0f} s")
    place = publish.link(engine, options.engines_dir, recipe.name, variant)
    print(f"{recipe.name} ({variant}) is ready in {place}")
    return True


def _build(recipe: Recipe, folder: Path, precision: str) -> Mapping[str, Any]:
    """Write the engine's files into `folder`; returns the fields of the manifest that describe them."""
    source = weights.fetch(recipe)
    provenance = {"weights": {"origin": source.origin, "sha256": dict(source.sha256)}}
    if recipe.kind == "vad":
        shutil.copyfile(source.path("model.onnx"), folder / "model.onnx")
        return {**provenance, "model": {}}
    size_bytes = sum(source.path(name).stat().st_size for name in source.sha256)
    require_space(cache_dir(), _DISK_BYTES_PER_WEIGHT_BYTE * size_bytes, f"building {recipe.name}")

    # Imported here, because torch takes seconds to import and an engine from the cache does not need it.
    builder = importlib.import_module(f"build_engines.{recipe.kind}.build")
    form = "{desc:<45} |{bar}| {n}/{total} [{elapsed}]"
    with tqdm(desc=recipe.name, total=builder.STAGES[precision], bar_format=form) as bar:

        def progress(stage: str) -> None:
            bar.set_description_str(f"{recipe.name}: {stage}", refresh=False)
            bar.update()

        return {**provenance, **builder.build(source, recipe, folder, precision, progress)}


if __name__ == "__main__":
    sys.exit(main())
