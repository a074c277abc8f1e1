"""Kokoro's weights as one state dict, and its voices. Read from an int8 ONNX export with the voices of kokoro-js, or
from the layout of the hub.

Names are the ones in `KModel.state_dict()` of hexgrad/kokoro, with weight norm folded into the weights. A voice is
float32 [510,256]: row n - 1 is its style for n phonemes.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from speech.errors import EngineUnusable
from speech.reading.vocabulary import VOCABULARY

Float = NDArray[np.float32]
Array = NDArray[Any]

STYLES, STYLE = 510, 256
"""Rows of a voice (one style for each number of phonemes), and values of a style."""


@dataclass(frozen=True)
class Checkpoint:
    """A Kokoro model: its weights, and its voices by name, in alphabetical order."""

    state: dict[str, Tensor]
    voices: dict[str, Float]


def load(folder: Path) -> Checkpoint:
    """Read `folder`, in either layout. Raises: EngineUnusable for another alphabet or shape than Kokoro-82M 1.0 has."""
    if (folder / "model.onnx").exists():
        state, voices = _from_int8_graph(folder / "model.onnx"), _voices_of_package(folder / "voices.tgz")
    else:
        _check_vocabulary(folder / "config.json")
        state, voices = _from_kmodel(next(folder.glob("*.pth"))), _voices_of_hub(folder / "voices")
    for name, styles in voices.items():
        if styles.shape != (STYLES, STYLE):
            raise EngineUnusable(f"voice {name!r} has the shape {styles.shape}, expected {(STYLES, STYLE)}")
    return Checkpoint(state, dict(sorted(voices.items())))


def _check_vocabulary(config: Path) -> None:
    vocabulary = json.loads(config.read_text()).get("vocab")
    if vocabulary != VOCABULARY:
        raise EngineUnusable(f"{config} has another alphabet than Kokoro-82M 1.0, whose phonemes speech/ makes")


def _voices_of_package(archive: Path) -> dict[str, Float]:
    """The voices in the npm archive of kokoro-js: package/voices/<name>.bin, little-endian float32."""
    with tarfile.open(archive) as package:
        return {
            Path(member.name).stem: np.frombuffer(file.read(), "<f4").reshape(-1, STYLE).astype(np.float32)
            for member in package
            if member.name.startswith("package/voices/") and (file := package.extractfile(member))
        }


def _voices_of_hub(folder: Path) -> dict[str, Float]:
    """The voices of the hub's layout: voices/<name>.pt, float32 [510,1,256]."""
    files = sorted(folder.glob("*.pt"))
    return {file.stem: torch.load(file, weights_only=True).float().squeeze(1).numpy() for file in files}


def _from_kmodel(file: Path) -> dict[str, Tensor]:
    """The five state dicts of the file as one, without the prefix `module.` (DataParallel), with weight norm folded."""
    parts: Mapping[str, Mapping[str, Tensor]] = torch.load(file, map_location="cpu", weights_only=True)
    state = {
        f"{part}.{name.removeprefix('module.')}": tensor.float()
        for part, tensors in parts.items()
        for name, tensor in tensors.items()
    }
    for name in [name for name in state if name.endswith(".weight_v")]:
        direction, size = state.pop(name), state.pop(f"{name[:-1]}g")
        norm = direction.flatten(1).norm(dim=1).view(-1, *[1] * (direction.dim() - 1))
        state[name.removesuffix("_v")] = direction * (size / norm)
    return {name: tensor for name, tensor in state.items() if not _UNUSED.search(name)}


_UNUSED = re.compile(r"^bert\.pooler\.|\.norm\.(weight|bias)$|position_ids$")
"""Names that KModel has but does not use: the pooler, and the scale and shift of instance norms, which stay 1 and 0."""


# The int8 graph is ONNX Runtime's dynamic quantization of an export of KModel. Biases, norms, embeddings and alphas
# have kept their names (under `encoder.` or `decoder.`). Weights of convolutions, products and LSTMs are found by the
# node that uses them, because the name of a node is the path of its module.


def _from_int8_graph(file: Path) -> dict[str, Tensor]:
    graph = onnx.load(file).graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    state: dict[str, Tensor] = {}
    for found in (_of_nodes(graph, constants), _of_constants(constants)):
        for name, array in found:
            # Shared layers (of ALBERT) appear once for each use.
            state.setdefault(_kmodel_name(name), torch.from_numpy(np.array(array, dtype=np.float32)))
    return state


def _of_nodes(graph: onnx.GraphProto, constants: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    for node in graph.node:
        weight = node.input[1] if len(node.input) > 1 else ""
        path = _module(node.name)
        match node.op_type:
            case "ConvInteger":
                yield f"{path}.weight", _dequantized(node, constants)
            case "MatMulInteger" if node.name.endswith("/Gemm_MatMul_quant"):
                yield weight.replace("_quantized", ""), _dequantized(node, constants).T
            case "MatMulInteger":
                yield f"{re.sub(r'_[0-9]+$', '', path)}.weight", _dequantized(node, constants).T
            case "Conv" | "ConvTranspose" if weight in constants and "istft" not in node.name:
                yield f"{path}.weight", constants[weight]
            case "DynamicQuantizeLSTM":
                yield from _lstm(path, node, constants)
            case "MatMul" if weight in constants and constants[weight].shape == (9, 1):
                yield "decoder.decoder.generator.m_source.l_linear.weight", constants[weight].T


def _of_constants(constants: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    for name, array in constants.items():
        if re.match(r"(encoder|decoder)\..*(\.(bias|weight|gamma|beta)|alpha[12]\.\d)$", name):
            yield name, array
        elif re.search(r"embeddings?\.weight_quantized$", name):
            scale = constants[name.replace("_quantized", "_scale")]
            yield name.replace("_quantized", ""), array.astype(np.float32) * scale


def _dequantized(node: onnx.NodeProto, constants: Mapping[str, Array]) -> Float:
    weight = node.input[1]
    zero = constants[node.input[3]].astype(np.float32)
    return (constants[weight].astype(np.float32) - zero) * constants[weight.replace("_quantized", "_scale")]


def _lstm(path: str, node: onnx.NodeProto, constants: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    """The LSTM weights of torch from those of ONNX: [2,in,4H] int8, with a scale for each direction. The order of the
    gates changes from i, o, f, c to i, f, c, o."""
    w, r, b, w_scale, r_scale = (constants[node.input[at]] for at in (1, 2, 3, 8, 10))
    input_bias, hidden_bias = np.split(b, 2, axis=1)
    for direction, suffix in enumerate(("", "_reverse")):
        for kind, array in (
            ("weight_ih", w[direction].T * w_scale[direction]),
            ("weight_hh", r[direction].T * r_scale[direction]),
            ("bias_ih", input_bias[direction]),
            ("bias_hh", hidden_bias[direction]),
        ):
            i, o, f, c = np.split(array, 4)
            yield f"{path}.{kind}_l0{suffix}", np.concatenate([i, f, c, o])


def _module(node_name: str) -> str:
    """'/decoder/decoder/generator/noise_convs.0/Conv_quant' -> 'decoder.decoder.generator.noise_convs.0'.

    A path has a list and its member one after the other ('convs1/convs1.2'); only the member is kept.
    """
    path: list[str] = []
    for step in node_name.strip("/").split("/")[:-1]:
        if path and step.startswith(f"{path[-1]}."):
            path.pop()
        path.append(step)
    return re.sub(r"^encoder\.(F0|N|F0_proj|N_proj|shared)(?=\.|$)", r"encoder.predictor.\1", ".".join(path))


def _kmodel_name(name: str) -> str:
    return name.removeprefix("decoder.") if name.startswith("decoder.decoder.") else name.removeprefix("encoder.")
