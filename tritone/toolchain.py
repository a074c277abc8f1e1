"""What builds engines: torch and the exporters. Installed the first time an engine is not in the cache.

They go into the environment that runs this (`python -m tritone.toolchain` does only that): pyproject.toml pins one
set of versions that was resolved together, a second environment would hold most of it twice, and serving never
imports torch.
"""

from __future__ import annotations

import platform
import subprocess
import sys

from build_engines.requirements import pinned


class InstallError(Exception):
    """The build tools could not be installed."""


def install() -> None:
    """Install the extra `build`, with torch's CPU build where there is a choice: its CUDA build is gigabytes."""
    requirements = pinned()
    torch = next(requirement for requirement in requirements if requirement.startswith("torch=="))
    if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
        _install_cpu_torch(torch)
    if not _pip("install", "--quiet", *requirements):
        raise InstallError("pip could not install the build tools; see above")


def _install_cpu_torch(torch: str) -> None:
    """pip's usual index has no +cpu wheel; where pip is not told of another one, uv knows where it is."""
    if _pip("install", "--quiet", f"{torch}+cpu", silent=True):
        return
    uv = ("-m", "uv", "pip", "install", "--python", sys.executable, "--torch-backend=cpu", torch)
    if not (_pip("install", "--quiet", "uv") and _run(*uv)):
        raise InstallError(f"neither pip nor uv could install the CPU build of {torch}; see above")


def _pip(*arguments: str, silent: bool = False) -> bool:
    return _run("-m", "pip", *arguments, silent=silent)


def _run(*arguments: str, silent: bool = False) -> bool:
    output = subprocess.DEVNULL if silent else None
    command = [sys.executable, *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output).returncode == 0


if __name__ == "__main__":
    try:
        install()
    except InstallError as error:
        sys.exit(f"error: {error}")
