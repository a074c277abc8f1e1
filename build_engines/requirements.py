"""The packages that build engines: the extra `build` of pyproject.toml, and whether it is installed."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires, version


def pinned() -> list[str]:
    """`name==version` of each package in the extra `build`."""
    marked = [requirement.partition(";") for requirement in requires("tritone") or ()]
    return [pin.strip() for pin, _, marker in marked if re.search(r"extra == ['\"]build['\"]", marker)]


def missing() -> list[str]:
    """The packages of `pinned` that are not installed in this version, such as after an interrupted installation."""
    return [pin for pin in pinned() if not _installed(*pin.split("=="))]


def _installed(name: str, wanted: str) -> bool:
    try:
        return version(name).partition("+")[0] == wanted  # the version of torch is 2.13.0+cpu
    except PackageNotFoundError:
        return False
