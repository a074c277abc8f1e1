"""Weights of the hub and of local folders."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from build_engines import recipes, weights
from build_engines.recipes import Folder, Recipe
from speech.errors import EngineUnusable


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
