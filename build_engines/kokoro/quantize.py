"""Kokoro's generator in int8 for the CPU: its 48 residual convolutions, calibrated on real utterances.

Scales are static: for convolutions, dynamic scales take more time than int8 saves. The snake activations between the
convolutions stay in float32. Value ranges leave out the outermost 0.01 % on each side, which reduces the log-mel error
from 2.1 to 0.7 dB.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import soxr
from onnxruntime.quantization import CalibrationMethod, QuantType
from onnxruntime.quantization.calibrate import TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from build_engines.quiet import quiet
from speech.engines import Array, Engine, OnnxEngine
from speech.hearing.features import HOP, LogMel
from speech.types import INPUT_RATE_HZ, OUTPUT_RATE_HZ

WORTH_IT = 0.95
"""int8 is chosen only if it takes less than this share of fp32's time."""
MAX_ERROR_DB = 1.5
"""int8 is chosen only if the mean difference between its log-mel spectrum and fp32's is at most this, in every trial.
Measured: 1.0 dB at most (a short utterance)."""
LEFT_OUT_PERCENT = 0.01
"""Percent of the values at each end of a range that are ignored."""
STRIDE = 29
"""Only every 29th value is kept to find a range. The number has no common factor with the size of any axis."""
ROUNDS = 3
"""How many times each graph is timed."""
FLOOR_DB = 60.0
"""Audio that is this much quieter than the peak counts as silence."""
_DB_PER_UNIT = 40.0
"""Decibels of one unit of LogMel, whose values are (log10 + 4) / 4."""

Ranges = dict[str, tuple[tuple[float, float], tuple[float, float]]]
"""(minimum, maximum) of the input and of the output of each convolution, by the name of its weights."""


def observe(generator: Path, utterances: Iterable[dict[str, Array]]) -> Ranges:
    """The value ranges of the residual convolutions of the fp32 graph `generator`.

    utterances: inputs of the generator, by name.
    """
    model = onnx.load(generator)
    convolutions = _residual_convolutions(model)
    tensors = sorted({tensor for node in convolutions for tensor in (node.input[0], node.output[0])})
    model.graph.output.extend(onnx.ValueInfoProto(name=tensor) for tensor in tensors)
    open_graph = generator.with_suffix(".observed.onnx")
    onnx.save(model, open_graph)
    engine = OnnxEngine(open_graph)
    seen: dict[str, list[Array]] = {tensor: [] for tensor in tensors}
    for inputs in utterances:
        values = engine.run(**inputs)  # 0.6 MB for each frame
        for tensor in tensors:
            seen[tensor].append(values[tensor].ravel()[::STRIDE].copy())
    open_graph.unlink()
    ends = (LEFT_OUT_PERCENT, 100 - LEFT_OUT_PERCENT)
    ranges = {tensor: tuple(np.percentile(np.concatenate(values), ends)) for tensor, values in seen.items()}
    return {node.input[1]: (ranges[node.input[0]], ranges[node.output[0]]) for node in convolutions}


def quantize(source: Path, target: Path, ranges: Ranges) -> None:
    """Write the graph `source` to `target` with its residual convolutions in int8: a scale for each channel of the
    weights, and one for each activation by its range."""
    model = onnx.load(source)
    convolutions = _residual_convolutions(model)
    limits = {
        tensor: tuple(map(np.float32, limit))
        for node in convolutions
        for tensor, limit in zip((node.input[0], node.output[0]), ranges[node.input[1]], strict=True)
    }
    with quiet():
        quantizer = QDQQuantizer(
            onnx.shape_inference.infer_shapes(model),
            per_channel=True,
            reduce_range=False,
            weight_qType=QuantType.QInt8,
            activation_qType=QuantType.QUInt8,
            tensors_range=TensorsData(CalibrationMethod.MinMax, limits),
            nodes_to_quantize=[node.name for node in convolutions],
            nodes_to_exclude=[],
            op_types_to_quantize=["Conv"],
            extra_options={},
        )
        quantizer.quantize_model()
        quantizer.model.save_model_to_file(str(target))


def _residual_convolutions(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """The convolutions with as many output channels as input channels."""
    shapes = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    return [node for node in convolutions if shapes[node.input[1]][0] == shapes[node.input[1]][1]]


def choose(folder: Path, ranges: Ranges, trials: Sequence[dict[str, Array]]) -> dict[str, Any]:
    """Add the int8 generator to `folder` if it is better than fp32 on `trials`, the first of which is the longest.

    Returns the measurements, and `generators`: the name of each graph by its precision, the default first.
    """
    target = folder / "generator_int8.onnx"
    quantize(folder / "generator.onnx", target, ranges)
    int8, fp32 = OnnxEngine(target), OnnxEngine(folder / "generator.onnx")
    relative_time = _relative_time(int8, fp32, trials[0])
    errors_db = [
        log_mel_error_db(int8.run(**trial)["waveform"][0], fp32.run(**trial)["waveform"][0]) for trial in trials
    ]
    generators = {"fp32": "generator"}
    if relative_time < WORTH_IT and max(errors_db) <= MAX_ERROR_DB:
        generators = {"int8": target.stem, **generators}
    else:
        target.unlink()
    return {
        "generators": generators,
        "int8_time": round(relative_time, 3),
        "int8_error_db": round(max(errors_db), 2),
    }


def log_mel_error_db(wave: Array, reference: Array) -> float:
    """Mean difference of two waveforms, float32 [samples] at 24 kHz, in Whisper's 80 log-mel bands, in dB."""
    spectra = []
    for pcm in (wave, reference):
        heard = soxr.resample(pcm, OUTPUT_RATE_HZ, INPUT_RATE_HZ)
        spectra.append(LogMel(80)(heard, len(heard) // HOP))
    floor = max(spectrum.max() for spectrum in spectra) - FLOOR_DB / _DB_PER_UNIT
    difference = np.maximum(spectra[0], floor) - np.maximum(spectra[1], floor)
    return float(np.abs(difference).mean()) * _DB_PER_UNIT


def _relative_time(candidate: Engine, reference: Engine, inputs: dict[str, Array]) -> float:
    """The candidate's time divided by the reference's: each the best of several rounds, which alternate, so that other
    load on the machine slows both alike."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for i, engine in enumerate((candidate, reference)):
            began = time.perf_counter()
            engine.run(**inputs)
            best[i] = min(best[i], time.perf_counter() - began)
    return best[0] / best[1]
