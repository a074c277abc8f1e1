"""LogMel against the reference implementation in transformers."""

import numpy as np
import pytest
from transformers import WhisperFeatureExtractor
from transformers.audio_utils import mel_filter_bank

from speech.hearing.features import LogMel, mel_filters


@pytest.mark.parametrize("bands", [80, 128])
def test_filters_are_slaneys(bands: int) -> None:
    reference = mel_filter_bank(201, bands, 0, 8000, 16000, norm="slaney", mel_scale="slaney").T
    np.testing.assert_allclose(mel_filters(bands), reference, atol=1e-7)


@pytest.mark.parametrize("seconds", [0.01, 1.0, 11.3, 29.9])
@pytest.mark.parametrize("bands", [80, 128])
def test_values_are_the_references(bands: int, seconds: float) -> None:
    pcm = np.random.default_rng(0).normal(scale=0.1, size=round(seconds * 16_000)).astype(np.float32)
    pcm *= np.linspace(0, 1, len(pcm), dtype=np.float32)
    reference = WhisperFeatureExtractor(feature_size=bands)(pcm, sampling_rate=16_000, return_tensors="np")
    np.testing.assert_allclose(LogMel(bands)(pcm), reference.input_features[0], atol=1e-3)


def test_a_shorter_context_is_the_beginning_of_the_whole_window() -> None:
    pcm = np.random.default_rng(1).normal(scale=0.1, size=80_000).astype(np.float32)
    log_mel = LogMel(80)
    np.testing.assert_allclose(log_mel(pcm, 900), log_mel(pcm)[:, :900], atol=1e-5)


def test_no_sound_is_silence() -> None:
    mel = LogMel(80)(np.zeros(0, np.float32), 100)
    assert mel.shape == (80, 100)
    assert np.ptp(mel) == 0
