"""The vocoder of Kokoro: iSTFTNet with a harmonic source (reference: hexgrad/kokoro, istftnet.py)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from build_engines.kokoro.layers import AdaIN, AdainBlock, sound_of
from speech.types import OUTPUT_RATE_HZ

SAMPLES_PER_FRAME = 600
"""Samples of a frame of 25 ms at 24 kHz."""
HARMONICS = 9
"""Sines of the source: the fundamental and its first overtones."""
LOUDNESS = 0.1
"""Amplitude of each sine."""
VOICED_HZ = 10.0
"""f0 above which a frame is voiced."""
_HOLD = 300
"""Samples of each value of f0."""
_FFT, _HOP, _BINS = 20, 5, 11
"""Window, hop (both in samples) and frequency bins of the Fourier transforms."""
DILATIONS = (1, 3, 5)
"""Dilations of the convolutions in a SnakeBlock."""


def _fourier() -> tuple[Tensor, Tensor]:
    """Convolution kernels [22,1,20] of the windowed Fourier transform and its inverse: 11 real rows, 11 imaginary."""
    n, k = torch.arange(_FFT, dtype=torch.float64), torch.arange(_BINS, dtype=torch.float64)
    angle = 2 * math.pi * k[:, None] * n / _FFT
    waves = torch.cat([torch.cos(angle), -torch.sin(angle)]) * torch.hann_window(_FFT, dtype=torch.float64)
    twice = torch.full((_BINS, 1), 2.0, dtype=torch.float64)
    twice[[0, -1]] = 1.0
    overlap = 1.5  # the sum of the squared windows over any sample
    inverse = torch.cat([twice, twice]) * waves / _FFT / overlap
    return waves.float().unsqueeze(1), inverse.float().unsqueeze(1)


class Source(nn.Module):
    """f0 [B,2T] in Hz -> harmonics [B,22,120T+1]: magnitudes and phases of the sum of nine sines that follow f0.

    The reference adds noise. Without it the same text always gives the same audio.
    """

    waves: Tensor
    order: Tensor
    ramp: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Linear(HARMONICS, 1)
        self.register_buffer("waves", _fourier()[0], persistent=False)
        self.register_buffer("order", torch.arange(1.0, HARMONICS + 1).view(1, -1, 1), persistent=False)
        self.register_buffer("ramp", (torch.arange(_HOLD) + 0.5) / _HOLD, persistent=False)

    def forward(self, f0: Tensor) -> Tensor:
        x = self.excitation(f0).unsqueeze(1)
        x = F.pad(x, (_FFT // 2, _FFT // 2), mode="reflect")
        real, imaginary = F.conv1d(x, self.waves, stride=_HOP).chunk(2, 1)
        magnitude, phase = torch.sqrt(real * real + imaginary * imaginary), torch.atan2(imaginary, real)
        # The first and the last bin are real, and in training their phase was 0 or +pi. Rounding could give -pi, from
        # which the generator makes an offset of -0.005, pops, and speech that is 1.5 dB quieter.
        edges = torch.where(real < 0, math.pi, 0.0)
        phase = torch.cat([edges[:, :1], phase[:, 1:-1], edges[:, -1:]], 1)
        return torch.cat([magnitude, phase], 1)

    def excitation(self, f0: Tensor) -> Tensor:
        """f0 [B,2T] -> [B,600T], 24 kHz. Phases are interpolated linearly between the middles of two values of f0.

        The unit of phases is turns. Whole turns are dropped before the sum, because float32 would be too coarse for the
        ninth harmonic of a long text.
        """
        turns = f0.unsqueeze(1) * self.order * (_HOLD / OUTPUT_RATE_HZ)  # [B,9,2T]: turns during one value of f0
        reached = torch.cumsum(turns - torch.floor(turns), -1)
        start = torch.cat([reached[..., :1], reached], -1)
        step = torch.cat([turns[..., :1] * 0, turns[..., 1:], turns[..., :1] * 0], -1)
        phase = (start.unsqueeze(-1) + step.unsqueeze(-1) * self.ramp).flatten(-2)[..., _HOLD // 2 : -_HOLD // 2]
        voiced = (f0 > VOICED_HZ).to(f0.dtype).unsqueeze(-1).expand(-1, -1, _HOLD).flatten(-2)
        sines = torch.sin((phase - torch.floor(phase)) * (2 * math.pi)) * (LOUDNESS * voiced.unsqueeze(1))
        return torch.tanh(self.mix(sines.transpose(1, 2)).squeeze(-1))


class Front(nn.Module):
    """text [B,512,T], f0 [B,2T], energy [B,2T], style [B,256] -> acoustic [B,512,2T]."""

    def __init__(self) -> None:
        super().__init__()
        self.F0_conv = nn.Conv1d(1, 1, 3, 2, 1)
        self.N_conv = nn.Conv1d(1, 1, 3, 2, 1)
        self.asr_res = nn.Sequential(nn.Conv1d(512, 64, 1))
        self.encode = AdainBlock(512 + 2, 1024)
        width = 1024 + 64 + 2
        self.decode = nn.ModuleList(
            [*(AdainBlock(width, 1024) for _ in range(3)), AdainBlock(width, 512, doubles=True)]
        )

    def forward(self, text: Tensor, f0: Tensor, energy: Tensor, style: Tensor) -> Tensor:
        curves = torch.cat([self.F0_conv(f0.unsqueeze(1)), self.N_conv(energy.unsqueeze(1))], 1)
        rest = self.asr_res(text)
        x = self.encode(torch.cat([text, curves], 1), sound_of(style))
        for block in self.decode:
            x = block(torch.cat([x, rest, curves], 1), sound_of(style))
        return x


class SnakeBlock(nn.Module):
    """x [B,C,T] -> [B,C,T]: for each of three dilations, twice: normalisation, snake (x + sin²(ax)/a), convolution."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.adain1 = nn.ModuleList(AdaIN(channels) for _ in DILATIONS)
        self.adain2 = nn.ModuleList(AdaIN(channels) for _ in DILATIONS)
        self.alpha1 = nn.ParameterList(torch.ones(1, channels, 1) for _ in DILATIONS)
        self.alpha2 = nn.ParameterList(torch.ones(1, channels, 1) for _ in DILATIONS)
        self.convs1 = nn.ModuleList(
            nn.Conv1d(channels, channels, kernel, dilation=d, padding=(kernel - 1) * d // 2) for d in DILATIONS
        )
        self.convs2 = nn.ModuleList(nn.Conv1d(channels, channels, kernel, padding=(kernel - 1) // 2) for _ in DILATIONS)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        first = zip(self.adain1, self.alpha1, self.convs1, strict=True)
        second = zip(self.adain2, self.alpha2, self.convs2, strict=True)
        for steps in zip(first, second, strict=True):
            y = x
            for adain, alpha, conv in steps:
                y = adain(y, style)
                sine = torch.sin(y * alpha)
                y = conv(y + sine * sine * (1 / alpha))
            x = x + y
        return x


class Generator(nn.Module):
    """acoustic [B,512,2T], harmonics [B,22,120T+1], style [B,256] -> waveform [B,600T], 24 kHz."""

    inverse: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.noise_convs = nn.ModuleList([nn.Conv1d(22, 256, 12, 6, 3), nn.Conv1d(22, 128, 1)])
        self.noise_res = nn.ModuleList([SnakeBlock(256, 7), SnakeBlock(128, 11)])
        self.ups = nn.ModuleList([nn.ConvTranspose1d(512, 256, 20, 10, 5), nn.ConvTranspose1d(256, 128, 12, 6, 3)])
        self.resblocks = nn.ModuleList(SnakeBlock(channels, kernel) for channels in (256, 128) for kernel in (3, 7, 11))
        self.conv_post = nn.Conv1d(128, 2 * _BINS, 7, padding=3)
        self.register_buffer("inverse", _fourier()[1], persistent=False)

    def forward(self, acoustic: Tensor, harmonics: Tensor, style: Tensor) -> Tensor:
        x, style = acoustic, sound_of(style)
        for stage in range(2):
            source = self.noise_res[stage](self.noise_convs[stage](harmonics), style)
            x = self.ups[stage](F.leaky_relu(x, 0.1))
            if stage == 1:
                x = torch.cat([x[..., 1:2], x], -1)  # the harmonics have one more value
            x = x + source
            blocks = [block(x, style) for block in self.resblocks[3 * stage : 3 * stage + 3]]
            x = (blocks[0] + blocks[1] + blocks[2]) / 3
        magnitude, phase = self.conv_post(F.leaky_relu(x)).chunk(2, 1)
        magnitude, phase = torch.exp(magnitude), torch.sin(phase)
        spectrum = torch.cat([magnitude * torch.cos(phase), magnitude * torch.sin(phase)], 1)
        wave = F.conv_transpose1d(spectrum, self.inverse, stride=_HOP)
        return wave[:, 0, _FFT // 2 : -(_FFT // 2)]
