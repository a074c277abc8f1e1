"""The CPU variant: int8 where it is faster on this machine and keeps the text, else fp32.

Measured on 206 s of English (522 words, whisper-base): fp32 5.17 % WER, with the encoder in dynamic int8 4.98 %; a
decoder in dynamic int8 10.92 % (one scale for all activations is too coarse for it), in 8-bit blocks 4.98 %.
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
"""Part of fp32's time that int8 must stay below."""
MIN_AGREEMENT = 0.9
"""Share of the sample clips' tokens on which int8 must agree with fp32. Measured: int8 encoders 0.91 and 0.92, decoders
in 8-bit blocks 0.98 and 0.99; the rest is mostly `1` for `one`."""
ROUNDS = 4
BLOCK = 32
INT8_PRODUCTS = 4
"""MatMulNBits' accuracy level that quantizes activations, too, each block with a scale of its own."""


def choose(folder: Path, model: dict[str, Any]) -> dict[str, Any]:
    """Replace encoder.onnx and decoder.onnx by their int8 forms where those win; return what was measured."""
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
    """MatMuls with constant weights in int8: weights per output channel, activations with one scale as they come."""
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
    """MatMuls with constant weights in blocks of 8-bit integers, each block with a scale of its own."""
    model = onnx.load(source)
    _untie_logits(model)
    with quiet():
        quantizer = MatMulNBitsQuantizer(
            model, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8_PRODUCTS
        )
        quantizer.process()
        quantizer.model.save_model_to_file(str(target))


def _untie_logits(model: onnx.ModelProto) -> None:
    """Give the logits' MatMul a constant of its own: it reads the transposed token embedding, which stays fp32."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in list(model.graph.node):
        if node.op_type == "Transpose" and node.input[0] in constants:
            weights = np.ascontiguousarray(numpy_helper.to_array(constants[node.input[0]]).T)
            model.graph.initializer.append(numpy_helper.from_array(weights, node.output[0]))
            model.graph.node.remove(node)


def _relative_time(int8: Whisper, fp32: Whisper, graph: str) -> float:
    """Time of int8 divided by that of fp32: best of interleaved rounds, so that a busy machine slows both alike."""
    runs = [_task(whisper, graph) for whisper in (int8, fp32)]
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS + 1):
        for i, run in enumerate(runs):
            began = time.perf_counter()
            run()
            best[i] = min(best[i], time.perf_counter() - began)
    return best[0] / best[1]


def _task(whisper: Whisper, graph: str) -> Callable[[], object]:
    """Encode 10 s of sound, or decode one row of it for ten tokens."""
    pcm = np.random.default_rng(0).normal(scale=0.1, size=160_000).astype(np.float32)
    if graph == "encoder":
        return lambda: whisper.encode(pcm, 14.0)
    cross, batch, prompt = whisper.encode(pcm, 14.0), whisper.batch(), [[whisper.tokenizer.sot]]
    return lambda: [batch.prefill([cross], prompt) for _ in range(10)]
