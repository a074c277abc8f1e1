"""Every format: the right samples in the right place, soon, however the speech is cut into pieces."""

from __future__ import annotations

import gc
import io
import struct
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from speech.errors import BadParameter
from speech.sound.encoder import FORMATS, Encoder, encode, get_format
from speech.types import OUTPUT_RATE_HZ

Samples = NDArray[np.float32]

PCM = ("wav", "flac", "pcm")
LOSSY = {"mp3": 20.0, "opus": 14.0, "aac": 20.0}
"""Minimum signal-to-noise ratio of each lossy format in dB. That of mp3 is 26 at best, because LAME takes 5 % off."""
FRAME_SIZE = {"mp3": 576, "aac": 1024}
"""Frame size of the formats whose streams end with silence up to a whole frame, in samples."""
FADE = 1_057
"""Samples at the start of such a stream that may fade in."""


def noise(size: int, lead: int = FADE) -> Samples:
    """Silence, then noise below 2 kHz that rises and falls like syllables. Shifted, it does not resemble itself."""
    random = np.random.default_rng(size)
    smooth = np.convolve(random.normal(0, 1, size + 40), np.hanning(16), "valid")[:size]
    swell = 0.1 + np.sin(np.arange(size) * np.pi / 5_000) ** 2
    samples: Samples = (0.1 * smooth * swell).clip(-1, 1).astype(np.float32)
    samples[:lead] = 0
    return samples


def streamed(samples: Samples, format: str, cuts: list[int] | None = None) -> bytes:
    encoder = Encoder(format)
    pieces = np.split(samples, cuts or [])
    return b"".join(encoder.encode(piece) for piece in pieces) + encoder.finish()


def decode(data: bytes, format: str) -> Samples:
    """float32 [samples] as FFmpeg decodes them, or libsndfile for Ogg Opus, which FFmpeg always decodes to 48 kHz."""
    if format == "pcm":
        return np.frombuffer(data, "<i2").astype(np.float32) / 32_768
    if format == "opus":
        return decode_with_libsndfile(data)
    with av.open(io.BytesIO(data), "r") as container:
        assert container.streams.audio[0].rate == OUTPUT_RATE_HZ
        frames = [frame.to_ndarray().ravel() for frame in container.decode(audio=0)]
    samples: NDArray[Any] = np.concatenate(frames or [np.empty(0, np.int16)])
    return samples.astype(np.float32) / (32_768 if samples.dtype == np.int16 else 1)


def decode_with_libsndfile(data: bytes) -> Samples:
    """float32 [samples] as libsndfile decodes them."""
    samples, rate_hz = soundfile.read(io.BytesIO(data), dtype="float32")
    assert rate_hz == OUTPUT_RATE_HZ
    assert isinstance(samples, np.ndarray)
    return samples


def length(data: bytes) -> float:
    """Samples at 24 kHz that FFmpeg decodes."""
    with av.open(io.BytesIO(data), "r") as container:
        return sum(frame.samples * OUTPUT_RATE_HZ / frame.sample_rate for frame in container.decode(audio=0))


def expected_length(size: int, format: str, *, whole: bool) -> int:
    size = max(size, FORMATS[format].min_frames * FRAME_SIZE.get(format, 0), not FORMATS[format].may_be_empty)
    padded = format == "aac" or (format == "mp3" and not whole)
    return size + -size % FRAME_SIZE[format] if padded else size


def snr_db(given: Samples, got: Samples) -> float:
    error = given - got[: len(given)]
    return float(10 * np.log10(np.sum(np.square(given)) / max(float(np.sum(np.square(error))), 1e-12)))


def lag(given: Samples, got: Samples) -> int:
    """How many samples `got` is later than `given`."""
    size = 2 * max(len(given), len(got))
    at = int(np.fft.irfft(np.fft.rfft(got, size) * np.conj(np.fft.rfft(given, size)), size).argmax())
    return at if at < size // 2 else at - size


def written(samples: Samples, format: str, *, whole: bool) -> bytes:
    return encode(samples, format) if whole else streamed(samples, format)


both = pytest.mark.parametrize("whole", [True, False], ids=["whole", "streamed"])
every = pytest.mark.parametrize("format", FORMATS)


# The table


def test_content_types() -> None:
    assert {name: format.content_type for name, format in FORMATS.items()} == {
        "wav": "audio/wav",
        "mp3": "audio/mpeg",
        "opus": "audio/ogg; codecs=opus",
        "flac": "audio/flac",
        "aac": "audio/aac",
        "pcm": "audio/pcm",
    }


@pytest.mark.parametrize(
    ("name", "hint"), [("mp4", "did you mean 'mp3'? "), ("WAV", "did you mean 'wav'? "), ("", ""), ("ogg", "")]
)
def test_unknown_format_names_the_nearest_and_all(name: str, hint: str) -> None:
    for use in (get_format, Encoder, lambda name: encode(noise(10), name)):
        with pytest.raises(BadParameter) as error:
            use(name)
        assert error.value.message == f"no audio format {name!r}; {hint}allowed: wav, mp3, opus, flac, aac, pcm"
        assert error.value.param == "response_format"


@pytest.mark.parametrize(
    ("format", "magic"),
    [("wav", b"RIFF"), ("mp3", b"\xff\xf3"), ("opus", b"OggS"), ("flac", b"fLaC"), ("aac", b"\xff\xf1")],
)
@both
def test_files_are_what_they_are_called(format: str, magic: bytes, whole: bool) -> None:
    assert written(noise(5_000), format, whole=whole).startswith(magic)


# Sound


@pytest.mark.parametrize("format", PCM)
@both
def test_lossless_formats_change_nothing_but_the_last_bit(format: str, whole: bool) -> None:
    samples = noise(30_001, lead=0)
    decoded = decode(written(samples, format, whole=whole), format)
    assert len(decoded) == len(samples)
    assert np.array_equal(decoded, np.rint(samples * 32_768).astype(np.float32) / 32_768)


@pytest.mark.parametrize("format", LOSSY)
@both
def test_lossy_formats_keep_every_sample_at_its_place(format: str, whole: bool) -> None:
    samples = noise(72_345)
    decoded = decode(written(samples, format, whole=whole), format)
    assert len(decoded) == expected_length(len(samples), format, whole=whole)
    assert lag(samples, decoded) == 0
    assert snr_db(samples, decoded) > LOSSY[format]
    for place in (FADE, 36_000, len(samples) - 3_000):  # the first sounds, and the last
        part = slice(place, place + 3_000)
        assert snr_db(samples[part], decoded[part]) > LOSSY[format] - 3
    assert np.abs(decoded[len(samples) + 100 :]).max(initial=0) < 0.2 * np.abs(samples[-3_000:]).max(), "padding"


@pytest.mark.parametrize("format", ["wav", "mp3", "opus", "flac"])
@both
def test_libsndfile_hears_the_same(format: str, whole: bool) -> None:
    samples = noise(40_404)
    data = written(samples, format, whole=whole)
    if format == "flac" and not whole:
        pytest.xfail("libsndfile 1.2 does not read any flac of unknown length to its end")
    decoded = decode_with_libsndfile(data)
    assert len(decoded) == expected_length(len(samples), format, whole=whole)
    assert lag(samples, decoded) == 0
    assert snr_db(samples, decoded) > LOSSY.get(format, 60.0)


def test_opus_is_the_same_at_48_khz() -> None:
    samples = noise(40_404)
    with av.open(io.BytesIO(streamed(samples, "opus")), "r") as container:
        at_48_khz = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])
    assert (len(at_48_khz), lag(samples, at_48_khz[::2])) == (2 * len(samples), 0)


@pytest.mark.parametrize("format", FRAME_SIZE)
def test_without_silence_before_it_a_sound_fades_in(format: str) -> None:
    """The cost of starting at once in formats without a field for the delay; the audio after that is unchanged."""
    samples = noise(24_000, lead=0)
    decoded = decode(streamed(samples, format), format)
    assert lag(samples, decoded) == 0
    assert snr_db(samples[:400], decoded[:400]) < 3
    assert snr_db(samples[FADE:], decoded[FADE:]) > LOSSY[format]


# 4,608 is 8 x 576; with up to 47 samples more, the last frame of LAME holds no speech.
SIZES = [0, 1, 2, 47, 479, 480, 481, 576, 1_023, 1_024, 1_025, 4_031, 4_032, 4_033, 4_608, 4_609, 4_650, 4_656, 24_000]


@every
@pytest.mark.parametrize("size", SIZES)
@both
def test_number_of_samples(format: str, size: int, whole: bool) -> None:
    data = written(noise(size), format, whole=whole)
    wanted = expected_length(size, format, whole=whole)
    assert (len(data) / 2 if format == "pcm" else length(data)) == wanted
    if format in ("wav", "mp3", "opus") or (format == "flac" and whole):
        assert len(decode_with_libsndfile(data)) == wanted


@every
@both
def test_silence(format: str, whole: bool) -> None:
    decoded = decode(written(np.zeros(12_000, np.float32), format, whole=whole), format)
    assert np.abs(decoded).max() < 1e-4


@every
@both
def test_loud_is_clipped_not_wrapped(format: str, whole: bool) -> None:
    time_s = np.arange(24_000) / OUTPUT_RATE_HZ
    sine = np.sin(2 * np.pi * 100 * time_s).astype(np.float32)
    decoded = decode(written(4 * sine, format, whole=whole), format)[: len(sine)]
    steady = np.abs(sine) > 0.6
    assert np.all(np.sign(decoded[steady][2_000:]) == np.sign(sine[steady][2_000:]))
    if format in PCM:
        assert decoded.max() == 32_767 / 32_768
        assert decoded.min() == -1


@pytest.mark.parametrize("format", PCM)
def test_rounding_is_to_the_nearest(format: str) -> None:
    levels = np.array([0, 0.4, 0.6, -0.4, -0.6, 1.4, 32_766.6, 32_767, 32_768, -32_768, -32_769, 1e9, -1e9], np.float32)
    decoded = decode(encode(levels / 32_768, format), format) * 32_768
    assert decoded.tolist() == [0, 0, 1, 0, -1, 1, 32_767, 32_767, 32_767, -32_768, -32_768, 32_767, -32_768]


# Headers


def test_header_of_a_streamed_wav_leaves_the_sizes_open() -> None:
    encoder = Encoder("wav")
    head = encoder.encode(np.empty(0, np.float32))
    form = (b"WAVE", b"fmt ", 16, 1, 1, 24_000, 48_000, 2, 16)
    assert struct.unpack("<4sI4s4sIHHIIHH4sI", head) == (b"RIFF", 2**32 - 1, *form, b"data", 2**32 - 1)
    assert encoder.encode(np.array([0.5, -0.5], np.float32)) == b"\0\x40\0\xc0"
    assert encoder.finish() == b""


def test_header_of_a_whole_wav_tells_the_sizes() -> None:
    data = encode(noise(1_000), "wav")
    assert len(data) == 2_044
    assert struct.unpack("<4sI", data[:8]) == (b"RIFF", 2_036)
    assert struct.unpack("<4sI", data[36:44]) == (b"data", 2_000)


@pytest.mark.parametrize("format", ["wav", "mp3", "flac", "opus"])
def test_whole_files_know_how_long_they_are(format: str) -> None:
    samples = noise(30_000)
    with soundfile.SoundFile(io.BytesIO(encode(samples, format))) as file:
        assert file.frames == len(samples)


@pytest.mark.parametrize(
    ("format", "most"), [("wav", 44), ("mp3", 0), ("opus", 130), ("flac", 100), ("aac", 0), ("pcm", 0)]
)
def test_header_comes_once_and_is_small(format: str, most: int) -> None:
    encoder = Encoder(format)
    head = encoder.encode(np.empty(0, np.float32))
    assert len(head) <= most
    assert encoder.encode(np.empty(0, np.float32)) == b""
    data = head + encoder.encode(noise(48_000)) + encoder.finish()
    for magic in (b"RIFF", b"fLaC", b"OpusHead"):
        assert data.count(magic) <= 1


@pytest.mark.parametrize(("format", "kbit_s"), [("mp3", 96), ("opus", 62), ("aac", 72), ("flac", 384), ("pcm", 384)])
def test_bit_rates(format: str, kbit_s: int) -> None:
    assert len(encode(noise(240_000), format)) * 8 / 10 / 1_000 <= kbit_s * 1.1


# Streaming


@every
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_how_the_speech_is_cut_changes_no_byte(format: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, 6_000))
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=20)))
    samples = noise(size, lead=0)
    assert streamed(samples, format, cuts) == streamed(samples, format)
    assert streamed(samples[:99], format, list(range(99))) == streamed(samples[:99], format)


@pytest.mark.parametrize(
    ("format", "held"), [("wav", 0), ("pcm", 0), ("flac", 24), ("opus", 43), ("mp3", 96), ("aac", 128)]
)
def test_most_that_is_held_back(format: str, held: int) -> None:
    """`held` ms at any time, with pieces of 20 ms."""
    samples = noise(24_000)
    encoder = Encoder(format)
    sent = b""
    worst_ms = 0.0
    for start in range(0, len(samples), 480):
        sent += encoder.encode(samples[start : start + 480])
        given = start + 480
        if given >= 12_000:
            decodable = len(sent) / 2 if format == "pcm" else length(sent)
            worst_ms = max(worst_ms, (given - decodable) / 24)
    assert worst_ms <= held


@pytest.mark.parametrize(("format", "first"), [("wav", 0), ("flac", 24), ("opus", 43), ("mp3", 96), ("aac", 128)])
def test_first_sound_is_sent_after(format: str, first: int) -> None:
    """`first` ms of speech at most."""
    encoder = Encoder(format)
    head = encoder.encode(np.empty(0, np.float32))
    given = next(given for given in range(24, 24_000, 24) if encoder.encode(noise(24)))
    assert (given - 24) / 24 <= first, head


@every
def test_close_may_come_early_late_or_never(format: str) -> None:
    for _ in range(3):
        encoder = Encoder(format)
        encoder.encode(noise(5_000))
        encoder.close()
        encoder.close()
        Encoder(format).encode(noise(5_000))
        Encoder(format).close()
    gc.collect()
    encoder = Encoder(format)
    assert encoder.encode(noise(5_000)) + encoder.finish() == streamed(noise(5_000), format)
    encoder.close()


@every
def test_two_at_once_do_not_mix(format: str) -> None:
    one, two = noise(20_000), noise(20_001)
    encoders = Encoder(format), Encoder(format)
    sent = [b"", b""]
    for start in range(0, 20_001, 700):
        for index, samples in enumerate((one, two)):
            sent[index] += encoders[index].encode(samples[start : start + 700])
    finished = [sent[index] + encoders[index].finish() for index in range(2)]
    assert finished == [streamed(one, format), streamed(two, format)]


def test_threads() -> None:
    jobs = [(noise(size), format) for size in (10_000, 20_000, 30_000) for format in FORMATS]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda job: streamed(*job), jobs))
    assert found == [streamed(*job) for job in jobs]


@pytest.mark.slow
def test_memory_does_not_grow() -> None:
    """Neither from the first to the tenth minute of a stream (7 MB of mp3), nor by 500 unfinished ones."""
    script = """
        import numpy as np
        from speech.sound.encoder import FORMATS, Encoder
        def now_mb():
            return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]) / 1024
        second = np.random.default_rng(0).normal(0, 0.01, 24_000).astype(np.float32)
        for format in FORMATS:
            encoder = Encoder(format)
            for at in range(600):
                encoder.encode(second)
                early = now_mb() if at == 60 else early if at else 0
            print(format, now_mb() - early)
        for at in range(560):
            encoder = Encoder(list(FORMATS)[at % len(FORMATS)])
            encoder.encode(second[:3_000])
            encoder.close()
            early = now_mb() if at == 60 else early
        print("abandoned", now_mb() - early)
    """
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(script)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, timeout=200).stdout.split()
    growth_mb = dict(zip(done[::2], map(float, done[1::2]), strict=True))
    assert growth_mb.keys() == {*FORMATS, "abandoned"}
    assert max(growth_mb.values()) < 2, growth_mb
