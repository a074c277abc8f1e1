"""Kokoro-82M in plain torch, made for export as five parts (reference: hexgrad/kokoro, model.py).

    text       tokens [B,L], style [B,256]                       -> features [B,L,640], text [B,512,L], durations [B,L]
    (host: repeat `features` and `text` for each token as `durations` says, which gives T frames of 25 ms)
    prosody    features [B,T,640], style                         -> f0 [B,2T] Hz, energy [B,2T]
    source     f0                                                -> harmonics [B,22,120T+1]
    front      text [B,512,T], f0, energy, style                 -> acoustic [B,512,2T]
    generator  acoustic, harmonics, style                        -> waveform [B,600T], 24 kHz

Differences from the reference: there are no masks, because all rows of a batch have the same length, and the source has
no noise.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from build_engines.kokoro.layers import AdainBlock, AdaLayerNorm, BiLSTM, prosody_of
from build_engines.kokoro.vocoder import Front, Generator, Source
from speech.reading.vocabulary import TOKENS

POSITIONS = 512
"""The largest number of tokens at once, padding included."""
WIDTH = 512
"""Channels of most layers."""
MAX_FRAMES_PER_TOKEN = 50
"""Frames of 25 ms that a token lasts at most."""


class Albert(nn.Module):
    """tokens [B,L] -> [B,L,768]: one transformer layer that is applied twelve times (Lan et al. 2019)."""

    def __init__(self, width: int = 768, embedding: int = 128, hidden: int = 2048, heads: int = 12, depth: int = 12):
        super().__init__()
        self.heads, self.depth = heads, depth
        self.tokens = nn.Embedding(TOKENS, embedding)
        self.positions = nn.Embedding(POSITIONS, embedding)
        self.types = nn.Embedding(2, embedding)
        self.norm = nn.LayerNorm(embedding, eps=1e-12)
        self.widen = nn.Linear(embedding, width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.dense = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, eps=1e-12)
        self.ffn = nn.Linear(width, hidden)
        self.ffn_output = nn.Linear(hidden, width)
        self.output_norm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.tokens(tokens) + self.positions.weight[: tokens.shape[1]] + self.types.weight[0]
        x = self.widen(self.norm(x))
        for _ in range(self.depth):
            q, k, v = (
                linear(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
                for linear in (self.query, self.key, self.value)
            )
            values = torch.softmax(q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5, -1) @ v
            x = self.attention_norm(x + self.dense(values.transpose(1, 2).flatten(2)))
            x = self.output_norm(x + self.ffn_output(F.gelu(self.ffn(x), approximate="tanh")))
        return x


class ChannelNorm(nn.Module):
    """x [B,C,L] -> [B,C,L]: each position is normalised over its channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x.transpose(1, 2), self.gamma.shape, self.gamma, self.beta).transpose(1, 2)


class TextEncoder(nn.Module):
    """tokens [B,L] -> [B,512,L]: the content of the text, without style."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, WIDTH)
        self.cnn = nn.ModuleList(
            nn.Sequential(nn.Conv1d(WIDTH, WIDTH, 5, padding=2), ChannelNorm(WIDTH), nn.LeakyReLU(0.2))
            for _ in range(3)
        )
        self.lstm = BiLSTM(WIDTH)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embedding(tokens).transpose(1, 2)
        for layer in self.cnn:
            x = layer(x)
        return self.lstm(x.transpose(1, 2)).transpose(1, 2)


class StyledEncoder(nn.Module):
    """x [B,L,512], style [B,128] -> [B,L,640]: content and style; the last 128 channels are the style itself."""

    def __init__(self) -> None:
        super().__init__()
        layers = ((BiLSTM(WIDTH + 128), AdaLayerNorm(WIDTH)) for _ in range(3))
        self.lstms = nn.ModuleList(layer for pair in layers for layer in pair)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        everywhere = style.unsqueeze(1).expand(-1, x.shape[1], -1)
        x = torch.cat([x, everywhere], -1)
        for i in range(0, len(self.lstms), 2):
            x = torch.cat([self.lstms[i + 1](self.lstms[i](x), style), everywhere], -1)
        return x


class Text(nn.Module):
    """tokens [B,L] int64, style [B,256] -> features [B,L,640], text [B,512,L], durations [B,L] in frames of 25 ms."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = Albert()
        self.narrow = nn.Linear(768, WIDTH)
        self.styled = StyledEncoder()
        self.duration_lstm = BiLSTM(WIDTH + 128)
        self.duration = nn.Linear(WIDTH, MAX_FRAMES_PER_TOKEN)
        self.encoder = TextEncoder()

    def forward(self, tokens: Tensor, style: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        features = self.styled(self.narrow(self.bert(tokens)), prosody_of(style))
        durations = torch.sigmoid(self.duration(self.duration_lstm(features))).sum(-1)
        return features, self.encoder(tokens), durations


class Prosody(nn.Module):
    """features [B,T,640], style [B,256] -> f0 [B,2T] in Hz (below 10: unvoiced), energy [B,2T]; 80 values a second."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = BiLSTM(WIDTH + 128)
        self.f0 = _curve()
        self.f0_out = nn.Conv1d(WIDTH // 2, 1, 1)
        self.energy = _curve()
        self.energy_out = nn.Conv1d(WIDTH // 2, 1, 1)

    def forward(self, features: Tensor, style: Tensor) -> tuple[Tensor, Tensor]:
        f0 = energy = self.shared(features).transpose(1, 2)
        for block in self.f0:
            f0 = block(f0, prosody_of(style))
        for block in self.energy:
            energy = block(energy, prosody_of(style))
        return self.f0_out(f0).squeeze(1), self.energy_out(energy).squeeze(1)


def _curve() -> nn.ModuleList:
    half = WIDTH // 2
    return nn.ModuleList([AdainBlock(WIDTH, WIDTH), AdainBlock(WIDTH, half, doubles=True), AdainBlock(half, half)])


class Kokoro(nn.Module):
    """The five parts of Kokoro."""

    def __init__(self) -> None:
        super().__init__()
        self.text = Text()
        self.prosody = Prosody()
        self.source = Source()
        self.front = Front()
        self.generator = Generator()


_LAYER = "bert.encoder.albert_layer_groups.0.albert_layers.0."
_NAMES = (
    ("bert.embeddings.word_embeddings.", "text.bert.tokens."),
    ("bert.embeddings.position_embeddings.", "text.bert.positions."),
    ("bert.embeddings.token_type_embeddings.", "text.bert.types."),
    ("bert.embeddings.LayerNorm.", "text.bert.norm."),
    ("bert.encoder.embedding_hidden_mapping_in.", "text.bert.widen."),
    (f"{_LAYER}attention.LayerNorm.", "text.bert.attention_norm."),
    (f"{_LAYER}attention.", "text.bert."),
    (f"{_LAYER}full_layer_layer_norm.", "text.bert.output_norm."),
    (_LAYER, "text.bert."),
    ("bert_encoder.", "text.narrow."),
    ("predictor.text_encoder.", "text.styled."),
    ("predictor.lstm.", "text.duration_lstm."),
    ("predictor.duration_proj.linear_layer.", "text.duration."),
    ("text_encoder.", "text.encoder."),
    ("predictor.shared.", "prosody.shared."),
    ("predictor.F0.", "prosody.f0."),
    ("predictor.F0_proj.", "prosody.f0_out."),
    ("predictor.N.", "prosody.energy."),
    ("predictor.N_proj.", "prosody.energy_out."),
    ("decoder.generator.m_source.l_linear.", "source.mix."),
    ("decoder.generator.", "generator."),
    ("decoder.", "front."),
)
"""Prefixes of names in KModel, and the prefixes that replace them here. The first one that matches counts."""


def from_state(state: Mapping[str, Tensor]) -> Kokoro:
    """Kokoro in float32, in evaluation mode, without gradients. `state` has the names of KModel."""
    kokoro = Kokoro()
    kokoro.load_state_dict({_renamed(name): tensor for name, tensor in state.items()})
    return kokoro.eval().requires_grad_(False)


def _renamed(name: str) -> str:
    theirs, ours = next((theirs, ours) for theirs, ours in _NAMES if name.startswith(theirs))
    return ours + name.removeprefix(theirs)
