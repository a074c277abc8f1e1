"""Kokoro-82M: phonemes -> speech, in the parts that build_engines/kokoro/build.py exports.

An utterance is synthesized as a whole. To synthesize it window by window, its normalization layers would need
statistics from elsewhere. The statistics of the voice were tried: they made short utterances up to 100 dB too soft,
because the style depends on the number of phonemes.

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

SAMPLES_PER_FRAME = 600
"""Samples of one acoustic frame: 25 ms at 24 kHz."""


@dataclass(frozen=True)
class Acoustics:
    """What the generator needs to synthesize an utterance, and the timing of its tokens."""

    acoustic: Float  # [1, 512, 2 * frames]
    harmonics: Float  # [1, 22, 120 * frames + 1]
    style: Float  # [1, 256]
    token_ends: NDArray[np.int64]  # [tokens], in frames; the tokens are the phonemes with a pad on either side


class Kokoro:
    """The engine and its voices. Only one thread at a time may call it."""

    def __init__(self, parts: Mapping[str, Engine], generators: Mapping[str, Engine], voices: Voices) -> None:
        self.voices = voices
        self._parts = parts
        self._generators = generators

    @staticmethod
    def load(built: BuiltEngine) -> Kokoro:
        """Open the graphs and the voices of an engine from the store."""

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
        """The name of a precision; "" is the default. Raises: BadParameter if the engine does not have it."""
        if precision and precision not in self._generators:
            raise BadParameter(f"precision must be one of {', '.join(self.precisions)}; got {precision!r}", "precision")
        return precision or self.precisions[0]

    def prepare(self, symbols: str, voice: Voice, speed: float, emotion: Emotion) -> Acoustics:
        """Timing, pitch and acoustic features of one utterance of at most 510 phonemes."""
        style = voice.style_for(len(symbols))
        text = self._parts["text"].run(tokens=np.array([token_ids(symbols)], dtype=np.int64), style=style)
        token_ends = _token_ends(np.maximum(1, np.rint(text["durations"][0])), speed)
        durations = np.diff(token_ends, prepend=0)
        prosody = self._parts["prosody"].run(features=np.repeat(text["features"], durations, axis=1), style=style)
        f0 = shape_pitch(prosody["f0"], emotion)
        front = self._parts["front"].run(
            text=np.repeat(text["text"], durations, axis=2), f0=f0, energy=prosody["energy"], style=style
        )
        harmonics = self._parts["source"].run(f0=f0)["harmonics"]
        return Acoustics(front["acoustic"], harmonics, style, token_ends)

    def generate(self, acoustics: Acoustics, precision: str) -> Float:
        """The audio of an utterance: float32 [600 * frames], 24 kHz. `precision` comes from `check_precision`."""
        waveform: Float = self._generators[precision].run(
            acoustic=acoustics.acoustic, harmonics=acoustics.harmonics, style=acoustics.style
        )["waveform"][0]
        return waveform


def _token_ends(durations: NDArray[np.floating[Any]], speed: float) -> NDArray[np.int64]:
    """The frames at which the tokens end at this speed; `durations` are frames at speed 1, at least 1 for each token.

    Above speed 1 the long tokens are shortened first, so that short ones keep their single frame as long as possible.
    """
    tokens, frames = len(durations), durations.sum()
    if speed > 1 and frames > tokens:
        scale = max(0.0, (frames / speed - tokens) / (frames - tokens))
        durations = 1 + (durations - 1) * scale
    ends: NDArray[np.int64] = np.rint(np.cumsum(durations) * (frames / speed / durations.sum())).astype(np.int64)
    return ends
