"""Live audio is decoded however it is cut into pieces, and containers are told from raw samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from speech.errors import BadAudio
from speech.sound.microphone import RawFormat, SampleEncoding, listen
from tests.frontend.live_client import CONTAINERS, container, mulaw, pcm16

Float = NDArray[np.float32]

RATE = 16_000
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.float32)


class Pieces:
    """A stream that returns at most `size` bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size

    def read(self, size: int) -> bytes:
        size = min(size, self._size)
        data, self._data = self._data[:size], self._data[size:]
        return data


def decoded(data: bytes, size: int = 1000, raw: RawFormat | None = None, may_be_container: bool = True) -> Float:
    chunks = list(listen(Pieces(data, size), raw or RawFormat(), may_be_container=may_be_container))
    return np.concatenate([np.empty(0, np.float32), *chunks])


def loudness(pcm: Float) -> float:
    """The amplitude of 440 Hz in the first second: 0.5 for TONE."""
    spectrum = np.abs(np.fft.rfft(pcm[:RATE])) / (len(pcm[:RATE]) / 2)
    return float(spectrum[round(440 * len(pcm[:RATE]) / RATE)])


@given(st.integers(1, 5000))
def test_samples_do_not_depend_on_how_they_are_cut(size: int) -> None:
    assert np.array_equal(decoded(pcm16(TONE), size), np.frombuffer(pcm16(TONE), "<i2") / np.float32(32_768))


@pytest.mark.parametrize(
    ("encoding", "rate", "data"),
    [
        ("pcm_s16le", 48_000, pcm16(TONE, 48_000)),
        ("pcm_f32le", RATE, TONE.astype("<f4").tobytes()),
        ("mulaw", 8_000, mulaw(TONE)),
    ],
)
def test_encodings(encoding: SampleEncoding, rate: int, data: bytes) -> None:
    pcm = decoded(data, 777, RawFormat(encoding, rate))
    assert len(pcm) == pytest.approx(RATE, abs=2)
    assert loudness(pcm) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("name", CONTAINERS)
@pytest.mark.parametrize("size", [100, 100_000])
def test_containers(name: str, size: int) -> None:
    pcm = decoded(container(TONE, name), size)
    assert len(pcm) == pytest.approx(RATE, abs=RATE // 8)
    assert loudness(pcm) == pytest.approx(0.5, abs=0.06)


def test_an_mp3_without_a_tag_is_told_from_samples_that_look_like_one() -> None:
    mp3 = container(TONE, "mp3")
    bare = mp3[mp3.index(b"\xff\xfb") if b"\xff\xfb" in mp3 else mp3.index(b"\xff\xf3") :]
    assert loudness(decoded(bare)) > 0.4
    alike = b"\xff\xfb\x90\x00" + bytes(5000)
    assert len(decoded(alike)) == len(alike) // 2


def test_what_is_declared_is_not_guessed() -> None:
    data = container(TONE, "wav")
    assert len(decoded(data, may_be_container=False)) == len(data) // 2


@pytest.mark.parametrize("data", [b"", b"\0", b"\xff\xfb"])
def test_next_to_nothing(data: bytes) -> None:
    assert len(decoded(data)) == len(data) // 2


@pytest.mark.parametrize("magic", [b"\x1a\x45\xdf\xa3", b"OggS", b"fLaC", b"ID3\x04", b"RIFF\0\0\0\0WAVE"])
def test_a_container_of_nonsense(magic: bytes) -> None:
    with pytest.raises(BadAudio):
        decoded(magic + b"nonsense" * 1000)


def test_samples_that_are_no_numbers() -> None:
    data = np.array([np.nan, np.inf, -np.inf, 5.0, 0.25], "<f4").tobytes()
    assert decoded(data, raw=RawFormat("pcm_f32le")).tolist() == [0.0, 0.0, 0.0, 1.0, 0.25]
