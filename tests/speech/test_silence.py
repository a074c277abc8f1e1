"""Silence is cut to the sample, and never with a click."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.silence import MARGIN, silence, trimmed

RATE = 24_000


def tone(samples: int) -> np.ndarray:
    return (0.3 * np.sin(np.arange(samples) * 2 * np.pi * 200 / RATE)).astype(np.float32)


def quiet(samples: int) -> np.ndarray:
    return np.random.default_rng(0).normal(scale=0.001, size=samples).astype(np.float32)


@given(st.integers(0, 5000), st.integers(500, 5000), st.integers(0, 5000))
def test_what_is_left_is_the_sound_and_a_margin(before: int, sound: int, after: int) -> None:
    pcm = np.concatenate([quiet(before), tone(sound), quiet(after)])
    cut, kept = trimmed(pcm)
    assert sound - 240 <= len(kept) <= sound + 2 * (MARGIN + 240)
    middle = slice(MARGIN, len(kept) - MARGIN)
    assert (kept[middle] == pcm[cut:][: len(kept)][middle]).all()


def test_edges_are_faded() -> None:
    pcm = np.concatenate([np.full(3000, 0.002, np.float32), tone(4800), np.full(3000, 0.002, np.float32)])
    _, kept = trimmed(pcm)
    for edge in (kept[:MARGIN], kept[::-1][:MARGIN]):
        assert edge[0] == 0
        assert np.abs(np.diff(edge)).max() < 0.02


@pytest.mark.parametrize("pcm", [silence(0.5), quiet(12_000), silence(0.0)], ids=["zeros", "noise", "nothing"])
def test_silence_is_cut_to_nothing(pcm: np.ndarray) -> None:
    assert len(trimmed(pcm)[1]) == 0


def test_silence_has_its_length() -> None:
    assert silence(0.25).shape == (6000,)
    assert silence(0.25).dtype == np.float32
