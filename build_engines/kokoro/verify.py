"""Compare Kokoro's graphs with torch: each part with the same inputs, as a signal-to-error ratio in dB.

Whole waveforms cannot be compared: the phase of quiet harmonics depends on rounding, and changes everything after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from build_engines.kokoro.chain import Chain
from build_engines.kokoro.model import Kokoro
from build_engines.kokoro.parts import PARTS, modules
from build_engines.kokoro.reading import SHORT_TEXTS, TEXT
from build_engines.torch_engine import TorchEngine
from speech.engines import Array, Engine
from speech.errors import EngineUnusable

Float = NDArray[np.float32]


def torch_engines(kokoro: Kokoro) -> dict[str, Engine]:
    """The parts in torch, with the inputs and outputs of the graphs."""
    return {
        name: TorchEngine(module, list(PARTS[name].inputs), list(PARTS[name].outputs))
        for name, module in modules(kokoro).items()
    }


def parity(
    reference: Mapping[str, Engine],
    graphs: Mapping[str, Engine],
    packs: Iterable[Float],
    tolerances_db: Mapping[str, float],
) -> dict[str, float]:
    """The lowest ratio of each part in dB, when each voice of `packs` (float32 [510,256] each) reads each text.

    Raises: EngineUnusable if a ratio is below its tolerance.
    """
    recorders = {name: _Recorder(name, graphs[name], reference[name]) for name in PARTS}
    chain = Chain(recorders)
    for pack in packs:
        for phonemes in (TEXT, *SHORT_TEXTS):
            recorders["generator"].run(**chain.run(phonemes, pack).generator_inputs)
    ratios = {name: round(recorder.worst_db, 1) for name, recorder in recorders.items()}
    for name, ratio in ratios.items():
        if not ratio >= tolerances_db[name]:
            raise EngineUnusable(
                f"{name}: {ratio} dB of signal to error against torch; at least {tolerances_db[name]} dB are needed"
            )
    return ratios


class _Recorder:
    """Runs the reference, and compares the graph's output with each of its outputs."""

    def __init__(self, part: str, graph: Engine, reference: Engine) -> None:
        self._part = part
        self._graph = graph
        self._reference = reference
        self.worst_db = math.inf

    def run(self, **inputs: Array) -> dict[str, Array]:
        expected, got = self._reference.run(**inputs), self._graph.run(**inputs)
        for name, signal in expected.items():
            error = _spectrum(name, got[name]) - _spectrum(name, signal)
            ratio = _power(_spectrum(name, signal)) / max(_power(error), 1e-30)
            self.worst_db = min(self.worst_db, 10 * math.log10(ratio))
        return expected


def _spectrum(name: str, values: Array) -> Array:
    """`values`; of harmonics (magnitudes and phases) as complex numbers, so that phases do not count at magnitude 0."""
    if name != "harmonics":
        return values.astype(np.float64)
    magnitude, phase = np.split(values.astype(np.float64), 2, axis=1)
    return magnitude * np.exp(1j * phase)


def _power(values: Array) -> float:
    return float((np.abs(values) ** 2).sum())
