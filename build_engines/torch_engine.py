"""A torch module with the interface of an engine, so that the same code can run either."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from speech.engines import Array


class TorchEngine:
    """Runs `module` on named arrays. `inputs` and `outputs`: the names of its arguments and results, in order."""

    def __init__(self, module: torch.nn.Module, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        self._module = module
        self._inputs = inputs
        self._outputs = outputs

    def run(self, **inputs: Array) -> dict[str, Array]:
        with torch.inference_mode():
            out = self._module(*(torch.from_numpy(np.ascontiguousarray(inputs[name])) for name in self._inputs))
        results = out if isinstance(out, tuple) else (out,)
        return {name: value.numpy() for name, value in zip(self._outputs, results, strict=True)}
