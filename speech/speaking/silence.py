"""Silence around speech: where the sound of an utterance begins and ends, cut there without a click."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.types import OUTPUT_RATE_HZ

Float = NDArray[np.float32]

THRESHOLD = 0.004
"""RMS of a block (-48 dBFS) that counts as sound; Kokoro's own silence, a hum, lies below -54 dBFS."""
HISS = 0.0004
"""RMS of the steps from sample to sample (-68 dBFS) that does, too: the f of "half" and the th of "bath" are as soft as
that hum, but high. In Kokoro's silence it lies below -75 dBFS."""
BLOCK = OUTPUT_RATE_HZ // 200
MARGIN = 4 * BLOCK
"""Samples (20 ms) that are kept on either side of the sound, faded in and out."""


def silence(seconds: float) -> Float:
    return np.zeros(round(seconds * OUTPUT_RATE_HZ), np.float32)


def trimmed(pcm: Float) -> tuple[int, Float]:
    """float32 [samples], 24 kHz, without the silence on either side; and how many samples were cut before it."""
    loud = np.flatnonzero((_rms(pcm) > THRESHOLD) | (_rms(np.diff(pcm, prepend=pcm[:1])) > HISS))
    if not len(loud):
        return 0, pcm[:0]
    first = max(0, loud[0] * BLOCK - MARGIN)
    sound = pcm[first : (loud[-1] + 1) * BLOCK + MARGIN].copy()
    fade = np.linspace(0, 1, min(MARGIN, len(sound)), dtype=np.float32)
    sound[: len(fade)] *= fade
    sound[-len(fade) :] *= fade[::-1]
    return int(first), sound


def _rms(pcm: Float) -> Float:
    """float32 [blocks]."""
    blocks = np.append(pcm, np.zeros(-len(pcm) % BLOCK, np.float32)).reshape(-1, BLOCK)
    rms: Float = np.sqrt(np.mean(blocks**2, axis=1))
    return rms
