"""Both layouts of weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from build_engines import recipes, weights
from build_engines.whisper.checkpoint import load


def test_ctranslate2_and_hugging_face_files_give_the_same_model(tmp_path: Path) -> None:
    """The default weights, written in Hugging Face form, are read back to the same arrays."""
    source = weights.fetch(recipes.RECIPES["whisper-base"])
    original = load(source.folder)
    state = {f"model.{name}": np.ascontiguousarray(array) for name, array in original.state.items()}
    save_file(state, tmp_path / "model.safetensors")
    config = {"model_type": "whisper", "decoder_attention_heads": original.heads, "decoder_layers": 6}
    (tmp_path / "config.json").write_text(json.dumps(config))
    generation = {
        "alignment_heads": original.alignment_heads,
        "suppress_tokens": original.suppress_tokens,
        "begin_suppress_tokens": original.begin_suppress_tokens,
    }
    (tmp_path / "generation_config.json").write_text(json.dumps(generation))
    again = load(tmp_path)
    assert again.state.keys() == original.state.keys()
    assert all(np.array_equal(again.state[name], original.state[name]) for name in original.state)
    assert (again.alignment_heads, again.suppress_tokens) == (original.alignment_heads, original.suppress_tokens)
