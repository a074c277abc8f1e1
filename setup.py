"""Puts the files that `tritone serve` needs beside its modules into the wheel; everything else is in pyproject.toml."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDERS = ("model_repository", "ensemble")
FILES = ("requirements/build.txt", "requirements/uv.txt")


class BuildWithData(build_py):
    """tritone/folders.py finds the files at the root of a checkout, and inside the package `tritone` in a wheel."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        package = Path(self.build_lib, "tritone")
        for folder in FOLDERS:
            shutil.rmtree(package / folder, ignore_errors=True)
            shutil.copytree(folder, package / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for file in FILES:
            (package / file).parent.mkdir(exist_ok=True)
            shutil.copyfile(file, package / file)


setup(cmdclass={"build_py": BuildWithData})
