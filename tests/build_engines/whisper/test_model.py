"""Whisper in torch, compared with transformers."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import WhisperForConditionalGeneration

from build_engines.whisper.model import Decoder, Encoder

NEVER = -3e4
"""Added to attention scores of tokens that must not be seen."""


def prefill(decoder: Decoder, tokens: torch.Tensor, cross: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    rows, length = tokens.shape
    bias = torch.triu(torch.full((length, length), NEVER), 1).repeat(rows, 1, 1, 1)
    empty = torch.zeros(rows, cross[0].shape[1], 0, cross[0].shape[3])
    caches = [part for i in range(len(decoder.layers)) for part in (empty, empty, cross[2 * i], cross[2 * i + 1])]
    positions = torch.arange(length).repeat(rows, 1)
    unmasked = torch.zeros(cross[0].shape[0], 1, 1, cross[0].shape[2])
    states: tuple[torch.Tensor, ...] = decoder(tokens, positions, bias, unmasked, *caches)
    return states


def test_the_model_is_transformers_model(folder: Path, halves: tuple[Encoder, Decoder]) -> None:
    reference = WhisperForConditionalGeneration.from_pretrained(folder, attn_implementation="eager").eval()
    encoder, decoder = halves
    mel = torch.randn(2, 128, 3000, generator=torch.Generator().manual_seed(1))
    tokens = torch.tensor([[50258, 50259, 50359, 50364, 400], [50258, 50260, 50358, 50364, 900]])
    with torch.inference_mode():
        expected = reference(mel, decoder_input_ids=tokens, output_attentions=True)
        logits, alignment, *_ = prefill(decoder, tokens, encoder(mel))
    torch.testing.assert_close(logits, expected.logits[:, -1], atol=1e-4, rtol=1e-4)
    heads = [expected.cross_attentions[layer][:, head] for layer, head in decoder.alignment_heads]
    torch.testing.assert_close(alignment, torch.stack(heads, 1), atol=1e-5, rtol=1e-3)


def test_rows_of_one_window_share_its_sound(halves: tuple[Encoder, Decoder]) -> None:
    encoder, decoder = halves
    mel = torch.randn(2, 128, 400, generator=torch.Generator().manual_seed(2))
    cross = encoder(mel)
    tokens = torch.randint(0, 50000, (6, 4), generator=torch.Generator().manual_seed(3))
    shared, _, *caches = prefill(decoder, tokens, cross)
    repeated, _, *more = prefill(decoder, tokens, tuple(part.repeat_interleave(3, 0) for part in cross))
    torch.testing.assert_close(shared, repeated, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(caches, more, atol=1e-5, rtol=1e-4)
