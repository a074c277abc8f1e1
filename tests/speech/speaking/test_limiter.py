"""The limiter bends peaks and leaves everything else."""

from __future__ import annotations

import numpy as np

from speech.speaking.limiter import KNEE, limit_peaks


def test_audio_below_the_knee_is_unchanged() -> None:
    pcm = np.linspace(-KNEE, KNEE, 1000, dtype=np.float32)
    assert limit_peaks(pcm) is pcm


def test_peaks_stay_below_one_and_keep_their_order() -> None:
    pcm = np.linspace(-3, 3, 100_001, dtype=np.float32)
    out = limit_peaks(pcm)
    assert np.abs(out).max() <= 1
    assert (np.diff(out) >= 0).all()
    assert np.diff(out).max() <= 6.1e-5
    assert (out == -out[::-1]).all()
    assert out.dtype == np.float32
