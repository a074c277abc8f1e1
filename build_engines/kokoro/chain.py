"""From phonemes to the inputs of the generator, through the other parts of one build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speech.engines import Array, Engine
from speech.reading.vocabulary import token_ids

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Utterance:
    """An utterance before the generator makes the waveform. T is its number of frames."""

    phonemes: str
    style: Float
    """[1,256]"""
    f0: Float
    """[1,2T] in Hz"""
    acoustic: Float
    """[1,512,2T]"""
    harmonics: Float
    """[1,22,120T+1]"""

    @property
    def frames(self) -> int:
        """T, the number of frames of 25 ms."""
        return self.f0.shape[1] // 2

    @property
    def generator_inputs(self) -> dict[str, Array]:
        """The inputs of the generator by name."""
        return {"acoustic": self.acoustic, "harmonics": self.harmonics, "style": self.style}


class Chain:
    """Runs the four parts before the generator in order."""

    def __init__(self, engines: Mapping[str, Engine]) -> None:
        self._engines = engines

    def run(self, phonemes: str, voice: Float) -> Utterance:
        """phonemes: symbols of VOCABULARY, at most 510. voice: a voice pack, float32 [510,256]."""
        tokens = np.array([token_ids(phonemes)], np.int64)
        style = voice[len(phonemes) - 1][None]
        said = self._run("text", tokens=tokens, style=style)
        repeats = np.maximum(1, np.rint(said["durations"][0])).astype(int)
        features, text = np.repeat(said["features"], repeats, 1), np.repeat(said["text"], repeats, 2)
        curves = self._run("prosody", features=features, style=style)
        harmonics = self._run("source", f0=curves["f0"])["harmonics"]
        acoustic = self._run("front", text=text, **curves, style=style)["acoustic"]
        return Utterance(phonemes, style, curves["f0"], acoustic, harmonics)

    def _run(self, part: str, **inputs: Array) -> dict[str, Array]:
        return self._engines[part].run(**inputs)
