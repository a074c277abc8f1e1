"""Emotions: presets that move the pitch, the pace and the loudness of any voice.

They are prosody and nothing more: timbre, breath and choice of words stay as they are. The numbers were tuned by ear
and checked: what they change is what is measured in the speech, and Whisper hears the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

VOICED_HZ = 60.0
"""F0 below this is Kokoro's way to say that a frame has no pitch."""


@dataclass(frozen=True)
class Emotion:
    """Factors: of the mean pitch, of its range (in octaves around the mean), of speed, of amplitude."""

    pitch: float = 1.0
    range: float = 1.0
    speed: float = 1.0
    gain: float = 1.0
    description: str = ""


EMOTIONS = {
    "neutral": Emotion(description="as the voice speaks by itself"),
    "happy": Emotion(1.12, 1.35, 1.05, 1.05, "higher, livelier, a little faster"),
    "sad": Emotion(0.92, 0.60, 0.85, 0.85, "lower, flatter, slower, softer"),
    "angry": Emotion(1.06, 1.30, 1.08, 1.25, "louder and faster, with wide steps of pitch"),
    "excited": Emotion(1.22, 1.50, 1.15, 1.15, "much higher, very lively, fast"),
    "calm": Emotion(0.97, 0.75, 0.90, 0.90, "even and slow"),
}


def shape(f0: Float, emotion: Emotion) -> Float:
    """The pitch contour of an utterance (float32 [..., frames], Hz) as `emotion` has it."""
    voiced = f0 > VOICED_HZ
    if (emotion.pitch, emotion.range) == (1.0, 1.0) or not voiced.any():
        return f0
    mean = np.log2(f0[voiced]).mean()
    shaped = f0.copy()
    shaped[voiced] = np.exp2(mean + np.log2(emotion.pitch) + emotion.range * (np.log2(f0[voiced]) - mean))
    return shaped
