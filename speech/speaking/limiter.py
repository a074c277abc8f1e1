"""Peaks: a voice or an emotion may go beyond what a file can hold, and clipping crackles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

KNEE = 0.7
"""Amplitude below which nothing changes; speech stays there but for single pops (bm_fable: three samples of 1.2)."""


def limited(pcm: Float) -> Float:
    """float32 [samples] within -1..1: what is above the knee is bent smoothly towards 1."""
    level = np.abs(pcm)
    if not (level > KNEE).any():
        return pcm
    bent = KNEE + (1 - KNEE) * np.tanh((level - KNEE) / (1 - KNEE))
    return np.where(level > KNEE, np.sign(pcm) * bent, pcm).astype(np.float32)
