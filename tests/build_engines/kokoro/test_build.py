"""The published engine of Kokoro: what it says of itself, and what its graphs compute."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from build_engines import recipes, weights
from build_engines.kokoro import verify
from build_engines.kokoro.chain import Chain
from build_engines.kokoro.checkpoint import load
from build_engines.kokoro.model import Kokoro, from_state
from build_engines.kokoro.parts import PARTS
from build_engines.kokoro.reading import SHORT_TEXTS, TEXT
from speech.engines import BuiltEngine, Engine, EngineStore, OnnxEngine
from speech.errors import EngineUnusable
from speech.reading.phonemes import language_of
from speech.reading.vocabulary import PAD, VOCABULARY

Float = NDArray[np.float32]


@pytest.fixture(scope="module")
def built(engines_dir: Path) -> BuiltEngine:
    return EngineStore(engines_dir).open("kokoro")


@pytest.fixture(scope="module")
def engines(built: BuiltEngine) -> dict[str, Engine]:
    return {name: OnnxEngine(built.file(f"{name}.onnx")) for name in PARTS}


@pytest.fixture(scope="module")
def kokoro() -> Kokoro:
    return from_state(load(weights.fetch(recipes.KOKORO).folder).state)


def pack(built: BuiltEngine, name: str) -> Float:
    with np.load(built.file(f"voices/{name}.npz")) as arrays:
        assert list(arrays) == ["style"]
        style: Float = arrays["style"]
        return style


def test_the_manifest_says_what_the_runtime_needs(built: BuiltEngine) -> None:
    model = built.model
    assert (model["sample_rate_hz"], model["samples_per_frame"]) == (24_000, 600)
    assert (model["pad"], model["vocabulary"]) == (PAD, VOCABULARY)
    assert all(built.file(f"{graph}.onnx").is_file() for graph in model["generators"].values())
    assert "fp32" in model["generators"]
    assert len(model["voices"]) == 54
    assert model["voices"] == sorted(model["voices"])


def test_parity_and_int8_are_in_the_manifest(built: BuiltEngine) -> None:
    for part, least in recipes.KOKORO_TOLERANCES_DB.items():
        assert built.manifest["parity_db"][part] >= least
    fast = built.manifest["int8_time"] < 0.95 and built.manifest["int8_error_db"] < 1.5
    assert list(built.model["generators"]) == (["int8", "fp32"] if fast else ["fp32"])


def test_every_voice_has_its_pack(built: BuiltEngine) -> None:
    for name in built.model["voices"]:
        style = pack(built, name)
        assert style.shape == (510, 256)
        assert style.dtype == np.float32


def test_voices_are_described_by_what_was_measured(built: BuiltEngine) -> None:
    voices = json.loads(built.file("voices.json").read_text())
    assert list(voices) == built.model["voices"]
    for name, facts in voices.items():
        assert facts["language"] == language_of(name)
        assert facts["gender"] == {"f": "female", "m": "male"}[name[1]]
        assert f"({facts['f0_median_hz']} Hz)" in facts["description"]
        assert 4 < facts["phonemes_per_s"] < 25
        assert 0 < facts["f0_range_semitones"] < 36
    pitch = {
        sex: np.median([v["f0_median_hz"] for v in voices.values() if v["gender"] == sex]) for sex in ("female", "male")
    }
    assert pitch["female"] > 1.3 * pitch["male"]


@pytest.mark.parametrize("voice", ["af_heart", "bm_fable", "am_onyx"])
@pytest.mark.parametrize("phonemes", [TEXT, *SHORT_TEXTS], ids=["long", "yes", "hello"])
def test_speech_is_as_loud_as_torchs(
    built: BuiltEngine, engines: dict[str, Engine], kokoro: Kokoro, voice: str, phonemes: str
) -> None:
    """Wrong phases of the harmonics make an offset and pops, and norms of other utterances silence short ones."""
    said = Chain(engines).run(phonemes, pack(built, voice))
    expected = verify.torch_engines(kokoro)["generator"].run(**said.generator_inputs)["waveform"][0]
    assert -32 < level_db(expected) < -18
    for graph in built.model["generators"].values():
        got = OnnxEngine(built.file(f"{graph}.onnx")).run(**said.generator_inputs)["waveform"][0]
        assert level_db(got) == pytest.approx(level_db(expected), abs=0.5)
        assert abs(got.mean()) < 2e-3


def level_db(wave: Float) -> float:
    return float(10 * np.log10((wave**2).mean()))


def test_the_phases_are_those_of_a_real_transform(built: BuiltEngine, engines: dict[str, Engine]) -> None:
    harmonics = Chain(engines).run(TEXT, pack(built, "af_heart")).harmonics[0]
    for phases in (harmonics[11], harmonics[21]):
        assert set(phases.tolist()) == {0.0, float(np.float32(np.pi))}


@pytest.mark.parametrize(("length", "batch"), [(3, 1), (17, 3), (510, 1)])
def test_text_is_right_at_every_length(engines: dict[str, Engine], kokoro: Kokoro, length: int, batch: int) -> None:
    """The exporter's own LSTM computes other lengths than the example's wrong."""
    random = np.random.default_rng(length)
    tokens = random.integers(1, 178, (batch, length))
    style = random.normal(scale=0.1, size=(batch, 256)).astype(np.float32)
    got = engines["text"].run(tokens=tokens, style=style)
    with torch.inference_mode():
        expected = kokoro.text(torch.from_numpy(tokens), torch.from_numpy(style))
    for name, tensor in zip(PARTS["text"].outputs, expected, strict=True):
        np.testing.assert_allclose(got[name], tensor.numpy(), atol=2e-3)


def test_parity_refuses_a_graph_that_computes_something_else(
    built: BuiltEngine, engines: dict[str, Engine], kokoro: Kokoro
) -> None:
    reference = verify.torch_engines(kokoro)
    bias = kokoro.prosody.f0_out.bias
    assert bias is not None
    bias.data += 1.0
    try:
        with pytest.raises(EngineUnusable, match=r"prosody: .* dB"):
            verify.parity(reference, engines, [pack(built, "af_heart")], recipes.KOKORO_TOLERANCES_DB)
    finally:
        bias.data -= 1.0
