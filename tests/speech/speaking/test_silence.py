"""Silence is trimmed to the sample, and never with a click."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from speech.emotions import EMOTIONS
from speech.speaking.kokoro import Kokoro
from speech.speaking.silence import BLOCK, MARGIN, MIN_RMS, silence, trim_silence
from speech.speaking.utterances import utterances

Float = NDArray[np.float32]

RATE = 24_000


def tone(samples: int) -> Float:
    wave: Float = (0.3 * np.sin(np.arange(samples) * 2 * np.pi * 200 / RATE)).astype(np.float32)
    return wave


def quiet(samples: int) -> Float:
    return np.random.default_rng(0).normal(scale=0.0001, size=samples).astype(np.float32)


@given(st.integers(0, 5000), st.integers(500, 5000), st.integers(0, 5000))
def test_the_sound_and_a_margin_are_left(before: int, sound: int, after: int) -> None:
    pcm = np.concatenate([quiet(before), tone(sound), quiet(after)])
    cut, kept = trim_silence(pcm)
    assert sound - 240 <= len(kept) <= sound + 2 * (MARGIN + 240)
    middle = slice(MARGIN, len(kept) - MARGIN)
    assert (kept[middle] == pcm[cut:][: len(kept)][middle]).all()


def test_edges_are_faded() -> None:
    pcm = np.concatenate([np.full(3000, 0.002, np.float32), tone(4800), np.full(3000, 0.002, np.float32)])
    _, kept = trim_silence(pcm)
    for edge in (kept[:MARGIN], kept[::-1][:MARGIN]):
        assert edge[0] == 0
        assert np.abs(np.diff(edge)).max() < 0.02


@pytest.mark.parametrize("pcm", [silence(0.5), quiet(12_000), silence(0.0)], ids=["zeros", "noise", "nothing"])
def test_nothing_is_left_of_silence(pcm: Float) -> None:
    assert len(trim_silence(pcm)[1]) == 0


def test_a_soft_fricative_is_sound_but_a_hum_as_soft_is_silence() -> None:
    hiss = np.diff(quiet(2401)) * 10
    hum = (0.004 * np.sin(np.arange(2400) * 2 * np.pi * 100 / RATE)).astype(np.float32)
    assert np.sqrt(np.mean(hiss**2)) < np.sqrt(np.mean(hum**2)) < MIN_RMS
    ends = [len(trim_silence(np.concatenate([tone(4800), end, silence(0.2)]))[1]) for end in (hiss, hum)]
    assert ends == [4800 + 2400 + MARGIN, 4800 + BLOCK + MARGIN]  # the jump from the tone to the hum counts as sound


@pytest.mark.parametrize("voice", ["am_onyx", "af_nova", "af_heart", "bf_emma"])
@pytest.mark.parametrize("word", ["bath", "half", "desk", "rough"])
def test_the_last_phoneme_is_kept(kokoro: Kokoro, voice: str, word: str) -> None:
    """What was cut off has no energy above 4 kHz; a fricative would have."""
    (utterance,) = utterances(f"It was the {word}.")
    acoustics = kokoro.prepare(utterance.symbols, kokoro.voices.find(voice), 1.0, EMOTIONS["neutral"])
    pcm = kokoro.generate(acoustics, kokoro.precisions[0])
    cut, sound = trim_silence(pcm)
    frames = pcm[: len(pcm) // 600 * 600].reshape(-1, 600)
    high_db = 20 * np.log10(np.abs(np.fft.rfft(frames))[:, 100:].max(axis=1) / 600 + 1e-9)
    cut_off = high_db[-(-(cut + len(sound)) // 600) :]
    assert len(cut_off) > 2
    assert cut_off.max() < high_db.max() - 30


def test_silence_has_its_length() -> None:
    assert silence(0.25).shape == (6000,)
    assert silence(0.25).dtype == np.float32
