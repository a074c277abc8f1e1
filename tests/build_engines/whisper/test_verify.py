"""The comparison of graphs with torch."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from build_engines.whisper import build as whisper_build
from build_engines.whisper import verify
from build_engines.whisper.checkpoint import Checkpoint
from build_engines.whisper.model import from_checkpoint
from speech.errors import EngineUnusable


def test_parity_refuses_graphs_that_compute_something_else(
    folder: Path, tmp_path: Path, checkpoint: Checkpoint
) -> None:
    encoder, decoder = from_checkpoint(checkpoint)
    whisper_build.export_encoder(encoder, tmp_path / "encoder.onnx")
    whisper_build.export_decoder(decoder, tmp_path / "decoder.onnx")
    shutil.copyfile(folder / "tokenizer.json", tmp_path / "tokenizer.json")
    assert encoder.conv1.bias is not None
    encoder.conv1.bias.data += 0.1
    model = {
        "shape": whisper_build.shape_of(checkpoint, encoder, decoder),
        "suppress_tokens": (),
        "begin_suppress_tokens": (),
    }
    with pytest.raises(EngineUnusable, match="encoder: worst error"):
        verify.parity(encoder, decoder, tmp_path, model, {"encoder": 1e-3, "decoder": 1e-3})
