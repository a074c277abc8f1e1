"""Decodes and checks the audio files that the server makes."""

from __future__ import annotations

import io

import av
import numpy as np
from numpy.typing import NDArray

RATE_HZ = 24_000
"""Sample rate of synthesized audio."""
FRAMES_S = {"mp3": 576 / RATE_HZ, "aac": 1024 / RATE_HZ}
"""Seconds of one frame, in formats that pad a stream to a whole number of frames."""
FORMATS = ("wav", "mp3", "opus", "flac", "aac", "pcm")
CONTENT_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg; codecs=opus",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "pcm": "audio/pcm",
}


def decoded(data: bytes, response_format: str) -> NDArray[np.float32]:
    """The file as float32 [samples], 24 kHz. Opus decodes to 48 kHz and is resampled."""
    if response_format == "pcm":
        return (np.frombuffer(data, "<i2") / 32_768).astype(np.float32)
    resampler = av.AudioResampler("flt", "mono", RATE_HZ)
    with av.open(io.BytesIO(data), "r") as container:
        frames = [*container.decode(audio=0), None]
        pieces = [piece.to_ndarray()[0] for frame in frames for piece in resampler.resample(frame)]
    return np.concatenate(pieces)


def check_sound(data: bytes, response_format: str, duration_s: float, streamed: bool = False) -> None:
    """Assert that the file lasts `duration_s` and is not silent. Padding to a whole frame is allowed."""
    pcm = decoded(data, response_format)
    spare_s = FRAMES_S.get(response_format, 0.0) if streamed or response_format == "aac" else 0.0
    assert -0.0015 <= len(pcm) / RATE_HZ - duration_s <= spare_s + 0.0015
    assert np.abs(pcm).max() > 0.05
