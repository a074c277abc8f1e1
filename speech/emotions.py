"""Emotions: presets that change the pitch, the pace and the loudness of any voice.

They are prosody and nothing more: timbre, breath and choice of words stay as they are. The numbers were tuned by ear
and then checked: the change they promise was measured in the speech, and Whisper still hears the same words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Emotion:
    """Factors: of the mean pitch, of its range (in octaves around the mean), of speed, of amplitude."""

    pitch: float = 1.0
    range: float = 1.0
    speed: float = 1.0
    gain: float = 1.0
    description: str = ""


EMOTIONS = {
    "neutral": Emotion(description="as the voice speaks by itself"),
    "happy": Emotion(1.12, 1.35, 1.05, 1.05, "higher, livelier, a little faster"),
    "sad": Emotion(0.92, 0.60, 0.85, 0.85, "lower, flatter, slower, softer"),
    "angry": Emotion(1.06, 1.30, 1.08, 1.25, "louder and faster, with wide steps of pitch"),
    "excited": Emotion(1.22, 1.50, 1.15, 1.15, "much higher, very lively, fast"),
    "calm": Emotion(0.97, 0.75, 0.90, 0.90, "even and slow"),
}
