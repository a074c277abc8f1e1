"""TensorRT for RTX builds engines from the exported fp16 graphs: it refuses no operator. No GPU is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from build_engines import recipes, weights
from build_engines.kokoro import checkpoint as kokoro_checkpoint
from build_engines.kokoro.model import from_state
from build_engines.kokoro.parts import PARTS, export_part, modules, sizes
from build_engines.whisper import build as whisper_build
from build_engines.whisper.checkpoint import load
from build_engines.whisper.model import from_checkpoint

trt = pytest.importorskip("tensorrt_rtx", reason="TensorRT for RTX has no wheel for this platform")

WINDOWS, ROWS, PAST, FRAMES = (1, 4, 8), (1, 4, 8), (0, 64, 224), (50, 1500, 1500)


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """whisper-tiny.en in half precision, the smallest real model."""
    folder = tmp_path_factory.mktemp("fp16")
    encoder, decoder = from_checkpoint(load(weights.fetch(recipes.RECIPES["whisper-tiny.en"]).folder))
    whisper_build.export_encoder(encoder.half(), folder / "encoder.onnx")
    whisper_build.export_decoder(decoder.half(), folder / "decoder.onnx")
    return folder


def shape(name: str, dims: list[int], at: int) -> tuple[int, ...]:
    """An input's shape at the minimum (0), the optimum (1) or the maximum (2) of the profile; one token a step."""
    windows, rows, past, frames = WINDOWS[at], ROWS[at], PAST[at], FRAMES[at]
    if name == "mel":
        return windows, dims[1], 2 * frames
    if name in ("tokens", "positions"):
        return rows, (1, 1, 224)[at]
    if name == "self_bias":
        return rows, 1, (1, 1, 224)[at], past + (1, 1, 224)[at]
    if name == "cross_bias":
        return windows, 1, 1, frames
    return (rows, dims[1], past, dims[3]) if name.startswith("past") else (windows, dims[1], frames, dims[3])


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kokoro in half precision, except the parts that need float32."""
    folder = tmp_path_factory.mktemp("kokoro")
    kokoro = from_state(kokoro_checkpoint.load(weights.fetch(recipes.KOKORO).folder).state)
    for name, module in modules(kokoro).items():
        export_part(module, PARTS[name], folder / f"{name}.onnx", torch.float16)
    return folder


@pytest.mark.parametrize("graph", whisper_build.GRAPHS)
def test_a_graph_of_whisper_builds(graphs: Path, graph: str) -> None:
    assert built_bytes(graphs / f"{graph}.onnx", shape, {trt.float16}) > 10_000_000


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_kokoro_builds(parts: Path, part: str) -> None:
    def shape_of(name: str, dims: list[int], at: int) -> tuple[int, ...]:
        size = sizes(batch=1, length=(3, 96, 512)[at], frames=(8, 240, 1200)[at])
        return tuple(size[axis] if isinstance(axis, str) else axis for axis in PARTS[part].inputs[name])

    expected = trt.float32 if PARTS[part].full_precision else trt.float16
    assert built_bytes(parts / f"{part}.onnx", shape_of, {expected}) > 10_000


def built_bytes(file: Path, shape_of: Callable[[str, list[int], int], tuple[int, ...]], floats: set[Any]) -> int:
    """Size of the engine that TensorRT builds from `file`. All inputs but tokens and positions must be `floats`."""
    logger = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(logger)
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    parser = trt.OnnxParser(network, logger)
    parsed = parser.parse_from_file(str(file))
    assert parsed, [parser.get_error(i).desc() for i in range(parser.num_errors)]
    inputs = [network.get_input(i) for i in range(network.num_inputs)]
    assert {tensor.dtype for tensor in inputs if tensor.name not in ("tokens", "positions")} == floats
    profile = builder.create_optimization_profile()
    for tensor in inputs:
        profile.set_shape(tensor.name, *(shape_of(tensor.name, list(tensor.shape), at) for at in range(3)))
    config = builder.create_builder_config()
    assert config.add_optimization_profile(profile) >= 0
    engine = builder.build_serialized_network(network, config)
    assert engine is not None, "TensorRT refused the graph; its log is above"
    return int(engine.nbytes)
