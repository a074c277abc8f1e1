"""The published engine of Kokoro, and its parts in torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from build_engines import recipes, weights
from build_engines.kokoro.checkpoint import load
from build_engines.kokoro.model import Kokoro, from_state
from build_engines.kokoro.parts import PARTS
from speech.engines import BuiltEngine, Engine, EngineStore, OnnxEngine

Float = NDArray[np.float32]


@pytest.fixture(scope="package")
def built(engines_dir: Path) -> BuiltEngine:
    return EngineStore(engines_dir).open("kokoro")


@pytest.fixture(scope="package")
def engines(built: BuiltEngine) -> dict[str, Engine]:
    return {name: OnnxEngine(built.file(f"{name}.onnx")) for name in PARTS}


@pytest.fixture(scope="package")
def kokoro() -> Kokoro:
    return from_state(load(weights.fetch(recipes.KOKORO).folder).state)


@pytest.fixture(scope="package")
def pack(built: BuiltEngine) -> Callable[[str], Float]:
    """The voice pack of a name, float32 [510,256]."""

    def read(name: str) -> Float:
        with np.load(built.file(f"voices/{name}.npz")) as arrays:
            assert list(arrays) == ["style"]
            style: Float = arrays["style"]
            return style

    return read
