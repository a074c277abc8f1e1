"""Published npm packages as archives: by npm where it is installed, else from the registry that npm would ask."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

from speech.errors import EngineUnusable

REGISTRY = "https://registry.npmjs.org"
_TIMEOUT_S = 60


def download(package: str, folder: Path) -> Path:
    """The archive of `package` (`name@version`) in `folder`."""
    folder.mkdir(exist_ok=True)
    try:
        return _packed(package, folder) if shutil.which("npm") else _downloaded(package, folder)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise EngineUnusable(
            f"npm package {package} could not be downloaded (is this machine offline?): {error}"
        ) from error


def archive_name(package: str) -> str:
    return f"{package.replace('@', '-')}.tgz"


def _packed(package: str, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip() or f"npm ended with {done.returncode}")
    return folder / archive_name(package)


def _downloaded(package: str, folder: Path) -> Path:
    name, _, version = package.partition("@")
    with urllib.request.urlopen(f"{_registry()}/{name}/{version}", timeout=_TIMEOUT_S) as answer:
        address = json.load(answer)["dist"]["tarball"]
    target = folder / archive_name(package)
    with urllib.request.urlopen(address, timeout=_TIMEOUT_S) as answer, target.open("wb") as out:
        shutil.copyfileobj(answer, out)
    return target


def _registry() -> str:
    """As npm finds it: the environment, the user's .npmrc, the public one."""
    configured = os.environ.get("npm_config_registry")  # noqa: SIM112, npm spells it so
    npmrc = Path.home() / ".npmrc"
    if not configured and npmrc.is_file():
        found = re.search(r"^registry\s*=\s*(\S+)", npmrc.read_text(), re.MULTILINE)
        configured = found[1] if found else None
    return (configured or REGISTRY).rstrip("/")
