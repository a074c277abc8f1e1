"""Kokoro: weights -> torch -> five ONNX graphs, verified and in the precision of one variant; facts about voices."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from build_engines.kokoro import quantize, voices
from build_engines.kokoro.chain import Chain
from build_engines.kokoro.checkpoint import load
from build_engines.kokoro.model import from_state
from build_engines.kokoro.parts import PARTS, export_part, modules
from build_engines.kokoro.reading import SHORT_TEXTS, TEXT
from build_engines.kokoro.verify import parity, torch_engines
from build_engines.kokoro.vocoder import SAMPLES_PER_FRAME
from build_engines.recipes import Recipe
from build_engines.weights import Weights
from speech.engines import Array, Engine, OnnxEngine
from speech.reading.vocabulary import PAD, VOCABULARY
from speech.types import OUTPUT_RATE_HZ

Float = NDArray[np.float32]

STAGES = {"cpu": 5, "fp16": 5}
"""How many times `build` reports progress, by precision."""

OBSERVED_VOICES = ("af_heart", "am_onyx", "bf_emma", "bm_fable", "jf_alpha", "zm_yunxi")
"""Voices that differ much from each other. The value ranges for int8 are measured while they read."""
TRIAL_VOICES = ("af_nova", "am_adam")
"""Voices with which the graphs are compared with torch, and int8 with fp32."""


def build(
    weights: Weights, recipe: Recipe, folder: Path, precision: str, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Write graphs and voices into `folder`; return the fields of the manifest that describe them.

    precision: `cpu` (fp32, and the generator also in int8 if that is better on this machine), or `fp16` (half-precision
    graphs, from which TensorRT builds; parts that need float32 keep it).
    Raises: EngineUnusable if the graphs do not compute what torch computes.
    """
    began = time.monotonic()
    progress("reading weights")
    checkpoint = load(weights.folder)
    kokoro = from_state(checkpoint.state)
    progress("exporting")
    for name, module in modules(kokoro).items():
        export_part(module, PARTS[name], folder / f"{name}.onnx")
    engines: dict[str, Engine] = {name: OnnxEngine(folder / f"{name}.onnx") for name in PARTS}
    progress(f"describing {len(checkpoint.voices)} voices")
    chain = Chain(engines)
    (folder / "voices").mkdir()
    facts = {}
    for name, pack in checkpoint.voices.items():
        np.savez(folder / "voices" / f"{name}.npz", style=pack)
        facts[name] = voices.facts(name, chain.run(TEXT, pack))
    (folder / "voices.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    progress("verifying against torch")
    ratios = parity(torch_engines(kokoro), engines, _some(checkpoint.voices, TRIAL_VOICES), recipe.tolerances)
    measured: dict[str, Any] = {"generators": {"fp32": "generator"}}
    if precision == "cpu":
        progress("quantizing and choosing")
        ranges = quantize.observe(folder / "generator.onnx", _read(chain, _some(checkpoint.voices, OBSERVED_VOICES)))
        trials = _read(chain, _some(checkpoint.voices, TRIAL_VOICES))
        measured = quantize.choose(folder, ranges, trials)
    else:
        progress("exporting in half precision")
        for name, module in modules(kokoro).items():
            if not PARTS[name].full_precision:
                export_part(module, PARTS[name], folder / f"{name}.onnx", torch.float16)
        measured = {"generators": {"fp16": "generator"}}
    model = {
        "sample_rate_hz": OUTPUT_RATE_HZ,
        "samples_per_frame": SAMPLES_PER_FRAME,
        "pad": PAD,
        "vocabulary": VOCABULARY,
        "voices": sorted(checkpoint.voices),
        "generators": measured.pop("generators"),
    }
    return {"model": model, "parity_db": ratios, **measured, "build_s": round(time.monotonic() - began, 1)}


def _some(packs: Mapping[str, Float], names: Sequence[str]) -> list[Float]:
    """The voices with these names, or the first two voices if none of them exists."""
    return [packs[name] for name in names if name in packs] or list(packs.values())[:2]


def _read(chain: Chain, packs: Sequence[Float]) -> list[dict[str, Array]]:
    """The inputs of the generator when these voices read each text, the long text first."""
    return [chain.run(text, pack).generator_inputs for text in (TEXT, *SHORT_TEXTS) for pack in packs]
