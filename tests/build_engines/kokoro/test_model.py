"""Kokoro's graphs beside torch, at lengths other than the exporter's example."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from build_engines.kokoro.model import Kokoro
from build_engines.kokoro.parts import PARTS
from speech.engines import Engine


@pytest.mark.parametrize(("length", "batch"), [(3, 1), (17, 3), (510, 1)])
def test_text_is_right_at_every_length(engines: dict[str, Engine], kokoro: Kokoro, length: int, batch: int) -> None:
    """The LSTM of the exporter is wrong at lengths other than the example's; ours must not be."""
    random = np.random.default_rng(length)
    tokens = random.integers(1, 178, (batch, length))
    style = random.normal(scale=0.1, size=(batch, 256)).astype(np.float32)
    got = engines["text"].run(tokens=tokens, style=style)
    with torch.inference_mode():
        expected = kokoro.text(torch.from_numpy(tokens), torch.from_numpy(style))
    for name, tensor in zip(PARTS["text"].outputs, expected, strict=True):
        np.testing.assert_allclose(got[name], tensor.numpy(), atol=2e-3)
