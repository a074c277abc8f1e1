"""Other sample rates: the same samples streamed and whole, in their place, in every format that can have the rate."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from speech.errors import BadParameter
from speech.sound.encoder import FORMATS, Encoder, check_rate, encode
from speech.sound.resampler import Resampler
from speech.types import OUTPUT_RATE_HZ
from tests.speech.sound.test_encoder import lag, noise, snr_db

Samples = NDArray[np.float32]

RATES_HZ = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
WRITABLE = [(name, rate_hz) for name, one in FORMATS.items() for rate_hz in one.rates_hz or (*RATES_HZ, 23_999)]
"""Every format with each rate that it can have; 23,999 stands for all odd rates of formats that take any."""
MIN_SNR_DB = {"mp3": 18.0, "opus": 10.0, "aac": 20.0}

both = pytest.mark.parametrize("whole", [True, False], ids=["whole", "streamed"])


def written(samples: Samples, format: str, rate_hz: int, *, whole: bool) -> bytes:
    if whole:
        return encode(samples, format, rate_hz)
    encoder = Encoder(format, rate_hz)
    return b"".join(encoder.encode(piece) for piece in np.array_split(samples, 50)) + encoder.finish()


def decode(data: bytes, format: str) -> tuple[Samples, int]:
    """The samples and their rate, which the header of the file tells; libsndfile decodes opus at its own rate."""
    if format == "pcm":
        return np.frombuffer(data, "<i2").astype(np.float32) / 32_768, 0
    if format == "opus":
        samples, rate_hz = soundfile.read(io.BytesIO(data), dtype="float32")
        return samples, rate_hz
    with av.open(io.BytesIO(data), "r") as container:
        stream = container.streams.audio[0]
        decoded = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(stream)])
        return decoded.astype(np.float32) / (32_768 if decoded.dtype == np.int16 else 1), stream.rate


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 23_999, 44_100, 48_000])
def test_how_the_audio_is_cut_changes_no_sample(rate_hz: int) -> None:
    samples = noise(20_000, lead=0)
    reference = soxr.resample(samples, OUTPUT_RATE_HZ, rate_hz)
    for size in (1, 480, 20_000):
        resampler = Resampler(OUTPUT_RATE_HZ, rate_hz)
        chunks = [resampler.resample(samples[start : start + size]) for start in range(0, 20_000, size)]
        assert np.array_equal(np.concatenate([*chunks, resampler.finish()]), reference)


def test_equal_rates_pass_unchanged_and_at_once() -> None:
    samples = noise(100)
    resampler = Resampler(24_000, 24_000)
    assert resampler.resample(samples) is samples
    assert not len(resampler.finish())


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 48_000])
def test_most_that_is_held_back(rate_hz: int) -> None:
    resampler = Resampler(OUTPUT_RATE_HZ, rate_hz)
    ready = [len(resampler.resample(noise(240))) for _ in range(200)]
    given_s = np.arange(1, 201) * 240 / OUTPUT_RATE_HZ
    assert (given_s - np.cumsum(ready) / rate_hz).max() <= 0.0851


@pytest.mark.parametrize(("format", "rate_hz"), WRITABLE)
@both
def test_every_sample_is_in_its_place(format: str, rate_hz: int, whole: bool) -> None:
    samples = noise(72_345, lead=4_000)
    wanted = soxr.resample(samples, OUTPUT_RATE_HZ, rate_hz)
    decoded, told_hz = decode(written(samples, format, rate_hz, whole=whole), format)
    assert told_hz == (0 if format == "pcm" else rate_hz)
    padding = 1_152 if format == "aac" or (format == "mp3" and not whole) else 0
    assert 0 <= len(decoded) - len(wanted) <= padding
    assert lag(wanted, decoded) == 0
    assert snr_db(wanted, decoded) > MIN_SNR_DB.get(format, 60.0)


@pytest.mark.parametrize(("format", "rate_hz"), WRITABLE)
@both
def test_short_speech_is_recognised(format: str, rate_hz: int, whole: bool) -> None:
    """Without a tag that says so, FFmpeg needs some frames to know a format."""
    for size in (3, 500):
        decoded, told_hz = decode(written(noise(size, lead=0), format, rate_hz, whole=whole), format)
        assert told_hz == (0 if format == "pcm" else rate_hz)
        assert len(decoded)


@pytest.mark.parametrize("format", ["mp3", "aac"])
def test_bit_rate_at_the_lowest_rate(format: str) -> None:
    """Coders allow fewer bits a second there: 64 kbit/s of mp3, 48 of aac."""
    assert len(encode(noise(240_000), format, 8_000)) * 8 / 10 <= 70_000


@pytest.mark.parametrize(
    ("format", "rate_hz", "allowed"),
    [
        ("opus", 44_100, "8000, 12000, 16000, 24000, 48000"),
        ("mp3", 23_999, "8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000"),
        ("aac", 47_999, "8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000"),
    ],
)
def test_a_rate_that_the_coder_lacks(format: str, rate_hz: int, allowed: str) -> None:
    for use in (check_rate, Encoder, lambda name, hz: encode(noise(10), name, hz)):
        with pytest.raises(BadParameter, match=allowed) as caught:
            use(format, rate_hz)
        assert caught.value.param == "sample_rate"


def test_input_at_another_rate() -> None:
    samples = noise(16_000)
    decoded, told_hz = decode(encode(samples, "wav", 16_000, 16_000), "wav")
    assert told_hz == 16_000
    assert np.array_equal(decoded, np.rint(samples * 32_768).astype(np.float32) / 32_768)
