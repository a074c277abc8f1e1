"""From a Hugging Face folder to a verified engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from build_engines.__main__ import main
from build_engines.whisper import build as whisper_build
from build_engines.whisper.checkpoint import Checkpoint
from build_engines.whisper.model import from_checkpoint
from speech.engines import EngineStore
from speech.hearing.whisper import Whisper


def test_a_local_folder_becomes_an_engine(folder: Path, tmp_path: Path) -> None:
    assert main([str(folder), "--engines-dir", str(tmp_path), "--force"]) == 0
    built = EngineStore(tmp_path).open("whisper-random")
    assert built.model["shape"]["mels"] == 128
    assert built.manifest["parity"].keys() == {"encoder", "decoder"}
    assert all(0 < error < 1e-3 for error in built.manifest["parity"].values())
    cross = Whisper.load(built).encode(np.random.default_rng(0).normal(size=16_000).astype(np.float32), 5.0)
    assert cross.frames == 250


def test_the_decoder_stores_the_embedding_once(checkpoint: Checkpoint, tmp_path: Path) -> None:
    _, decoder = from_checkpoint(checkpoint)
    whisper_build.export_decoder(decoder, tmp_path / "decoder.onnx")
    embedding = 51865 * 64 * 4
    assert (tmp_path / "decoder.onnx").stat().st_size < 1.5 * embedding
    inputs = {
        value.name: [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in onnx.load(tmp_path / "decoder.onnx").graph.input
    }
    assert inputs["tokens"] == ["rows", "new"]
    assert inputs["past_k_0"] == ["rows", 2, "past", 32]
    assert inputs["cross_v_2"] == ["windows", 2, "frames", 32]
    assert inputs["self_bias"] == ["rows", 1, "new", "present"]
