"""Changes the sample rate of audio that comes in chunks."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

Float = NDArray[np.float32]

_NO_SAMPLES: Float = np.empty(0, np.float32)


class Resampler:
    """Mono float32 samples at one rate -> the same audio at another rate.

    The samples do not depend on how the audio is cut into chunks, and no time is lost or added. soxr holds back up to
    75 ms of audio, which `finish` returns. If the rates are equal, chunks pass unchanged and at once.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = soxr.ResampleStream(from_hz, to_hz, 1) if from_hz != to_hz else None

    def resample(self, pcm: Float) -> Float:
        """float32 [samples], any number of them -> the samples that are ready."""
        return pcm if self._stream is None else self._stream.resample_chunk(pcm.astype(np.float32, copy=False))

    def finish(self) -> Float:
        """The last samples. The resampler cannot be used any more."""
        return _NO_SAMPLES if self._stream is None else self._stream.resample_chunk(_NO_SAMPLES, last=True)
