"""Whisper in plain torch, made for export (Radford et al. 2022; reference: openai/whisper, model.py).

Differences from the reference: Q, K and V are one matrix; the attention scale is folded into the queries; cross K/V are
outputs of the encoder, so that they are computed once for each window; the cache is explicit; logits are computed for
the last position only; the cross-attention of the alignment heads is an output, for the times of words.

Letters in shapes: B batch, W windows, R rows (beams) of all windows, T new tokens, P past tokens, S frames of 20 ms,
H heads, D size of a head.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from build_engines.whisper.checkpoint import Checkpoint


def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """q [B,H,T,D], k and v [B,H,S,D], additive bias -> values [B,H,T,D] and probabilities [B,H,T,S]."""
    scores = q @ k.transpose(-1, -2)
    if bias is not None:
        scores = scores + bias
    probabilities = torch.softmax(scores, -1)
    return probabilities @ v, probabilities


class Layer(nn.Module):
    """What encoder and decoder layers have in common: self-attention and the feed-forward network."""

    def __init__(self, width: int, hidden: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.mlp_norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, width)

    def split(self, x: Tensor) -> Tensor:
        """[B,T,width] -> [B,H,T,D]"""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def merge(self, x: Tensor) -> Tensor:
        """[B,H,T,D] -> [B,T,width]"""
        return x.transpose(1, 2).flatten(2)

    def mlp(self, x: Tensor) -> Tensor:
        return x + self.fc2(F.gelu(self.fc1(self.mlp_norm(x))))


class Encoder(nn.Module):
    """mel [W,n_mels,2S] -> for each decoder layer cross_k, cross_v [W,H,S,D]; a frame of S is 20 ms."""

    def __init__(self, mels: int, positions: int, width: int, hidden: int, heads: int, layers: int, readers: int):
        super().__init__()
        self.conv1 = nn.Conv1d(mels, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.positions = nn.Parameter(torch.zeros(positions, width))
        self.layers = nn.ModuleList(Layer(width, hidden, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.cross_kv = nn.ModuleList(nn.Linear(width, 2 * width) for _ in range(readers))
        self.heads = heads

    def forward(self, mel: Tensor) -> tuple[Tensor, ...]:
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).transpose(1, 2)
        x = x + self.positions[: x.shape[1]]
        for layer in self.layers:
            assert isinstance(layer, Layer)
            q, k, v = layer.qkv(layer.attention_norm(x)).chunk(3, -1)
            values, _ = attend(layer.split(q), layer.split(k), layer.split(v))
            x = layer.mlp(x + layer.out(layer.merge(values)))
        x = self.norm(x)
        cross = [part for linear in self.cross_kv for part in linear(x).chunk(2, -1)]
        return tuple(part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in cross)


class DecoderLayer(Layer):
    """A decoder layer: self-attention over the cache, cross-attention, feed-forward."""

    def __init__(self, width: int, hidden: int, heads: int) -> None:
        super().__init__(width, hidden, heads)
        self.cross_norm = nn.LayerNorm(width)
        self.cross_q = nn.Linear(width, width)
        self.cross_out = nn.Linear(width, width)

    def read(self, x: Tensor, cross_k: Tensor, cross_v: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Cross-attention of rows x [R,T,width] to W windows. The R/W rows of a window are next to each other.

        They are folded into the time axis, so that the K/V of a window are read once for all its beams.
        """
        windows = cross_k.shape[0]
        q = self.cross_q(self.cross_norm(x)).reshape(windows, -1, self.heads, cross_k.shape[3]).transpose(1, 2)
        values, probabilities = attend(q, cross_k, cross_v, bias)
        return x + self.cross_out(self.merge(values).reshape(x.shape)), probabilities


class Decoder(nn.Module):
    """The same graph for the prompt (T tokens) and for each step (T = 1). R is a multiple of W.

    Inputs: tokens and positions [R,T] int64; self_bias [R,1,T,P+T] and cross_bias [W,1,1,S], which are added to
    attention scores (0, or a large negative number); for each layer past_k, past_v [R,H,P,D], cross_k, cross_v
    [W,H,S,D].
    Outputs: logits [R,vocabulary] after the last token; alignment [W,A,(R/W)*T,S], the cross-attention of the A
    alignment heads; for each layer k, v [R,H,P+T,D].
    """

    def __init__(
        self,
        vocabulary: int,
        positions: int,
        width: int,
        hidden: int,
        heads: int,
        layers: int,
        alignment_heads: tuple[tuple[int, int], ...],
    ) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(positions, width)
        self.layers = nn.ModuleList(DecoderLayer(width, hidden, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.alignment_heads = alignment_heads

    def forward(
        self, tokens: Tensor, positions: Tensor, self_bias: Tensor, cross_bias: Tensor, *kv: Tensor
    ) -> tuple[Tensor, ...]:
        x = self.tokens(tokens) + self.positions(positions)
        present: list[Tensor] = []
        attention: list[Tensor] = []
        for i, layer in enumerate(self.layers):
            assert isinstance(layer, DecoderLayer)
            past_k, past_v, cross_k, cross_v = kv[4 * i : 4 * i + 4]
            q, k, v = (layer.split(part) for part in layer.qkv(layer.attention_norm(x)).chunk(3, -1))
            k, v = torch.cat([past_k, k], 2), torch.cat([past_v, v], 2)
            values, _ = attend(q, k, v, self_bias)
            x, probabilities = layer.read(x + layer.out(layer.merge(values)), cross_k, cross_v, cross_bias)
            x = layer.mlp(x)
            attention += [probabilities[:, head : head + 1] for at, head in self.alignment_heads if at == i]
            present += [k, v]
        return self.norm(x[:, -1]) @ self.tokens.weight.t(), torch.cat(attention, 1), *present


def from_checkpoint(checkpoint: Checkpoint) -> tuple[Encoder, Decoder]:
    """Encoder and decoder with the weights of `checkpoint`, in float32, in evaluation mode, without gradients."""
    state = {name: torch.from_numpy(np.array(array, dtype=np.float32)) for name, array in checkpoint.state.items()}
    heads = checkpoint.heads
    width, mels, _ = state["encoder.conv1.weight"].shape
    hidden = state["encoder.layers.0.fc1.weight"].shape[0]
    layers = {side: 1 + max(int(n.split(".")[2]) for n in state if n.startswith(f"{side}.layers.")) for side in SIDES}
    scale = (width // heads) ** -0.5
    encoder = Encoder(
        mels,
        state["encoder.embed_positions.weight"].shape[0],
        width,
        hidden,
        heads,
        layers["encoder"],
        layers["decoder"],
    )
    vocabulary = state["decoder.embed_tokens.weight"].shape[0]
    positions = state["decoder.embed_positions.weight"].shape[0]
    hidden = state["decoder.layers.0.fc1.weight"].shape[0]
    decoder = Decoder(vocabulary, positions, width, hidden, heads, layers["decoder"], checkpoint.alignment_heads)

    def copy(module: nn.Linear | nn.LayerNorm | nn.Conv1d, name: str, factor: float = 1.0) -> None:
        module.weight.data = state[f"{name}.weight"] * factor
        if module.bias is not None:
            module.bias.data = state[f"{name}.bias"] * factor

    def fuse(module: nn.Linear, name: str, parts: str) -> None:
        factors = {"q": scale, "k": 1.0, "v": 1.0}
        module.weight.data = torch.cat([state[f"{name}.{p}_proj.weight"] * factors[p] for p in parts])
        no_bias = torch.zeros(width)
        module.bias.data = torch.cat([state.get(f"{name}.{p}_proj.bias", no_bias) * factors[p] for p in parts])

    for side, half in (("encoder", encoder), ("decoder", decoder)):
        copy(half.norm, f"{side}.layer_norm")
        for i, layer in enumerate(half.layers):
            assert isinstance(layer, Layer)
            name = f"{side}.layers.{i}"
            copy(layer.attention_norm, f"{name}.self_attn_layer_norm")
            fuse(layer.qkv, f"{name}.self_attn", "qkv")
            copy(layer.out, f"{name}.self_attn.out_proj")
            copy(layer.mlp_norm, f"{name}.final_layer_norm")
            copy(layer.fc1, f"{name}.fc1")
            copy(layer.fc2, f"{name}.fc2")
            if isinstance(layer, DecoderLayer):
                copy(layer.cross_norm, f"{name}.encoder_attn_layer_norm")
                copy(layer.cross_q, f"{name}.encoder_attn.q_proj", scale)
                copy(layer.cross_out, f"{name}.encoder_attn.out_proj")
                linear = encoder.cross_kv[i]
                assert isinstance(linear, nn.Linear)
                fuse(linear, f"{name}.encoder_attn", "kv")
    copy(encoder.conv1, "encoder.conv1")
    copy(encoder.conv2, "encoder.conv2")
    encoder.positions.data = state["encoder.embed_positions.weight"]
    decoder.tokens.weight.data = state["decoder.embed_tokens.weight"]
    decoder.positions.weight.data = state["decoder.embed_positions.weight"]
    return encoder.eval().requires_grad_(False), decoder.eval().requires_grad_(False)


SIDES = ("encoder", "decoder")
