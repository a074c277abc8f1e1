"""Provides engines for serving; `python -m build_engines` links cached ones and builds the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from build_engines import publish, recipes
from build_engines.__main__ import NEEDS_TOOLS
from build_engines.weights import known_sha256
from tritone import toolchain
from tritone.folders import ROOT


class BuildError(Exception):
    """`python -m build_engines` failed and printed why."""


def provide(models: Sequence[str], engines_dir: Path, variant: str = "cpu") -> list[str]:
    """Make `models` and the VAD ready to load from `engines_dir`; returns the names of their engines, in order.

    The builder is always called for pinned models and local folders: in well under a second it links the engine that
    fits these weights, this code and this machine. For a model of the hub it is called only if there is no engine yet.
    """
    names: list[str] = []
    wanted = [recipes.VAD.name]
    for text in models:
        is_built = variant in publish.variants(engines_dir, text)
        if is_built and text not in recipes.RECIPES and not Path(text).is_dir():
            names.append(text)
            continue
        recipe = recipes.find(text)
        names.append(recipe.name)
        is_local = known_sha256(recipe) or isinstance(recipe.source, recipes.Folder)
        if is_local or variant not in publish.variants(engines_dir, recipe.name):
            wanted.append(text)
    build([*wanted, "--engines-dir", str(engines_dir), "--precision", variant])
    return names


def build(arguments: Sequence[str]) -> None:
    """Run `python -m build_engines …` in its own process, so that torch is never loaded into this one."""
    command = [sys.executable, "-m", "build_engines", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    status = subprocess.run(command, env=environment).returncode
    if status == NEEDS_TOOLS:
        print("installing the build tools (torch for the CPU, once) …", flush=True)
        toolchain.install()
        status = subprocess.run(command, env=environment).returncode
    if status:
        raise BuildError("the engines could not be built; see above")
