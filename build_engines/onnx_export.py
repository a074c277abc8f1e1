"""torch modules -> ONNX files: the exporter's call, and axes named for what they count."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch

OPSET = 20


def export(
    module: torch.nn.Module,
    arguments: tuple[torch.Tensor, ...],
    file: Path,
    inputs: list[str],
    outputs: list[str],
    shapes: tuple[Any, ...],
) -> None:
    # The exporter warns of its own internals and of torchvision's absence, and reports every step.
    for chatty in ("torch.onnx", "onnx_ir", "onnxscript"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            arguments,
            file,
            input_names=inputs,
            output_names=outputs,
            opset_version=OPSET,
            dynamo=True,
            dynamic_shapes=shapes,
            external_data=False,
            verbose=False,
        )


def name_axes(file: Path, names: dict[str, dict[int, str]]) -> None:
    """Give the free axes of inputs and outputs names that say what they count, by the longest matching prefix."""
    model = onnx.load(file)
    for value in (*model.graph.input, *model.graph.output):
        prefix = max((prefix for prefix in names if value.name.startswith(prefix)), key=len)
        for axis, name in names[prefix].items():
            value.type.tensor_type.shape.dim[axis].dim_param = name
    onnx.checker.check_model(model)
    onnx.save(model, file)
