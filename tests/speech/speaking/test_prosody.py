"""Emotions change the pitch by their factors."""

from __future__ import annotations

import numpy as np
import pytest

from speech.emotions import EMOTIONS, Emotion
from speech.speaking.prosody import shape_pitch

F0 = np.array([[0.0, 20.0, 150.0, 200.0, 266.6667, 0.0, 180.0]], np.float32)


def test_neutral_changes_nothing() -> None:
    assert shape_pitch(F0, EMOTIONS["neutral"]) is F0


@pytest.mark.parametrize("name", [name for name in EMOTIONS if name != "neutral"])
def test_mean_and_range_change_by_their_factors(name: str) -> None:
    emotion = EMOTIONS[name]
    shaped = shape_pitch(F0, emotion)
    voiced = F0 > 60
    before, after = np.log2(F0[voiced]), np.log2(shaped[voiced])
    assert after.std() == pytest.approx(emotion.range * before.std(), rel=1e-3)
    assert after.mean() - before.mean() == pytest.approx(np.log2(emotion.pitch), abs=1e-4)
    assert shaped.dtype == np.float32


def test_unvoiced_frames_are_unchanged() -> None:
    silent = np.zeros((1, 8), np.float32)
    assert shape_pitch(silent, EMOTIONS["happy"]) is silent
    shaped = shape_pitch(F0, Emotion(pitch=2.0, range=0.1))
    assert (shaped[F0 <= 60] == F0[F0 <= 60]).all()
