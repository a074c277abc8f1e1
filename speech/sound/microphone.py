"""Live audio, raw or in a container -> mono float32 PCM at 16 kHz, as soon as its bytes arrive.

The sender declares the format of raw audio. A container is recognised by its first bytes and decoded by
speech/sound/decoder.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import soxr
from numpy.typing import NDArray

from speech.sound.decoder import Readable, decode_live
from speech.types import INPUT_RATE_HZ

Float = NDArray[np.float32]
SampleEncoding = Literal["pcm_s16le", "pcm_f32le", "mulaw"]

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 192_000
"""The sample rates that raw audio may have."""
_MAGIC = (b"\x1a\x45\xdf\xa3", b"OggS", b"fLaC", b"ID3")
"""The first bytes of webm and mkv, of ogg, of flac, and of mp3 with a tag."""
_HEADER_BYTES = 12
"""First bytes that are enough to recognise any container except an mp3 without a tag."""
_MAX_READ_S = 10.0
"""Seconds of raw audio that are read at once."""
_SAMPLE_BYTES: dict[SampleEncoding, int] = {"pcm_s16le": 2, "pcm_f32le": 4, "mulaw": 1}


@dataclass(frozen=True)
class RawFormat:
    """The format of mono samples without a header."""

    encoding: SampleEncoding = "pcm_s16le"
    rate_hz: int = INPUT_RATE_HZ

    @property
    def bytes_per_s(self) -> int:
        """Bytes of one second."""
        return _SAMPLE_BYTES[self.encoding] * self.rate_hz


def listen(stream: Readable, raw: RawFormat, *, may_be_container: bool = True) -> Iterator[Float]:
    """Decode a stream in a container, or raw audio in the format `raw`.

    may_be_container: whether to look for a container at all; if not, the bytes are taken for samples.
    Yields: float32 [samples], mono, 16 kHz, each chunk as soon as its bytes have arrived.
    Raises: BadAudio for a container without audio that can be decoded.
    """
    peekable = _PeekableStream(stream)
    if may_be_container and _is_container(peekable):
        yield from decode_live(peekable)
    else:
        yield from _decode_raw(peekable, raw)


class _PeekableStream:
    """A stream whose first bytes can be looked at before they are read."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._peeked = b""

    def peek(self, size: int) -> bytes:
        """The first `size` bytes, or fewer if the stream ends before. Call it before `read` only."""
        while len(self._peeked) < size:
            data = self._stream.read(size - len(self._peeked))
            if not data:
                break
            self._peeked += data
        return self._peeked[:size]

    def read(self, size: int) -> bytes:
        if not self._peeked:
            return self._stream.read(size)
        data, self._peeked = self._peeked[:size], self._peeked[size:]
        return data


def _is_container(stream: _PeekableStream) -> bool:
    head = stream.peek(_HEADER_BYTES)
    if head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:] == b"WAVE") or head[4:8] == b"ftyp":
        return True
    # Raw samples may look like the header of an mp3 frame, but hardly ever like two headers at the right distance.
    size = _mp3_frame_size(head)
    return bool(size) and bool(_mp3_frame_size(stream.peek(size + 4)[size:]))


_MP3_KBIT_S = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),  # MPEG 1
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),  # MPEG 2
    0: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),  # MPEG 2.5
}
"""Bit rates of layer III in kbit/s, by MPEG version and index in the frame header (ISO 11172-3, ISO 13818-3)."""
_MP3_RATE_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _mp3_frame_size(head: bytes) -> int:
    """Bytes of the MPEG layer III frame that has this header; 0 if `head` is no such header."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate = head[1] >> 3 & 3, head[2] >> 2 & 3
    if version == 1 or rate == 3:
        return 0
    bits_per_s = 1000 * _MP3_KBIT_S[version][head[2] >> 4]
    if not bits_per_s:
        return 0
    padding = head[2] >> 1 & 1
    return (144 if version == 3 else 72) * bits_per_s // _MP3_RATE_HZ[version][rate] + padding


def _decode_raw(stream: Readable, raw: RawFormat) -> Iterator[Float]:
    resampler = soxr.ResampleStream(raw.rate_hz, INPUT_RATE_HZ, 1) if raw.rate_hz != INPUT_RATE_HZ else None
    width, rest = _SAMPLE_BYTES[raw.encoding], b""
    while data := stream.read(round(_MAX_READ_S * raw.bytes_per_s)):
        data = rest + data
        whole = len(data) - len(data) % width
        rest = data[whole:]
        pcm = _samples(data[:whole], raw.encoding)
        if resampler is not None:
            pcm = resampler.resample_chunk(pcm).clip(-1.0, 1.0)
        if len(pcm):
            yield pcm
    if resampler is not None:
        yield resampler.resample_chunk(np.empty(0, np.float32), last=True).clip(-1.0, 1.0)


def _samples(data: bytes, encoding: SampleEncoding) -> Float:
    if encoding == "pcm_s16le":
        return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32_768)
    if encoding == "mulaw":
        return _MULAW[np.frombuffer(data, np.uint8)]
    pcm = np.frombuffer(data, "<f4").astype(np.float32)
    return np.nan_to_num(pcm, nan=0.0, posinf=0.0, neginf=0.0).clip(-1.0, 1.0)


def _mulaw_table() -> Float:
    """float32 [256]: the sample that each mu-law code stands for (ITU-T G.711)."""
    codes = ~np.arange(256, dtype=np.uint8)
    magnitude = (((codes & 0x0F).astype(np.int32) << 3) + 0x84 << (codes >> 4 & 7)) - 0x84
    return (np.where(codes & 0x80, -magnitude, magnitude) / 32_768).astype(np.float32)


_MULAW = _mulaw_table()
