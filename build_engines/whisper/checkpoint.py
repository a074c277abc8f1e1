"""Whisper weights as plain arrays: a CTranslate2 model.bin or a Hugging Face folder -> one state dict.

Its names are the ones in `WhisperForConditionalGeneration.state_dict()` of transformers, without the prefix `model.`.
The file format of CTranslate2 is described by `ctranslate2.specs.model_spec` (binary version 6).
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from speech.errors import EngineUnusable

Array = np.ndarray[Any, np.dtype[Any]]
_DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


@dataclass(frozen=True)
class Checkpoint:
    """A Whisper model: its weights and some values of its config files."""

    state: dict[str, Array]
    heads: int
    """Attention heads of each layer."""
    alignment_heads: tuple[tuple[int, int], ...]
    """(layer, head) of the decoder's cross-attention heads that follow the time of the audio."""
    suppress_tokens: tuple[int, ...]
    """Tokens that are never chosen."""
    begin_suppress_tokens: tuple[int, ...]
    """Tokens that are never chosen first."""


def load(folder: Path) -> Checkpoint:
    """Read `folder`, in either layout. Raises: EngineUnusable if it has neither, or another model than Whisper."""
    if (folder / "model.bin").exists():
        return _from_ctranslate2(folder)
    if list(folder.glob("*.safetensors")):
        return _from_hugging_face(folder)
    raise EngineUnusable(f"{folder} holds neither model.bin (CTranslate2) nor *.safetensors (Hugging Face) weights")


def _from_hugging_face(folder: Path) -> Checkpoint:
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    if config.get("model_type") != "whisper":
        raise EngineUnusable(f"{folder} is a {config.get('model_type')!r} model, not Whisper")
    generation_file = folder / "generation_config.json"
    generation = json.loads(generation_file.read_text()) if generation_file.exists() else {}
    state: dict[str, Array] = {}
    for file in sorted(folder.glob("*.safetensors")):
        state |= {name.removeprefix("model."): array for name, array in load_file(file).items()}

    def tokens(name: str) -> tuple[int, ...]:
        return tuple(generation.get(name) or config.get(name) or ())

    return Checkpoint(
        state,
        heads=config["decoder_attention_heads"],
        alignment_heads=_alignment_heads(
            generation.get("alignment_heads"), config["decoder_layers"], config["decoder_attention_heads"]
        ),
        suppress_tokens=tokens("suppress_tokens"),
        begin_suppress_tokens=tokens("begin_suppress_tokens"),
    )


def _from_ctranslate2(folder: Path) -> Checkpoint:
    config = json.loads((folder / "config.json").read_text())
    variables = _read_variables((folder / "model.bin").read_bytes())
    heads = int(variables["encoder/num_heads"])
    layers = _count_layers(variables, "decoder")
    return Checkpoint(
        _hugging_face_names(variables),
        heads=heads,
        alignment_heads=_alignment_heads(config.get("alignment_heads"), layers, heads),
        suppress_tokens=tuple(config["suppress_ids"]),
        begin_suppress_tokens=tuple(config["suppress_ids_begin"]),
    )


def _alignment_heads(given: list[list[int]] | None, layers: int, heads: int) -> tuple[tuple[int, int], ...]:
    """`given` as tuples, or OpenAI's default: all heads in the upper half of the layers."""
    if given:
        return tuple((layer, head) for layer, head in given)
    return tuple((layer, head) for layer in range(layers // 2, layers) for head in range(heads))


def _read_variables(data: bytes) -> dict[str, Array]:
    position = 0

    def number(form: str) -> int:
        nonlocal position
        (value,) = struct.unpack_from(f"<{form}", data, position)
        position += struct.calcsize(form)
        return int(value)

    def text() -> str:
        nonlocal position
        length = number("H")
        position += length
        return data[position - length : position - 1].decode()

    number("I")  # binary version
    text()  # specification
    number("I")  # revision
    variables: dict[str, Array] = {}
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        dtype = np.dtype(_DTYPES[number("B")])
        size = number("I")
        variables[name] = np.frombuffer(data, dtype, size // dtype.itemsize, position).reshape(shape)
        position += size
    for _ in range(number("I")):
        alias = text()
        variables[alias] = variables[text()]
    return variables


def _count_layers(variables: dict[str, Array], side: str) -> int:
    return sum(name.startswith(f"{side}/layer_") and name.endswith("/ffn/linear_0/weight") for name in variables)


def _hugging_face_names(variables: dict[str, Array]) -> dict[str, Array]:
    state: dict[str, Array] = {}

    def linear(target: str, source: str) -> None:
        state[f"{target}.weight"] = variables[f"{source}/weight"]
        state[f"{target}.bias"] = variables[f"{source}/bias"]

    def norm(target: str, source: str) -> None:
        state[f"{target}.weight"] = variables[f"{source}/gamma"]
        state[f"{target}.bias"] = variables[f"{source}/beta"]

    def fused(target: str, parts: str, source: str) -> None:
        weights = np.split(variables[f"{source}/weight"], len(parts))
        biases = np.split(variables[f"{source}/bias"], len(parts))
        for part, weight, bias in zip(parts, weights, biases, strict=True):
            state[f"{target}.{part}_proj.weight"] = weight
            if part != "k":  # Whisper's keys have no bias; CTranslate2 stores zeros
                state[f"{target}.{part}_proj.bias"] = bias

    for side in ("encoder", "decoder"):
        state[f"{side}.embed_positions.weight"] = variables[f"{side}/position_encodings/encodings"]
        norm(f"{side}.layer_norm", f"{side}/layer_norm")
        for i in range(_count_layers(variables, side)):
            source, target = f"{side}/layer_{i}", f"{side}.layers.{i}"
            fused(f"{target}.self_attn", "qkv", f"{source}/self_attention/linear_0")
            linear(f"{target}.self_attn.out_proj", f"{source}/self_attention/linear_1")
            norm(f"{target}.self_attn_layer_norm", f"{source}/self_attention/layer_norm")
            if side == "decoder":
                linear(f"{target}.encoder_attn.q_proj", f"{source}/attention/linear_0")
                fused(f"{target}.encoder_attn", "kv", f"{source}/attention/linear_1")
                linear(f"{target}.encoder_attn.out_proj", f"{source}/attention/linear_2")
                norm(f"{target}.encoder_attn_layer_norm", f"{source}/attention/layer_norm")
            linear(f"{target}.fc1", f"{source}/ffn/linear_0")
            linear(f"{target}.fc2", f"{source}/ffn/linear_1")
            norm(f"{target}.final_layer_norm", f"{source}/ffn/layer_norm")
    linear("encoder.conv1", "encoder/conv1")
    linear("encoder.conv2", "encoder/conv2")
    state["decoder.embed_tokens.weight"] = variables["decoder/embeddings/weight"]
    return state
