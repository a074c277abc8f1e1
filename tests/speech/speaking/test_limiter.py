"""Peaks are bent, and nothing else."""

from __future__ import annotations

import numpy as np

from speech.speaking.limiter import KNEE, limited


def test_quiet_sound_is_left_alone() -> None:
    pcm = np.linspace(-KNEE, KNEE, 1000, dtype=np.float32)
    assert limited(pcm) is pcm


def test_peaks_come_below_one_smoothly_and_in_order() -> None:
    pcm = np.linspace(-3, 3, 100_001, dtype=np.float32)
    out = limited(pcm)
    assert np.abs(out).max() <= 1
    assert (np.diff(out) >= 0).all()
    assert np.diff(out).max() <= 6.1e-5
    assert (out == -out[::-1]).all()
    assert out.dtype == np.float32
