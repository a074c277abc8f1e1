"""Both layouts of weights and voices."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from build_engines import recipes, weights
from build_engines.kokoro import checkpoint, model
from build_engines.kokoro.checkpoint import Checkpoint
from speech.errors import EngineUnusable
from speech.reading.vocabulary import VOCABULARY


@pytest.fixture(scope="module")
def stock() -> Checkpoint:
    """The default weights."""
    return checkpoint.load(weights.fetch(recipes.KOKORO).folder)


def write_folder(folder: Path, state: dict[str, dict[str, torch.Tensor]], styles: torch.Tensor) -> None:
    """Write a folder in the layout of hexgrad/Kokoro-82M."""
    (folder / "voices").mkdir()
    torch.save(state, folder / "kokoro-v1_0.pth")
    torch.save(styles, folder / "voices" / "af_some.pt")
    (folder / "config.json").write_text(json.dumps({"vocab": VOCABULARY}))


def test_the_int8_graph_holds_every_weight(stock: Checkpoint) -> None:
    kokoro = model.from_state(stock.state)
    assert round(sum(tensor.numel() for tensor in stock.state.values()) / 1e6, 1) == 81.1
    assert stock.state["predictor.shared.weight_ih_l0"].shape == (1024, 640)
    assert all(torch.isfinite(parameter).all() for parameter in kokoro.parameters())


def test_all_voices_are_there(stock: Checkpoint) -> None:
    assert len(stock.voices) == 54
    assert {"af_heart", "af_alloy", "am_echo", "bm_fable", "am_onyx", "af_nova", "zm_yunyang"} <= stock.voices.keys()
    assert {styles.shape for styles in stock.voices.values()} == {(510, 256)}
    assert list(stock.voices) == sorted(stock.voices)


def test_a_checkpoint_of_the_hub_is_read_to_plain_weights(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(0)
    conv = torch.nn.utils.parametrizations.weight_norm(torch.nn.Conv1d(3, 4, 5))
    direction = torch.rand(4, 3, 5, generator=generator)
    size = torch.rand(4, 1, 1, generator=generator)
    conv.parametrizations.weight.original1.data, conv.parametrizations.weight.original0.data = direction, size
    styles = torch.rand(510, 1, 256, generator=generator)
    write_folder(
        tmp_path,
        {
            "decoder": {"module.encode.conv1.weight_v": direction, "module.encode.conv1.weight_g": size},
            "bert": {"module.pooler.weight": size, "module.embeddings.LayerNorm.weight": size},
        },
        styles,
    )
    found = checkpoint.load(tmp_path)
    assert found.state.keys() == {"decoder.encode.conv1.weight", "bert.embeddings.LayerNorm.weight"}
    torch.testing.assert_close(found.state["decoder.encode.conv1.weight"], conv.weight.detach())
    assert np.array_equal(found.voices["af_some"], styles[:, 0].numpy())


def test_another_alphabet_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path, {}, torch.zeros(510, 1, 256))
    (tmp_path / "config.json").write_text(json.dumps({"vocab": {"a": 1}}))
    with pytest.raises(EngineUnusable, match="another alphabet"):
        checkpoint.load(tmp_path)


def test_a_voice_of_another_shape_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path, {}, torch.zeros(300, 1, 256))
    with pytest.raises(EngineUnusable, match=r"voice 'af_some' has the shape \(300, 256\)"):
        checkpoint.load(tmp_path)
