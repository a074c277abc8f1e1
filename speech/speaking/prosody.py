"""Prosody: applies an emotion to the pitch contour of an utterance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.emotions import Emotion

Float = NDArray[np.float32]

VOICED_HZ = 60.0
"""F0 below which a frame is unvoiced."""


def shape_pitch(f0: Float, emotion: Emotion) -> Float:
    """The pitch contour `f0` (float32 [..., frames], Hz) with the emotion's mean and range; unvoiced frames stay."""
    voiced = f0 > VOICED_HZ
    if (emotion.pitch, emotion.range) == (1.0, 1.0) or not voiced.any():
        return f0
    octaves = np.log2(f0[voiced])
    mean = octaves.mean()
    shaped = f0.copy()
    shaped[voiced] = np.exp2(mean + np.log2(emotion.pitch) + emotion.range * (octaves - mean))
    return shaped
