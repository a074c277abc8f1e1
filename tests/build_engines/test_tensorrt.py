"""The exported fp16 graphs build as TensorRT-for-RTX engines, which needs no GPU: no op that TensorRT refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_engines import recipes, weights, whisper
from build_engines.checkpoint import load
from build_engines.whisper_model import from_checkpoint

trt = pytest.importorskip("tensorrt_rtx", reason="TensorRT for RTX has no wheel for this platform")

WINDOWS, ROWS, PAST, FRAMES = (1, 4, 8), (1, 4, 8), (0, 64, 224), (50, 1500, 1500)


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """whisper-tiny.en in half precision, the smallest real model."""
    folder = tmp_path_factory.mktemp("fp16")
    encoder, decoder = from_checkpoint(load(weights.fetch(recipes.RECIPES["whisper-tiny.en"]).folder))
    whisper.export_encoder(encoder.half(), folder / "encoder.onnx")
    whisper.export_decoder(decoder.half(), folder / "decoder.onnx")
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


@pytest.mark.parametrize("graph", whisper.GRAPHS)
def test_the_graph_builds(graphs: Path, graph: str) -> None:
    logger = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(logger)
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    parser = trt.OnnxParser(network, logger)
    parsed = parser.parse_from_file(str(graphs / f"{graph}.onnx"))
    assert parsed, [parser.get_error(i).desc() for i in range(parser.num_errors)]
    inputs = [network.get_input(i) for i in range(network.num_inputs)]
    floats = {tensor.dtype for tensor in inputs if tensor.name not in ("tokens", "positions")}
    assert floats == {trt.float16}
    profile = builder.create_optimization_profile()
    for tensor in inputs:
        profile.set_shape(tensor.name, *(shape(tensor.name, list(tensor.shape), at) for at in range(3)))
    config = builder.create_builder_config()
    assert config.add_optimization_profile(profile) >= 0
    engine = builder.build_serialized_network(network, config)
    assert engine is not None, "TensorRT refused the graph; its log is above"
    assert engine.nbytes > 10_000_000
