"""Log-mel spectrogram: the input of Whisper's encoder.

Reference: openai/whisper, audio.py; the filters are those of librosa (Slaney's mel scale).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.types import INPUT_RATE_HZ

Float = NDArray[np.float32]

N_FFT = 400
"""Samples of one Fourier transform, 25 ms."""
HOP = 160
"""Samples from one spectrogram frame to the next, 10 ms."""
WINDOW_S = 30
"""Seconds of audio that Whisper was trained on at a time."""
WINDOW_FRAMES = WINDOW_S * INPUT_RATE_HZ // HOP
"""Spectrogram frames of WINDOW_S."""
ENCODER_FRAME_S = 2 * HOP / INPUT_RATE_HZ
"""Seconds of audio for one frame of the encoder's output: two spectrogram frames, 20 ms."""


class LogMel:
    """Computes log-mel spectrograms with a fixed number of mel bands: 80, or 128 for large-v3."""

    def __init__(self, bands: int) -> None:
        self._filters = mel_filters(bands)
        self._taper = np.hanning(N_FFT + 1)[:-1].astype(np.float32)

    def __call__(self, pcm: Float, frames: int = WINDOW_FRAMES) -> Float:
        """The spectrogram, float32 [bands, frames], of `pcm`: float32 [samples], 16 kHz, at most 30 s.

        The values equal the first `frames` frames of the 30 s window that Whisper was trained on: silence follows the
        audio, and the loudest frame sets the scale.
        """
        half = N_FFT // 2
        padded = np.zeros(frames * HOP + N_FFT, dtype=np.float32)
        audio = pcm[: frames * HOP + half]
        padded[half : half + len(audio)] = audio
        padded[:half] = padded[2 * half : half : -1]  # mirrored, as the reference pads
        slices = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP][:frames]
        power = np.abs(np.fft.rfft(slices * self._taper)) ** 2
        log = np.log10(np.maximum(self._filters @ power.T.astype(np.float32), 1e-10))
        log = np.maximum(log, log.max() - 8.0)
        return np.ascontiguousarray((log + 4.0) / 4.0, dtype=np.float32)


def mel_filters(bands: int) -> Float:
    """Slaney's triangular filters of unit area from 0 to 8 kHz: float32 [bands, N_FFT // 2 + 1]."""
    nyquist = INPUT_RATE_HZ / 2
    frequencies = np.linspace(0, nyquist, N_FFT // 2 + 1)
    edges = _hz(np.linspace(0, _mel(nyquist), bands + 2))
    width = np.diff(edges)
    slope = edges[:, None] - frequencies
    rising, falling = -slope[:-2] / width[:-1, None], slope[2:] / width[1:, None]
    filters = np.maximum(0, np.minimum(rising, falling)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    result: Float = filters.astype(np.float32)
    return result


_LINEAR_HZ_PER_MEL = 200.0 / 3
"""Hz in one mel on the linear part of Slaney's scale."""
_LOG_FROM_HZ = 1000.0
"""Hz at which the logarithmic part of Slaney's scale begins."""
_LOG_STEP = np.log(6.4) / 27.0
"""Natural logarithm of the frequency ratio of one mel on the logarithmic part of Slaney's scale."""


def _mel(hz: float) -> float:
    """Slaney's mel scale: linear up to 1 kHz, logarithmic above."""
    if hz < _LOG_FROM_HZ:
        return hz / _LINEAR_HZ_PER_MEL
    return float(_LOG_FROM_HZ / _LINEAR_HZ_PER_MEL + np.log(hz / _LOG_FROM_HZ) / _LOG_STEP)


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of `_mel`."""
    corner = _LOG_FROM_HZ / _LINEAR_HZ_PER_MEL
    hz: NDArray[np.float64] = np.where(
        mel < corner, mel * _LINEAR_HZ_PER_MEL, _LOG_FROM_HZ * np.exp(_LOG_STEP * (mel - corner))
    )
    return hz
