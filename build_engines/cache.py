"""The user's cache folder of weights and engines. Files appear there complete, and one process writes at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from speech.errors import EngineUnusable


def cache_dir() -> Path:
    """`$XDG_CACHE_HOME/tritone`, else `~/.cache/tritone`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tritone"


def default_engines_dir() -> Path:
    """Where engines are linked if ENGINES_DIR is not set: `engines` of a checkout, else the user's data folder."""
    root = Path(__file__).parents[1]
    if (root / "model_repository").is_dir():
        return root / "engines"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tritone" / "engines"


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """A folder beside `target` to be filled. The caller then calls `replace(folder, target)`; if it does not get that
    far, the next call gets the same folder.

    Only one process at a time has it. The operating system drops the lock if the process dies.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = target.parent / f".{target.name}.partial"
        folder.mkdir(exist_ok=True)
        yield folder


def replace(folder: Path, target: Path) -> None:
    """Rename the finished `folder` to `target`. At any moment `target` is complete or does not exist."""
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink():
            _sync(path)
    old = target.parent / f".{target.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    folder.rename(target)
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def require_space(folder: Path, size_bytes: int, what: str) -> None:
    """Raises: EngineUnusable if the disk of `folder` has less than `size_bytes` free; `what` is for the message."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < size_bytes:
        raise EngineUnusable(
            f"{what} needs {size_bytes / 1e6:.0f} MB in {folder}, where only {free / 1e6:.0f} MB are free; "
            "free some space, or set XDG_CACHE_HOME to a folder on a larger disk"
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
