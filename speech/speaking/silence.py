"""Silence before and after speech: makes it, and trims it off without a click."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.types import OUTPUT_RATE_HZ

Float = NDArray[np.float32]

BLOCK = OUTPUT_RATE_HZ // 200
"""Samples of a block (5 ms), which is sound or silence as a whole."""
MIN_RMS = 0.004
"""A block whose RMS is above this (-48 dBFS) is sound. Kokoro's own silence, a hum, stays below -54 dBFS."""
MIN_DIFFERENCE_RMS = 0.0004
"""A block is also sound if the RMS of the differences between its samples is above this (-68 dBFS).

This finds soft fricatives: the f of "half" and the th of "bath" are as soft as Kokoro's hum, but high in frequency. In
its silence the differences stay below -75 dBFS.
"""
MARGIN = 4 * BLOCK
"""Samples (20 ms) that are kept on either side of the sound. They are faded in and out."""


def silence(seconds: float) -> Float:
    """Zeros: float32 [samples], 24 kHz."""
    return np.zeros(round(seconds * OUTPUT_RATE_HZ), np.float32)


def trim_silence(pcm: Float) -> tuple[int, Float]:
    """The number of samples cut off at the start, and the audio (float32 [samples], 24 kHz) without silent ends."""
    is_sound = (_block_rms(pcm) > MIN_RMS) | (_block_rms(np.diff(pcm, prepend=pcm[:1])) > MIN_DIFFERENCE_RMS)
    sound_blocks = np.flatnonzero(is_sound)
    if not len(sound_blocks):
        return 0, pcm[:0]
    start = max(0, int(sound_blocks[0]) * BLOCK - MARGIN)
    trimmed = pcm[start : (sound_blocks[-1] + 1) * BLOCK + MARGIN].copy()
    fade = np.linspace(0, 1, min(MARGIN, len(trimmed)), dtype=np.float32)
    trimmed[: len(fade)] *= fade
    trimmed[-len(fade) :] *= fade[::-1]
    return start, trimmed


def _block_rms(pcm: Float) -> Float:
    """RMS of each block: float32 [blocks]. The last block is padded with zeros."""
    blocks = np.append(pcm, np.zeros(-len(pcm) % BLOCK, np.float32)).reshape(-1, BLOCK)
    rms: Float = np.sqrt(np.mean(blocks**2, axis=1))
    return rms
