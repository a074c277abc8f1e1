"""Voice activity detection (VAD): the probability of speech in every 32 ms of audio.

Model: Silero VAD 6 (snakers4/silero-vad, MIT licence).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speech.engines import Engine
from speech.types import TranscribeOptions

Float = NDArray[np.float32]

VAD_FRAME = 512
"""Samples for which the model gives one probability: 32 ms at 16 kHz."""
_CONTEXT = 64
"""Samples of the frame before that the model sees with each frame."""
_STATE = (1, 1, 128)
"""Shape of each of the two recurrent states."""


@dataclass(frozen=True)
class SpeechLevels:
    """Probabilities of speech at which a stretch of speech starts, and below which it ends."""

    start: float
    end: float

    @classmethod
    def of(cls, threshold: float) -> SpeechLevels:
        """The levels for a threshold: speech ends 0.15 below it, but not below 0.01. Source: Silero's own example."""
        return cls(threshold, max(threshold - 0.15, 0.01))


DEFAULT_LEVELS = SpeechLevels.of(TranscribeOptions.vad_threshold)


class Vad:
    """Speech probabilities of one stream. The recurrent state lives here; the engine is shared by all streams."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._h = self._c = np.zeros(_STATE, np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)

    def push(self, pcm: Float) -> Float:
        """Take audio of any length, float32 [samples], 16 kHz.

        Returns the probabilities, float32 [frames], of the frames of VAD_FRAME samples that it completes.
        """
        audio = np.concatenate([self._rest, pcm])
        count = len(audio) // VAD_FRAME
        self._rest = audio[count * VAD_FRAME :]
        if not count:
            return np.zeros(0, np.float32)
        frames = audio[: count * VAD_FRAME].reshape(count, VAD_FRAME)
        contexts = np.vstack([self._context[None], frames[:-1, -_CONTEXT:]])
        self._context = frames[-1, -_CONTEXT:]
        out = self._engine.run(input=np.hstack([contexts, frames]), h=self._h, c=self._c)
        self._h, self._c = out["hn"], out["cn"]
        return out["speech_probs"]

    def flush(self) -> Float:
        """The probability of the last, incomplete frame, padded with silence: float32 [1], or [0] if there is none."""
        missing = -len(self._rest) % VAD_FRAME
        return self.push(np.zeros(missing, np.float32))
