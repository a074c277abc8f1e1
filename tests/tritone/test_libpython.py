from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

from tritone import libpython


@pytest.fixture(autouse=True)
def machine_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without libpython, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(libpython, "_missing", lambda stub: {libpython.LIBRARY})
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: str(tmp_path / "lib"))


def test_the_library_of_a_shared_python_is_used(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / libpython.LIBRARY).touch()
    assert libpython.folders(Path("stub")) == [tmp_path / "lib"]


def test_it_is_taken_out_of_the_distributions_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: Path) -> subprocess.CompletedProcess[str]:
        if command[0] == "apt-get":
            (options["cwd"] / "libpython.deb").touch()
        else:
            place = Path(command[-1]) / "usr" / "lib"
            place.mkdir(parents=True)
            (place / libpython.LIBRARY).touch()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    (folder,) = libpython.folders(Path("stub"))
    assert [file.name for file in folder.iterdir()] == [libpython.LIBRARY]


def test_without_apt_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: object) -> None:
        raise FileNotFoundError(command[0])

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(libpython.MissingLibraryError, match="apt-get install libpython3"):
        libpython.folders(Path("stub"))
