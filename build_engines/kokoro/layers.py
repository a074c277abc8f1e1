"""Layers that several parts of Kokoro use (StyleTTS 2, Li et al. 2023; reference: hexgrad/kokoro, istftnet.py).

A style is a row of a voice pack, [B,256]. Its first half determines the timbre, its second half the prosody.
Letters in shapes: B batch, C channels, L tokens, T frames.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

HALF_STYLE = 128
HIDDEN = 256
EPSILON = 1e-5


def sound_of(style: Tensor) -> Tensor:
    return style[:, :HALF_STYLE]


def prosody_of(style: Tensor) -> Tensor:
    return style[:, HALF_STYLE:]


class BiLSTM(nn.LSTM):
    """x [B,L,width] -> [B,L,512]: one layer in both directions. A graph has ONNX's own operator for it.

    If a graph has two LSTMs, the exporter's translation of nn.LSTM is wrong for lengths other than the example's.
    """

    onnx_w: Tensor
    onnx_r: Tensor
    onnx_b: Tensor

    def __init__(self, width: int) -> None:
        super().__init__(width, HIDDEN, batch_first=True, bidirectional=True)
        for name in ("onnx_w", "onnx_r", "onnx_b"):
            self.register_buffer(name, torch.empty(0), persistent=False)
        self.register_load_state_dict_post_hook(_arrange)

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        if not torch.onnx.is_in_onnx_export():
            output: Tensor = super().forward(x)[0]
            return output
        x = x.transpose(0, 1)
        length, batch, _ = x.shape
        y = torch.onnx.ops.symbolic(
            "LSTM",
            (x, self.onnx_w, self.onnx_r, self.onnx_b),
            {"hidden_size": HIDDEN, "direction": "bidirectional"},
            dtype=x.dtype,
            shape=(length, 2, batch, HIDDEN),
        )
        return y.permute(2, 0, 1, 3).flatten(2)


def _arrange(lstm: nn.Module, _: object) -> None:
    """Weights for ONNX, whose gates are input, output, forget, cell; in torch they are input, forget, cell, output."""
    state = lstm.state_dict()

    def both(kind: str) -> Tensor:
        directions = []
        for suffix in ("", "_reverse"):
            i, f, c, o = state[f"{kind}_l0{suffix}"].chunk(4)
            directions.append(torch.cat([i, o, f, c]))
        return torch.stack(directions)

    lstm.onnx_w = both("weight_ih")
    lstm.onnx_r = both("weight_hh")
    lstm.onnx_b = torch.cat([both("bias_ih"), both("bias_hh")], 1)


class AdaIN(nn.Module):
    """x [B,C,T] -> [B,C,T]: each channel is normalised over time, then scaled and shifted by the style [B,128]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.fc = nn.Linear(HALF_STYLE, 2 * channels)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        gain, shift = self.fc(style).unsqueeze(-1).chunk(2, 1)
        return (1 + gain) * F.instance_norm(x, eps=EPSILON) + shift


class AdaLayerNorm(nn.Module):
    """x [B,L,C] -> [B,L,C]: each position is normalised over channels, then scaled and shifted by the style [B,128]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.fc = nn.Linear(HALF_STYLE, 2 * channels)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        gain, shift = self.fc(style).unsqueeze(1).chunk(2, -1)
        return (1 + gain) * F.layer_norm(x, x.shape[-1:], eps=EPSILON) + shift


class AdainBlock(nn.Module):
    """x [B,in,T], style [B,128] -> [B,out,T], or [B,out,2T] if it `doubles`: two convolutions and a shortcut."""

    def __init__(self, channels_in: int, channels_out: int, *, doubles: bool = False) -> None:
        super().__init__()
        self.norm1 = AdaIN(channels_in)
        self.conv1 = nn.Conv1d(channels_in, channels_out, 3, padding=1)
        self.norm2 = AdaIN(channels_out)
        self.conv2 = nn.Conv1d(channels_out, channels_out, 3, padding=1)
        self.conv1x1 = nn.Conv1d(channels_in, channels_out, 1, bias=False) if channels_in != channels_out else None
        self.pool = (
            nn.ConvTranspose1d(channels_in, channels_in, 3, 2, 1, output_padding=1, groups=channels_in)
            if doubles
            else None
        )

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        y = F.leaky_relu(self.norm1(x, style), 0.2)
        if self.pool is not None:
            y = self.pool(y)
            # Repeat each frame. This is not a nearest Resize, on which TensorRT for RTX 1.7 crashes.
            x = torch.stack([x, x], -1).flatten(-2)
        y = self.conv2(F.leaky_relu(self.norm2(self.conv1(y), style), 0.2))
        if self.conv1x1 is not None:
            x = self.conv1x1(x)
        return (x + y) / math.sqrt(2)
