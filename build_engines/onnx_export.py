"""torch modules -> ONNX files, with names for the axes whose size is free."""

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
    """Write `module` to `file`. arguments: example inputs; shapes: the free axes of each, as for torch.export."""
    # Silence the exporter: it warns about its own internals and that torchvision is missing, and reports every step.
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
    """Name the free axes of inputs and outputs. names: prefix of a tensor's name -> axis -> name; the longest matching
    prefix counts."""
    model = onnx.load(file)
    for value in (*model.graph.input, *model.graph.output):
        prefix = max((prefix for prefix in names if value.name.startswith(prefix)), key=len)
        for axis, name in names[prefix].items():
            value.type.tensor_type.shape.dim[axis].dim_param = name
    onnx.checker.check_model(model)
    onnx.save(model, file)
