"""The version of this server."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def server_version() -> str:
    try:
        return version("tritone")
    except PackageNotFoundError:  # a checkout that is not installed
        return "0"
