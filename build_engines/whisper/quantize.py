"""The CPU variant: each graph in int8 if that is faster on this machine and keeps the text, else in fp32.

Word error rate on 206 s of English (522 words, whisper-base): 5.17 % in fp32, 4.98 % with the encoder in dynamic int8,
10.92 % with the decoder in dynamic int8 (a single scale for all activations is too coarse for it), and 4.98 % with the
decoder in 8-bit blocks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from build_engines.quiet import quiet
from build_engines.whisper.verify import agreement, onnx_engines, open_whisper
from speech.hearing.whisper import Whisper

WORTH_IT = 0.95
"""int8 is chosen only if it takes less than this share of fp32's time."""
MIN_AGREEMENT = 0.9
"""int8 is chosen only if it agrees with fp32 on this share of the sample clips' tokens. Measured: 0.91 and 0.92 for
encoders in int8, 0.98 and 0.99 for decoders in 8-bit blocks. Most of the differences are `1` for `one`."""
ROUNDS = 4
"""How many times each graph is timed, and one more to warm up."""
BLOCK = 32
"""Weights that share a scale."""
INT8_PRODUCTS = 4
"""The accuracy level of MatMulNBits at which activations are quantized, too, each block with its own scale."""


def choose(folder: Path, model: dict[str, Any]) -> dict[str, Any]:
    """Replace encoder.onnx and decoder.onnx by their int8 forms if those are better.

    Returns, for each graph, its precision, and int8's share of fp32's time and its agreement with fp32.
    """
    quantize_activations(folder / "encoder.onnx", folder / "encoder.int8.onnx")
    quantize_blocks(folder / "decoder.onnx", folder / "decoder.int8.onnx")
    fp32 = open_whisper(folder, model, onnx_engines(folder))
    report: dict[str, Any] = {}
    for name in ("encoder", "decoder"):
        files = {"encoder": "encoder.onnx", "decoder": "decoder.onnx", name: f"{name}.int8.onnx"}
        int8 = open_whisper(folder, model, onnx_engines(folder, files["encoder"], files["decoder"]))
        relative_time = _relative_time(int8, fp32, name)
        agrees = agreement(fp32, int8)
        wins = relative_time < WORTH_IT and agrees >= MIN_AGREEMENT
        report[name] = {
            "precision": "int8" if wins else "fp32",
            "int8_time": round(relative_time, 3),
            "int8_agreement": round(agrees, 4),
        }
    for name, result in report.items():
        quantized = folder / f"{name}.int8.onnx"
        if result["precision"] == "int8":
            quantized.replace(folder / f"{name}.onnx")
        else:
            quantized.unlink()
    return report


def quantize_activations(source: Path, target: Path) -> None:
    """MatMuls with constant weights in int8: a scale for each output channel of the weights, and one for all
    activations of a call."""
    with quiet():
        quantize_dynamic(
            onnx.load(source),
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            # Without shape inference the quantizer must be told the type of activations.
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )


def quantize_blocks(source: Path, target: Path) -> None:
    """MatMuls with constant weights in blocks of 8-bit integers, each block with its own scale."""
    model = onnx.load(source)
    _untie_logits(model)
    with quiet():
        quantizer = MatMulNBitsQuantizer(
            model, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8_PRODUCTS
        )
        quantizer.process()
        quantizer.model.save_model_to_file(str(target))


def _untie_logits(model: onnx.ModelProto) -> None:
    """Give the MatMul of the logits its own constant. It uses the transposed token embedding, which stays in fp32."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in list(model.graph.node):
        if node.op_type == "Transpose" and node.input[0] in constants:
            weights = np.ascontiguousarray(numpy_helper.to_array(constants[node.input[0]]).T)
            model.graph.initializer.append(numpy_helper.from_array(weights, node.output[0]))
            model.graph.node.remove(node)


def _relative_time(int8: Whisper, fp32: Whisper, graph: str) -> float:
    """Time of int8 divided by time of fp32: each the best of several rounds, which alternate, so that other load on the
    machine slows both alike."""
    runs = [_task(whisper, graph) for whisper in (int8, fp32)]
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS + 1):
        for i, run in enumerate(runs):
            began = time.perf_counter()
            run()
            best[i] = min(best[i], time.perf_counter() - began)
    return best[0] / best[1]


def _task(whisper: Whisper, graph: str) -> Callable[[], object]:
    """What is timed: encoding 10 s of audio, or decoding ten tokens of one row."""
    pcm = np.random.default_rng(0).normal(scale=0.1, size=160_000).astype(np.float32)
    if graph == "encoder":
        return lambda: whisper.encode(pcm, 14.0)
    cross, batch, prompt = whisper.encode(pcm, 14.0), whisper.batch(), [[whisper.tokenizer.sot]]
    return lambda: [batch.prefill([cross], prompt) for _ in range(10)]
