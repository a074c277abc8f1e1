"""Emotions: presets that change the pitch, the pace and the loudness of any voice.

They change prosody only, not timbre or breathing. The numbers were tuned by ear, and then checked: the speech changes
by these factors, and Whisper still transcribes the same words (tests/model_repository/test_synthesize.py).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Emotion:
    """Factors by which the speech of a voice changes."""

    pitch: float = 1.0
    """Factor of the mean pitch."""
    range: float = 1.0
    """Factor of the pitch's distance from its mean, in octaves."""
    speed: float = 1.0
    """Factor of the pace."""
    gain: float = 1.0
    """Factor of the amplitude."""
    description: str = ""
    """The same in words; the model lists it with `describe`."""


EMOTIONS = {
    "neutral": Emotion(description="the voice as it is"),
    "happy": Emotion(1.12, 1.35, 1.05, 1.05, "higher, livelier, a little faster"),
    "sad": Emotion(0.92, 0.60, 0.85, 0.85, "lower, flatter, slower, softer"),
    "angry": Emotion(1.06, 1.30, 1.08, 1.25, "louder and faster, with wide jumps of pitch"),
    "excited": Emotion(1.22, 1.50, 1.15, 1.15, "much higher, very lively, fast"),
    "calm": Emotion(0.97, 0.75, 0.90, 0.90, "even and slow"),
}
