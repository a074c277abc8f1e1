"""The published engine of Kokoro: its manifest, and the audio of its graphs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from build_engines import recipes
from build_engines.kokoro import verify
from build_engines.kokoro.chain import Chain
from build_engines.kokoro.model import Kokoro
from build_engines.kokoro.reading import SHORT_TEXTS, TEXT
from speech.engines import BuiltEngine, Engine, OnnxEngine
from speech.reading.vocabulary import PAD, VOCABULARY

Float = NDArray[np.float32]


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


def test_every_voice_has_its_pack(built: BuiltEngine, pack: Callable[[str], Float]) -> None:
    for name in built.model["voices"]:
        style = pack(name)
        assert style.shape == (510, 256)
        assert style.dtype == np.float32


@pytest.mark.parametrize("voice", ["af_heart", "bm_fable", "am_onyx"])
@pytest.mark.parametrize("phonemes", [TEXT, *SHORT_TEXTS], ids=["long", "yes", "hello"])
def test_speech_is_as_loud_as_torchs(
    built: BuiltEngine,
    engines: dict[str, Engine],
    kokoro: Kokoro,
    pack: Callable[[str], Float],
    voice: str,
    phonemes: str,
) -> None:
    """Wrong phases of harmonics cause an offset and pops; norms taken from other utterances silence short ones."""
    said = Chain(engines).run(phonemes, pack(voice))
    expected = verify.torch_engines(kokoro)["generator"].run(**said.generator_inputs)["waveform"][0]
    assert -32 < level_db(expected) < -18
    for graph in built.model["generators"].values():
        got = OnnxEngine(built.file(f"{graph}.onnx")).run(**said.generator_inputs)["waveform"][0]
        assert level_db(got) == pytest.approx(level_db(expected), abs=0.5)
        assert abs(got.mean()) < 2e-3


def level_db(wave: Float) -> float:
    return float(10 * np.log10((wave**2).mean()))


def test_the_phases_are_those_of_a_real_transform(engines: dict[str, Engine], pack: Callable[[str], Float]) -> None:
    harmonics = Chain(engines).run(TEXT, pack("af_heart")).harmonics[0]
    for phases in (harmonics[11], harmonics[21]):
        assert set(phases.tolist()) == {0.0, float(np.float32(np.pi))}
