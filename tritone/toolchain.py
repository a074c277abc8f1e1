"""Installs what builds engines: torch and the exporters. It runs the first time that an engine is not in the cache.

The packages go into the environment that runs this (`python -m tritone.toolchain` does only that): a second environment
would hold most of them twice, and serving never imports torch. requirements/build.txt locks all but torch, whose
CPU build is a different file on every package index.
"""

from __future__ import annotations

import platform
import subprocess
import sys

from build_engines.requirements import pinned
from tritone.folders import REQUIREMENTS


class InstallError(Exception):
    """The build tools could not be installed."""


def install() -> None:
    """Install the extra `build`, on Linux with torch's CPU build: its CUDA build is gigabytes."""
    torch = next(requirement for requirement in pinned() if requirement.startswith("torch=="))
    if platform.system() == "Linux":
        _install_cpu_torch(torch)
    elif not _pip("--no-deps", torch):
        raise InstallError(f"pip could not install {torch}; see above")
    if not _pip(*_locked("build.txt")):
        raise InstallError("pip could not install the build tools; see above")


def _install_cpu_torch(torch: str) -> None:
    """pip finds the CPU build only on an index that has it, and the usual one does not; uv knows one that does."""
    if _pip("--no-deps", f"{torch}+cpu", silent=True):
        return
    uv = ("-m", "uv", "pip", "install", "--python", sys.executable, "--no-deps", "--torch-backend=cpu", torch)
    if not (_pip(*_locked("uv.txt")) and _run(*uv)):
        raise InstallError(f"neither pip nor uv could install the CPU build of {torch}; see above")


def _locked(name: str) -> list[str]:
    return ["--no-deps", "--require-hashes", "--requirement", str(REQUIREMENTS / name)]


def _pip(*arguments: str, silent: bool = False) -> bool:
    return _run("-m", "pip", "install", "--quiet", *arguments, silent=silent)


def _run(*arguments: str, silent: bool = False) -> bool:
    output = subprocess.DEVNULL if silent else None
    command = [sys.executable, *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output).returncode == 0


if __name__ == "__main__":
    try:
        install()
    except InstallError as error:
        sys.exit(f"error: {error}")
