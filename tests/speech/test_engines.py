"""The engine store opens an engine that fits this machine; otherwise it says which command to run."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from speech.engines import MANIFEST, EngineStore, OnnxEngine
from speech.errors import EngineUnusable


@pytest.fixture
def store(engines_dir: Path, tmp_path: Path) -> EngineStore:
    """A store with a copy of the VAD that a test may damage."""
    shutil.copytree(engines_dir / "silero-vad" / "cpu", tmp_path / "silero-vad" / "cpu")
    return EngineStore(tmp_path)


def test_a_fitting_engine_opens_and_runs(store: EngineStore) -> None:
    built = store.open("silero-vad")
    state = np.zeros((1, 1, 128), np.float32)
    out = OnnxEngine(built.file("model.onnx"), threads=1).run(input=np.zeros((3, 576), np.float32), h=state, c=state)
    assert out["speech_probs"].shape == (3,)
    assert (out["speech_probs"] < 0.1).all()


def test_a_missing_engine_names_the_command(store: EngineStore) -> None:
    with pytest.raises(EngineUnusable, match="python -m build_engines whisper-large-v3 --precision cpu"):
        store.open("whisper-large-v3")


@pytest.mark.parametrize("key", ["runtime", "runtime_version", "machine"])
def test_an_engine_for_another_machine_is_refused(store: EngineStore, key: str) -> None:
    file = store.folder / "silero-vad" / "cpu" / MANIFEST
    file.write_text(json.dumps({**json.loads(file.read_text()), key: "other"}))
    with pytest.raises(EngineUnusable, match=f"built for {key} other"):
        store.open("silero-vad")


def test_a_damaged_engine_is_refused(store: EngineStore) -> None:
    with (store.folder / "silero-vad" / "cpu" / "model.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(EngineUnusable, match="changed since it was built"):
        store.open("silero-vad")


def test_an_engine_with_an_incomplete_manifest_does_not_count(store: EngineStore) -> None:
    (store.folder / "silero-vad" / "cpu" / MANIFEST).write_text('{"name": ')
    with pytest.raises(EngineUnusable, match="no engine 'silero-vad'"):
        store.open("silero-vad")
