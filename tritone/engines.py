"""Engines for serving: those that are there, the rest from the cache or built by `python -m build_engines`."""

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
from tritone.triton_server import ROOT


class BuildError(Exception):
    """`python -m build_engines` failed, and has said why."""


def provide(models: Sequence[str], engines_dir: Path, variant: str = "cpu") -> list[str]:
    """The engine names of `models`, each of them and the VAD ready to load from `engines_dir`.

    A pinned model or a local folder always passes through the builder, which in well under a second links the engine
    that fits these weights, this code and this machine; one whose source is far away only if it is not there.
    """
    names, wanted = [], [recipes.VAD.name]
    for text in models:
        there = variant in publish.variants(engines_dir, text)
        if there and text not in recipes.RECIPES and not Path(text).is_dir():
            names.append(text)
            continue
        recipe = recipes.find(text)
        names.append(recipe.name)
        is_here = known_sha256(recipe) or isinstance(recipe.source, recipes.Folder)
        if is_here or variant not in publish.variants(engines_dir, recipe.name):
            wanted.append(text)
    build([*wanted, "--engines-dir", str(engines_dir), "--precision", variant])
    return names


def build(arguments: Sequence[str]) -> None:
    """`python -m build_engines …` in a process of its own, so that torch leaves no trace in this one."""
    command = [sys.executable, "-m", "build_engines", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    status = subprocess.run(command, env=environment).returncode
    if status == NEEDS_TOOLS:
        print("installing the build tools (torch for the CPU, once) …", flush=True)
        toolchain.install()
        status = subprocess.run(command, env=environment).returncode
    if status:
        raise BuildError("the engines could not be built; see above")
