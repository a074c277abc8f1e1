"""Limits peaks: some voices and emotions exceed full scale, and clipping them would crackle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

KNEE = 0.7
"""Amplitude up to which nothing changes. Speech stays below it, apart from single pops (bm_fable has three samples of
1.2)."""


def limit_peaks(pcm: Float) -> Float:
    """Audio (float32 [samples]) within -1..1: amplitudes above the knee approach 1 along a tanh curve."""
    level = np.abs(pcm)
    if not (level > KNEE).any():
        return pcm
    limited = KNEE + (1 - KNEE) * np.tanh((level - KNEE) / (1 - KNEE))
    return np.where(level > KNEE, np.sign(pcm) * limited, pcm).astype(np.float32)
