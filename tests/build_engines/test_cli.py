"""The command line: engines from the cache, builds, and what it says when one is not possible."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

import build_engines.__main__ as cli
from build_engines import publish, recipes, requirements, weights
from build_engines.weights import Weights
from speech.environment import ENGINES_DIR

WITHOUT_TORCH = "import sys; sys.modules['torch'] = None; from build_engines.__main__ import main; sys.exit(main({}))"


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv(ENGINES_DIR, str(tmp_path / "engines"))


def cache_an_engine() -> None:
    key = publish.engine_key(weights.known_sha256(recipes.find("whisper-base")) or {}, "whisper", "cpu")
    publish.publish("whisper-base", "cpu", key, lambda folder: {"model": {}})


def run_without_torch(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = WITHOUT_TORCH.format(list(arguments))
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )


def test_a_cached_engine_needs_neither_torch_nor_weights(tmp_path: Path) -> None:
    cache_an_engine()
    done = run_without_torch("whisper-base")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "engines" / "whisper-base" / "cpu" / "manifest.json").exists()


def test_a_build_without_torch_says_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "missing", lambda: ["torch==2"])
    assert cli.main(["whisper-base"]) == cli.NEEDS_TOOLS
    assert "needs torch==2; run: tritone engines whisper-base" in capsys.readouterr().err


@pytest.mark.engine
def test_a_build_passes_weights_recipe_and_precision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def build(
        source: Weights, recipe: recipes.Recipe, folder: Path, precision: str, progress: object
    ) -> Mapping[str, object]:
        seen.extend((source.origin, recipe.name, precision))
        return {"model": {}}

    builder = ModuleType("build_engines.whisper.build")
    builder.STAGES = {"fp16": 1}  # type: ignore[attr-defined]
    builder.build = build  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "build_engines.whisper.build", builder)
    monkeypatch.setattr("build_engines.whisper.build", builder, raising=False)
    (tmp_path / "mine").mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (tmp_path / "mine" / name).write_text("{}")
    assert cli.main([str(tmp_path / "mine"), "--precision", "fp16"]) == 0
    assert seen == [str(tmp_path / "mine"), "mine", "fp16"]
    assert publish.variants(tmp_path / "engines", "mine") == ["fp16"]


def test_list_shows_sources_and_what_is_built(capsys: pytest.CaptureFixture[str]) -> None:
    cache_an_engine()
    cli.main(["whisper-base"])
    capsys.readouterr()
    assert cli.main(["--list"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "cpu" in lines["whisper-base"]
    assert "openai/whisper-large-v3-turbo" in lines["whisper-large-v3-turbo"]


def test_an_unknown_model_ends_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["whisper-bsae"]) == 1
    assert "did you mean 'whisper-base'" in capsys.readouterr().err
