"""libpython for Triton's Python backend: its stub is linked to `libpython3.x.so`, which Debian's python3 lacks."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from pathlib import Path

from build_engines.cache import cache_dir, replace, workshop

VERSION = sysconfig.get_python_version()
LIBRARY = f"libpython{VERSION}.so.1.0"


class MissingLibraryError(Exception):
    """The library could not be found or downloaded; the message says how to install it."""


def folders(stub: Path) -> list[Path]:
    """Folders for LD_LIBRARY_PATH in which `stub` finds libpython; none if the system has it."""
    if LIBRARY not in _missing(stub):
        return []
    beside = Path(sysconfig.get_config_var("LIBDIR") or "/")
    if (beside / LIBRARY).exists():
        return [beside]
    return [_from_debian()]


def _missing(program: Path) -> set[str]:
    """Libraries of `program` that the system's loader does not find."""
    shown = subprocess.run(["ldd", str(program)], capture_output=True, text=True).stdout
    return {line.split()[0] for line in shown.splitlines() if "not found" in line}


def _from_debian() -> Path:
    """Unpack libpython from the distribution's package into the cache, which needs no root."""
    target = cache_dir() / f"libpython{VERSION}"
    with workshop(target) as folder:
        if not target.is_dir():
            try:
                subprocess.run(
                    ["apt-get", "download", f"libpython{VERSION}"], cwd=folder, check=True, capture_output=True
                )
                package = next(folder.glob("*.deb"))
                subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True, capture_output=True)
                package.unlink()
            except (OSError, subprocess.CalledProcessError, StopIteration) as error:
                raise MissingLibraryError(
                    f"tritonserver needs {LIBRARY}; install it: sudo apt-get install libpython{VERSION}"
                ) from error
            replace(folder, target)
        else:
            shutil.rmtree(folder)
    return next(target.rglob(LIBRARY)).parent
