"""Voice activity: the probability of speech for every 32 ms of sound (Silero VAD 6, snakers4/silero-vad, MIT)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.engines import Engine

Float = NDArray[np.float32]

VAD_FRAME = 512
"""Samples a probability stands for, at 16 kHz."""
_CONTEXT = 64
_STATE = (1, 1, 128)


class Vad:
    """Speech probabilities of one stream; the recurrent state lives here, the engine is shared."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._h = self._c = np.zeros(_STATE, np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)

    def push(self, pcm: Float) -> Float:
        """pcm: [samples], 16 kHz, of any length -> probabilities [frames] of the whole frames that are now complete."""
        sound = np.concatenate([self._rest, pcm])
        count = len(sound) // VAD_FRAME
        self._rest = sound[count * VAD_FRAME :]
        if not count:
            return np.zeros(0, np.float32)
        frames = sound[: count * VAD_FRAME].reshape(count, VAD_FRAME)
        contexts = np.vstack([self._context[None], frames[:-1, -_CONTEXT:]])
        self._context = frames[-1, -_CONTEXT:]
        out = self._engine.run(input=np.hstack([contexts, frames]), h=self._h, c=self._c)
        self._h, self._c = out["hn"], out["cn"]
        return out["speech_probs"]

    def flush(self) -> Float:
        """The probability of the last, incomplete frame: [0 or 1]."""
        missing = -len(self._rest) % VAD_FRAME
        return self.push(np.zeros(missing, np.float32))
