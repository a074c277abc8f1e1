"""Whisper: weights -> torch -> ONNX graphs of encoder and decoder, verified and in the precision of one variant."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from build_engines.onnx_export import export, name_axes
from build_engines.recipes import Recipe
from build_engines.weights import Weights
from build_engines.whisper import quantize, verify
from build_engines.whisper.checkpoint import Checkpoint, load
from build_engines.whisper.model import Decoder, DecoderLayer, Encoder, from_checkpoint

GRAPHS = ("encoder", "decoder")
STAGES = {"cpu": 5, "fp16": 3}
"""How many times `build` reports progress, by precision."""


def build(
    weights: Weights, recipe: Recipe, folder: Path, precision: str, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Write graphs and tokenizer into `folder`; return the fields of the manifest that describe them.

    precision: `cpu` (each graph in int8 if that is faster on this machine and keeps the text, else in fp32), or `fp16`
    (half-precision graphs, from which TensorRT builds).
    Raises: EngineUnusable if the graphs do not compute what torch computes.
    """
    began = time.monotonic()
    progress("reading weights")
    checkpoint = load(weights.folder)
    encoder, decoder = from_checkpoint(checkpoint)
    shape = shape_of(checkpoint, encoder, decoder)
    dtype = torch.float16 if precision == "fp16" else torch.float32
    progress(f"exporting encoder ({precision})")
    export_encoder(encoder.to(dtype), folder / "encoder.onnx")
    progress(f"exporting decoder ({precision})")
    export_decoder(decoder.to(dtype), folder / "decoder.onnx")
    shutil.copyfile(weights.path("tokenizer.json"), folder / "tokenizer.json")
    model = {
        "shape": shape,
        "suppress_tokens": checkpoint.suppress_tokens,
        "begin_suppress_tokens": checkpoint.begin_suppress_tokens,
        "alignment_heads": checkpoint.alignment_heads,
    }
    fields: dict[str, Any] = {"model": model}
    if precision == "cpu":
        progress("verifying against torch")
        fields["parity"] = verify.parity(encoder, decoder, folder, model, dict(recipe.tolerances))
        progress("quantizing and choosing")
        fields["graphs"] = quantize.choose(folder, model)
    else:
        fields["graphs"] = {graph: {"precision": "fp16"} for graph in GRAPHS}
    return {**fields, "build_s": round(time.monotonic() - began, 1)}


def shape_of(checkpoint: Checkpoint, encoder: Encoder, decoder: Decoder) -> dict[str, int]:
    """The fields of speech.hearing.whisper.WhisperShape."""
    frames, width = encoder.positions.shape
    return {
        "mels": encoder.conv1.in_channels,
        "frames": frames,
        "text_positions": decoder.positions.num_embeddings,
        "layers": len(decoder.layers),
        "heads": checkpoint.heads,
        "head_size": width // checkpoint.heads,
        "vocabulary": decoder.tokens.num_embeddings,
    }


def export_encoder(encoder: Encoder, file: Path) -> None:
    """mel [windows, mels, 2*frames] -> cross_k_i, cross_v_i [windows, heads, frames, head_size]."""
    frames = torch.export.Dim("frames", min=8, max=encoder.positions.shape[0])
    mel = torch.randn(2, encoder.conv1.in_channels, encoder.positions.shape[0], dtype=encoder.positions.dtype)
    outputs = [f"cross_{part}_{i}" for i in range(len(encoder.cross_kv)) for part in "kv"]
    shapes = ({0: torch.export.Dim("windows", min=1, max=64), 2: 2 * frames},)
    export(encoder, (mel,), file, ["mel"], outputs, shapes)
    name_axes(file, {"mel": {0: "windows", 2: "mel_frames"}, "cross_": {0: "windows", 2: "frames"}})


def export_decoder(decoder: Decoder, file: Path) -> None:
    """Write the decoder; its inputs and outputs are described at Decoder.

    Axes are named rows, windows, new (tokens), past and present (cached tokens, before and after), and frames.
    """
    layer = decoder.layers[0]
    assert isinstance(layer, DecoderLayer)
    dtype, heads, size = layer.qkv.weight.dtype, layer.heads, layer.qkv.in_features // layer.heads
    rows, windows, new, past, frames = 6, 2, 3, 7, 70
    any_size = torch.export.Dim.DYNAMIC
    inputs = ["tokens", "positions", "self_bias", "cross_bias"]
    arguments: list[torch.Tensor] = [
        torch.randint(0, decoder.tokens.num_embeddings, (rows, new)),
        torch.arange(past, past + new).repeat(rows, 1),
        torch.zeros(rows, 1, new, past + new, dtype=dtype),
        torch.zeros(windows, 1, 1, frames, dtype=dtype),
    ]
    caches = []
    for i in range(len(decoder.layers)):
        inputs += [f"past_k_{i}", f"past_v_{i}", f"cross_k_{i}", f"cross_v_{i}"]
        for count, length in ((rows, past), (rows, past), (windows, frames), (windows, frames)):
            arguments.append(torch.randn(count, heads, length, size, dtype=dtype))
            caches.append({0: any_size, 2: any_size})
    outputs = ["logits", "alignment", *(f"{part}_{i}" for i in range(len(decoder.layers)) for part in "kv")]
    shapes = (
        {0: any_size, 1: any_size},
        {0: any_size, 1: any_size},
        {0: any_size, 2: any_size, 3: any_size},
        {0: any_size, 3: any_size},
        tuple(caches),
    )
    export(decoder, tuple(arguments), file, inputs, outputs, shapes)
    name_axes(
        file,
        {
            "tokens": {0: "rows", 1: "new"},
            "positions": {0: "rows", 1: "new"},
            "self_bias": {0: "rows", 2: "new", 3: "present"},
            "cross_bias": {0: "windows", 3: "frames"},
            "past_": {0: "rows", 2: "past"},
            "cross_": {0: "windows", 2: "frames"},
            "logits": {0: "rows"},
            "alignment": {0: "windows", 2: "queries", 3: "frames"},
            "k_": {0: "rows", 2: "present"},
            "v_": {0: "rows", 2: "present"},
        },
    )
