"""Where to find the files that are not Python modules: at the root of a checkout, or in this package in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent

ROOT = _PACKAGE.parent
"""The folder that our packages are imported from: a checkout, or site-packages."""

_FILES = _PACKAGE if (_PACKAGE / "model_repository").is_dir() else ROOT

MODEL_REPOSITORIES = (_FILES / "model_repository", _FILES / "ensemble")
REQUIREMENTS = _FILES / "requirements"
"""The lock files; a wheel carries those that `tritone.toolchain` installs from."""
