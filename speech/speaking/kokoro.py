"""Kokoro-82M: phonemes -> speech, in the parts that build_engines/kokoro/build.py exports.

An utterance becomes sound as a whole. Windows of it would need norm statistics from elsewhere: those of the voice were
tried, and made short utterances up to 100 dB too soft, because the style depends on the number of phonemes.

Source: StyleTTS 2 (https://arxiv.org/abs/2306.07691) with an iSTFTNet generator; hexgrad/kokoro is the reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speech.emotions import Emotion
from speech.engines import BuiltEngine, Engine, OnnxEngine
from speech.errors import BadParameter
from speech.reading.vocabulary import token_ids
from speech.speaking.prosody import shape_pitch
from speech.speaking.voices import Voice, Voices

Float = NDArray[np.float32]

ACOUSTIC_FRAME = 600
"""Samples of one frame: 25 ms at 24 kHz."""


@dataclass(frozen=True)
class Acoustics:
    """An utterance before it is sound; `ends` are the frames at which its tokens (with both pads) end."""

    acoustic: Float  # [1, 512, 2 * frames]
    harmonics: Float  # [1, 22, 120 * frames + 1]
    style: Float  # [1, 256]
    ends: NDArray[np.int64]  # [tokens]


class Kokoro:
    """The engine and its voices. Called from one thread at a time."""

    def __init__(self, parts: Mapping[str, Engine], generators: Mapping[str, Engine], voices: Voices) -> None:
        self.voices = voices
        self._parts = parts
        self._generators = generators

    @staticmethod
    def load(built: BuiltEngine) -> Kokoro:
        def open_part(name: str) -> Engine:
            return OnnxEngine(built.file(f"{name}.onnx"))

        generators = {precision: open_part(name) for precision, name in built.model["generators"].items()}
        parts = {name: open_part(name) for name in ("text", "prosody", "source", "front")}
        return Kokoro(parts, generators, Voices(built.folder))

    @property
    def precisions(self) -> tuple[str, ...]:
        """Names of the generators, the default first."""
        return tuple(self._generators)

    def check_precision(self, precision: str) -> str:
        """The precision's name, the default for an empty one; BadParameter if there is none such."""
        if precision and precision not in self._generators:
            raise BadParameter(f"precision must be one of {', '.join(self.precisions)}; got {precision!r}", "precision")
        return precision or self.precisions[0]

    def prepare(self, symbols: str, voice: Voice, speed: float, emotion: Emotion) -> Acoustics:
        """Everything but the sound of one utterance of at most 510 phonemes."""
        style = voice.style_for(len(symbols))
        text = self._parts["text"].run(tokens=np.array([token_ids(symbols)], dtype=np.int64), style=style)
        ends = _ends(np.maximum(1, np.rint(text["durations"][0])), speed)
        durations = np.diff(ends, prepend=0)
        prosody = self._parts["prosody"].run(features=np.repeat(text["features"], durations, axis=1), style=style)
        f0 = shape_pitch(prosody["f0"], emotion)
        front = self._parts["front"].run(
            text=np.repeat(text["text"], durations, axis=2), f0=f0, energy=prosody["energy"], style=style
        )
        harmonics = self._parts["source"].run(f0=f0)["harmonics"]
        return Acoustics(front["acoustic"], harmonics, style, ends)

    def generate(self, acoustics: Acoustics, precision: str) -> Float:
        """The sound of an utterance: float32 [600 * frames], 24 kHz. `precision` has passed `check_precision`."""
        waveform: Float = self._generators[precision].run(
            acoustic=acoustics.acoustic, harmonics=acoustics.harmonics, style=acoustics.style
        )["waveform"][0]
        return waveform


def _ends(durations: NDArray[np.floating[Any]], speed: float) -> NDArray[np.int64]:
    """The frames at which tokens of these `durations` (frames at speed 1, at least 1 each) end.

    A fast utterance takes its time from the long ones, and leaves short ones their frame as long as it can.
    """
    tokens, frames = len(durations), durations.sum()
    if speed > 1 and frames > tokens:
        stretch = max(0.0, (frames / speed - tokens) / (frames - tokens))
        durations = 1 + (durations - 1) * stretch
    ends: NDArray[np.int64] = np.rint(np.cumsum(durations) * (frames / speed / durations.sum())).astype(np.int64)
    return ends
