"""Log-mel spectrogram, what Whisper's encoder sees (reference: openai/whisper, audio.py; filters: librosa, Slaney)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.types import INPUT_RATE_HZ

Float = NDArray[np.float32]

N_FFT = 400
HOP = 160
WINDOW_S = 30
WINDOW_FRAMES = WINDOW_S * INPUT_RATE_HZ // HOP


class LogMel:
    """PCM -> log-mel for one number of mel bands (80, or 128 for large-v3)."""

    def __init__(self, bands: int) -> None:
        self._filters = mel_filters(bands)
        self._taper = np.hanning(N_FFT + 1)[:-1].astype(np.float32)

    def __call__(self, pcm: Float, frames: int = WINDOW_FRAMES) -> Float:
        """pcm: [samples], 16 kHz, at most 30 s -> [bands, frames], 10 ms a frame.

        Values equal the first `frames` of the 30 s window that Whisper was trained on: silence follows the sound,
        and the scale comes from the loudest frame.
        """
        half = N_FFT // 2
        padded = np.zeros(frames * HOP + N_FFT, dtype=np.float32)
        sound = pcm[: frames * HOP + half]
        padded[half : half + len(sound)] = sound
        padded[:half] = padded[2 * half : half : -1]  # mirrored, as the reference pads
        slices = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP][:frames]
        power = np.abs(np.fft.rfft(slices * self._taper)) ** 2
        log = np.log10(np.maximum(self._filters @ power.T.astype(np.float32), 1e-10))
        log = np.maximum(log, log.max() - 8.0)
        return np.ascontiguousarray((log + 4.0) / 4.0, dtype=np.float32)


def mel_filters(bands: int) -> Float:
    """Slaney-style triangular filters with unit area, [bands, N_FFT // 2 + 1], 0 to 8 kHz."""
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
_LOG_FROM_HZ = 1000.0
_LOG_STEP = np.log(6.4) / 27.0


def _mel(hz: float) -> float:
    """Slaney's scale: linear to 1 kHz, logarithmic above."""
    if hz < _LOG_FROM_HZ:
        return hz / _LINEAR_HZ_PER_MEL
    return float(_LOG_FROM_HZ / _LINEAR_HZ_PER_MEL + np.log(hz / _LOG_FROM_HZ) / _LOG_STEP)


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    corner = _LOG_FROM_HZ / _LINEAR_HZ_PER_MEL
    hz: NDArray[np.float64] = np.where(
        mel < corner, mel * _LINEAR_HZ_PER_MEL, _LOG_FROM_HZ * np.exp(_LOG_STEP * (mel - corner))
    )
    return hz
