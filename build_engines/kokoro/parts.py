"""The five graphs of Kokoro: their tensors, and their export. What each computes is described in model.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from build_engines.kokoro.model import Kokoro
from build_engines.onnx_export import export, name_axes

Shape = tuple[str | int, ...]
_STYLE: Shape = ("batch", 256)
_CURVE: Shape = ("batch", "values")
_ACOUSTIC: Shape = ("batch", 512, "values")
_HARMONICS: Shape = ("batch", 22, "hops")


@dataclass(frozen=True)
class Part:
    """A graph: the names and shapes of its inputs and outputs, in order. `tokens` is int64, all others are float."""

    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]
    full_precision: bool = False
    """Whether it is float32 in every variant, because its phases reach thousands of radians."""


PARTS = {
    "text": Part(
        {"tokens": ("batch", "length"), "style": _STYLE},
        {
            "features": ("batch", "length", 640),
            "text": ("batch", 512, "length"),
            "durations": ("batch", "length"),
        },
    ),
    "prosody": Part(
        {"features": ("batch", "frames", 640), "style": _STYLE},
        {"f0": _CURVE, "energy": _CURVE},
    ),
    "source": Part({"f0": _CURVE}, {"harmonics": _HARMONICS}, full_precision=True),
    "front": Part(
        {"text": ("batch", 512, "frames"), "f0": _CURVE, "energy": _CURVE, "style": _STYLE},
        {"acoustic": _ACOUSTIC},
    ),
    "generator": Part(
        {"acoustic": _ACOUSTIC, "harmonics": _HARMONICS, "style": _STYLE},
        {"waveform": ("batch", "samples")},
    ),
}


def sizes(batch: int, length: int, frames: int) -> dict[str, int]:
    """The size of each named axis."""
    return {
        "batch": batch,
        "length": length,
        "frames": frames,
        "values": 2 * frames,
        "hops": 120 * frames + 1,
        "samples": 600 * frames,
    }


def modules(kokoro: Kokoro) -> dict[str, nn.Module]:
    """The module of each part, by its name."""
    return {
        "text": kokoro.text,
        "prosody": kokoro.prosody,
        "source": kokoro.source,
        "front": kokoro.front,
        "generator": kokoro.generator,
    }


def export_part(module: nn.Module, part: Part, file: Path, dtype: torch.dtype = torch.float32) -> None:
    """Write `module` to `file` as a graph; its named axes may have any size."""
    dtype = torch.float32 if part.full_precision else dtype
    inputs = {name: _example(name, shape, dtype) for name, shape in part.inputs.items()}
    frames = torch.export.Dim("frames", min=2, max=4096)
    free = {
        "batch": torch.export.Dim("batch", min=1, max=64),
        "length": torch.export.Dim("length", min=2, max=512),
        "frames": frames,
        "values": 2 * frames,
        "hops": 120 * frames + 1,
    }
    shapes = tuple(
        {axis: free[size] for axis, size in enumerate(shape) if isinstance(size, str)} for shape in part.inputs.values()
    )
    export(module.to(dtype), tuple(inputs.values()), file, list(inputs), list(part.outputs), shapes)
    named = {
        name: {axis: size for axis, size in enumerate(shape) if isinstance(size, str)}
        for name, shape in {**part.inputs, **part.outputs}.items()
    }
    name_axes(file, named)


def _example(name: str, shape: Shape, dtype: torch.dtype) -> Tensor:
    size = sizes(batch=2, length=24, frames=20)
    dims = [size[axis] if isinstance(axis, str) else axis for axis in shape]
    random = partial(torch.rand, generator=torch.Generator().manual_seed(0))
    return torch.arange(1, dims[1] + 1).repeat(dims[0], 1) if name == "tokens" else random(dims).to(dtype)
