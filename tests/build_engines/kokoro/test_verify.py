"""The comparison of graphs with torch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from build_engines import recipes
from build_engines.kokoro import verify
from build_engines.kokoro.model import Kokoro
from speech.engines import Engine
from speech.errors import EngineUnusable

Float = NDArray[np.float32]


def test_parity_refuses_a_graph_that_computes_something_else(
    pack: Callable[[str], Float], engines: dict[str, Engine], kokoro: Kokoro
) -> None:
    reference = verify.torch_engines(kokoro)
    bias = kokoro.prosody.f0_out.bias
    assert bias is not None
    bias.data += 1.0
    try:
        with pytest.raises(EngineUnusable, match=r"prosody: .* dB"):
            verify.parity(reference, engines, [pack("af_heart")], recipes.KOKORO_TOLERANCES_DB)
    finally:
        bias.data -= 1.0
