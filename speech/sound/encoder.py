"""Mono float32 PCM -> bytes of a file that can be played while it grows.

    chunks -> s16 or float frames -> packets -> bytes, as soon as the coder gives them

FFmpeg does the coding and the muxing. What is ours is *time*: decoded by anything, a file begins with the first sample
of the speech, although the coders of mp3, opus and aac delay what they code:

- Ogg Opus says in its header what to skip and in its last page where to stop: exact, streamed or not.
- A *whole* mp3 says both in its LAME tag: exact. The tag counts the frames, which a stream cannot know; FFmpeg skips
  the delay without the count too, but mpg123 (in libsndfile) does not and is 46 ms late.
- So a streamed mp3 does not try, and ADTS has no place for it. Silence is put before the speech until the delay is a
  whole number of frames, and those are not sent. What is left starts with the speech, and ends with silence up to a
  whole frame.
  The price: every frame is decoded with the help of the one before, so a sound within the first 44 ms (1,057 samples
  of mp3, 1,024 of aac) fades in. Speech that begins with as much silence loses nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, Protocol

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet
from numpy.typing import NDArray

from speech.errors import BadParameter
from speech.types import OUTPUT_RATE_HZ


@dataclass(frozen=True)
class Format:
    """One way to send sound. `muxer` and `coder` are FFmpeg's names, `samples` is what the coder takes."""

    content_type: str
    muxer: str
    coder: Literal["pcm_s16le", "libmp3lame", "libopus", "flac", "aac"]
    samples: Literal["s16", "flt", "fltp"] = "s16"
    bit_rate: int | None = None
    coder_options: Mapping[str, str] = field(default_factory=dict)
    muxer_options: Mapping[str, str] = field(default_factory=dict)
    delay: int = 0
    """Samples that come out of a decoder before the speech, if a stream cannot tell it to skip them."""
    file_tells_delay: bool = False
    min_samples: int = 1
    """Shorter speech is followed by silence, else decoders do not recognize the file."""


FORMATS: Mapping[str, Format] = {
    "wav": Format("audio/wav", "wav", "pcm_s16le", min_samples=0),
    "mp3": Format(
        "audio/mpeg",
        "mp3",
        "libmp3lame",
        "fltp",
        96_000,  # 1.0 dB log-spectral distance on English speech; 2.3 at 64 kbit/s
        {"reservoir": "0"},  # no frame refers to bytes of others, so the first ones may be left out; costs nothing here
        {"id3v2_version": "0"},  # it would only hold FFmpeg's name
        delay=576 + 529,  # LAME's, and the decoder's
        file_tells_delay=True,
        min_samples=7 * 576,  # FFmpeg tells a bare mp3 by seven frames in a row
    ),
    "opus": Format(
        "audio/ogg; codecs=opus",
        "ogg",
        "libopus",
        "flt",
        48_000,  # and 11 kbit/s of page headers
        # CELT only: half the time of "voip" or "audio", 2.5 ms lookahead, and the waveform stays: SILK shifts it by one
        # or two samples (SNR on English speech 22 dB; 7 and 12).
        {"application": "lowdelay"},
        {"page_duration": "20000"},  # microseconds: a page a frame; the muxer keeps one back, as it may be the last
    ),
    "flac": Format(
        "audio/flac",
        "flac",
        "flac",
        coder_options={"frame_size": "576"},  # samples: 24 ms; 48 would save 1.5 % of the bytes
        muxer_options={"metadata_header_padding": "0"},  # else 8 KiB of zeros come first
    ),
    "aac": Format(
        "audio/aac",
        "adts",
        "aac",
        "fltp",
        64_000,
        {"aac_coder": "fast"},  # from this rate on it is the better one (SNR on English speech 35 dB; 28)
        delay=1024,
        min_samples=3 * 1024,  # FFmpeg tells ADTS by three frames in a row
    ),
    "pcm": Format("audio/pcm", "s16le", "pcm_s16le", min_samples=0),
}
"""What can be asked for as `response_format`. pcm is signed 16 bit, little-endian, without a header."""


def get_format(name: str) -> Format:
    """Raises: BadParameter for an unknown name."""
    if name not in FORMATS:
        near = get_close_matches(name.lower(), FORMATS, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise BadParameter(f"no audio format {name!r}; {hint}allowed: {', '.join(FORMATS)}", "response_format")
    return FORMATS[name]


class Encoder:
    """Speech as a stream of bytes: one file, of unknown length until it ends.

    How the speech is cut into pieces changes no byte. Of 24 kHz it holds back nothing (wav, pcm) or at most 24 ms
    (flac), 43 (opus), 96 (mp3) or 128 (aac), which is what the coders need.
    """

    def __init__(self, format: str, sample_rate_hz: int = OUTPUT_RATE_HZ) -> None:
        chosen = get_format(format)
        self._pipe = _Pipe()
        self._track = _Track(chosen, sample_rate_hz, self._pipe, untold=chosen.delay)

    def encode(self, pcm: NDArray[np.float32]) -> bytes:
        """float32 [samples], any number of them (none: just the header) -> the bytes that can be sent already."""
        self._track.write(pcm)
        return self._pipe.take()

    def finish(self) -> bytes:
        """The rest; nothing may follow."""
        self._track.finish()
        return self._pipe.take()

    def close(self) -> None:
        """Free an encoder that will not be finished, at once: it would have to wait for the garbage collector."""
        self._track.close()


def encode(pcm: NDArray[np.float32], format: str, sample_rate_hz: int = OUTPUT_RATE_HZ) -> bytes:
    """float32 [samples] -> a whole file, whose header tells its true length (aac and pcm have none)."""
    chosen = get_format(format)
    file = io.BytesIO()
    track = _Track(chosen, sample_rate_hz, file, untold=0 if chosen.file_tells_delay else chosen.delay)
    track.write(pcm)
    track.finish()
    return file.getvalue()


class _Pipe:
    """Where FFmpeg writes to and cannot seek in."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        data = bytes(self._written)
        self._written.clear()
        return data


class _Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...


class _Track:
    """The one sound track of a file; `untold` is the delay, in samples, that has to be cut off here."""

    def __init__(self, format: Format, rate_hz: int, file: _Writable, untold: int) -> None:
        # bitexact: no version in the header, no random serial number of the Ogg stream
        options = {**format.muxer_options, "fflags": "+bitexact+flush_packets"}
        self._container = av.open(file, "w", format=format.muxer, container_options=options)
        self._stream = self._container.add_stream(
            format.coder, rate=rate_hz, layout="mono", format=format.samples, options=dict(format.coder_options)
        )
        if format.bit_rate:
            self._stream.bit_rate = format.bit_rate
        self._container.start_encoding()
        self._format, self._rate_hz, self._untold = format, rate_hz, untold
        self._frame = self._stream.codec_context.frame_size or 1
        lead = -untold % self._frame
        self._written = -lead  # so that the speech begins at 0
        self.write(np.zeros(lead, np.float32))

    def write(self, pcm: NDArray[np.float32]) -> None:
        if not len(pcm):
            return
        frame = AudioFrame.from_ndarray(self._quantize(pcm)[None], self._format.samples, "mono")
        frame.sample_rate, frame.time_base = self._rate_hz, self._stream.codec_context.time_base
        frame.pts = self._written
        self._written += len(pcm)
        self._mux(self._stream.encode(frame))

    def finish(self) -> None:
        silence = max(self._format.min_samples - self._written, 0)
        if self._untold:
            silence += -(self._written + silence) % self._frame
        self.write(np.zeros(silence, np.float32))
        self._mux(self._stream.encode(None))
        self.close()

    def close(self) -> None:
        self._container.close()

    def _quantize(self, pcm: NDArray[np.float32]) -> NDArray[np.int16] | NDArray[np.float32]:
        """Clipped; as integers rounded to the nearest, where 32768 stands for 1.0 as in FFmpeg and libsndfile."""
        if self._format.samples == "s16":
            return np.rint(np.clip(pcm * np.float32(32_768), -32_768, 32_767)).astype(np.int16)
        return np.clip(pcm, -1.0, 1.0).astype(np.float32, copy=False)

    def _mux(self, packets: Iterable[Packet[AudioStream]]) -> None:
        for packet in packets:
            before = self._untold and packet.pts is not None and packet.pts < 0
            after = packet.size and not packet.duration  # LAME's last frame may lie wholly behind the speech
            if not before and not after:
                self._container.mux(packet)
