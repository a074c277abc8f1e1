"""The measure by which int8 is compared with fp32."""

from __future__ import annotations

import numpy as np

from build_engines.kokoro.quantize import log_mel_error_db


def test_the_error_is_in_decibels() -> None:
    noise = np.random.default_rng(0).normal(scale=0.1, size=48_000).astype(np.float32)
    assert log_mel_error_db(noise, noise) == 0
    # Every band is louder by 6 dB, and so is the peak, to which LogMel does not normalise.
    assert abs(log_mel_error_db(2 * noise, noise) - 6.0) < 0.1
