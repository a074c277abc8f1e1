"""Mono float32 PCM -> bytes of a file that can be played while it is still being written.

    chunks -> sample rate of the file -> s16 or float frames -> packets -> bytes, as soon as the coder returns them

FFmpeg encodes and muxes. The *timing* is done here: whatever decodes a file, its first sample is the first sample of
the speech, although the coders of mp3, opus and aac add a delay:

- Ogg Opus: the header says how much to skip, and the last page where to stop. Exact, streamed or not.
- A *whole* mp3: the LAME tag says both. Exact. The tag has the number of frames, which a stream cannot know; FFmpeg
  skips the delay without it, but mpg123 (in libsndfile) does not and would be 46 ms late.
- A streamed mp3, and aac (ADTS has no field for the delay): silence is put before the speech until the delay is a whole
  number of frames, and these frames are not sent. So the stream starts with the speech. It ends with silence up to a
  whole frame.
  The cost: each frame is decoded with the help of the one before it, so the first 1,057 samples of mp3 and 1,024 of aac
  fade in: 44 ms at 24 kHz, 132 ms at 8 kHz. Speech that begins with that much silence loses nothing.

All of this holds at every sample rate, because the delays are numbers of samples that do not depend on it. Only the
frames of mp3 do: they have 1,152 samples from 32 kHz on, and 576 below.
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
from speech.sound.resampler import Resampler
from speech.types import OUTPUT_RATE_HZ


@dataclass(frozen=True)
class Format:
    """An audio format and how FFmpeg writes it."""

    content_type: str
    muxer: str
    """FFmpeg's name of the container."""
    coder: Literal["pcm_s16le", "libmp3lame", "libopus", "flac", "aac"]
    """FFmpeg's name of the encoder."""
    samples: Literal["s16", "flt", "fltp"] = "s16"
    """FFmpeg's name of the sample format that the encoder takes."""
    bit_rate: int | None = None
    """Bits a second; the encoder's default if None."""
    coder_options: Mapping[str, str] = field(default_factory=dict)
    muxer_options: Mapping[str, str] = field(default_factory=dict)
    max_bits_per_sample: int = 16
    """Limits the bit rate at low sample rates."""
    delay: int = 0
    """Samples that a decoder returns before the speech, because a stream cannot tell it to skip them."""
    file_tells_delay: bool = False
    """Whether a whole file does tell the decoder to skip them."""
    min_frames: int = 0
    """A file with fewer frames gets silence at its end, because decoders would not recognise it otherwise."""
    may_be_empty: bool = False
    """Whether decoders read a file without samples. If not, it gets at least one."""
    rates_hz: tuple[int, ...] = ()
    """The sample rates that the coder can write; empty: all."""


LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 48_000
"""The sample rates that a file may have."""
_MPEG_RATES_HZ = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)

FORMATS: Mapping[str, Format] = {
    "wav": Format("audio/wav", "wav", "pcm_s16le", may_be_empty=True),
    "mp3": Format(
        "audio/mpeg",
        "mp3",
        "libmp3lame",
        "fltp",
        # Log-spectral distance on English speech: 1.0 dB (2.3 dB at 64 kbit/s). Below 16 kHz there are at most
        # 64 kbit/s, and LAME uses these.
        96_000,
        {"reservoir": "0"},  # no frame uses bytes of another, so the first ones can be left out; costs nothing here
        {"id3v2_version": "0"},  # no tag: it would contain nothing but FFmpeg's name
        delay=576 + 529,  # of LAME and of the decoder
        file_tells_delay=True,
        min_frames=7,  # FFmpeg recognises an mp3 without a tag by seven frames in a row
        rates_hz=_MPEG_RATES_HZ,
    ),
    "opus": Format(
        "audio/ogg; codecs=opus",
        "ogg",
        "libopus",
        "flt",
        48_000,  # page headers take another 11 kbit/s
        # CELT only. Compared with "voip" and "audio" it takes half the time, looks ahead 2.5 ms only, and keeps the
        # waveform, which SILK shifts by one or two samples (SNR on English speech: 22 dB, against 7 and 12 dB).
        {"application": "lowdelay"},
        {"page_duration": "20000"},  # microseconds: one frame; the muxer holds a page back, because it may be the last
        rates_hz=(8_000, 12_000, 16_000, 24_000, 48_000),
    ),
    "flac": Format(
        "audio/flac",
        "flac",
        "flac",
        coder_options={"frame_size": "576"},  # samples, 24 ms at 24 kHz; 48 ms would save 1.5 % of the bytes
        muxer_options={"metadata_header_padding": "0"},  # otherwise 8 KiB of zeros come first
    ),
    "aac": Format(
        "audio/aac",
        "adts",
        "aac",
        "fltp",
        64_000,
        {"aac_coder": "fast"},  # the better coder at this bit rate (SNR on English speech: 35 dB, against 28 dB)
        delay=1024,
        max_bits_per_sample=6,  # 6,144 bits in a frame of 1,024 samples
        min_frames=3,  # FFmpeg recognises ADTS by three frames in a row
        rates_hz=_MPEG_RATES_HZ,
    ),
    "pcm": Format("audio/pcm", "s16le", "pcm_s16le", may_be_empty=True),
}
"""The values of `response_format`. pcm is signed 16 bit, little-endian, without a header."""


def get_format(name: str) -> Format:
    """The format called `name`. Raises: BadParameter if there is none."""
    if name not in FORMATS:
        near = get_close_matches(name.lower(), FORMATS, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise BadParameter(f"no audio format {name!r}; {hint}allowed: {', '.join(FORMATS)}", "response_format")
    return FORMATS[name]


def check_rate(format: str, sample_rate_hz: int) -> None:
    """Raises: BadParameter if there is no such format, or if its coder cannot write this sample rate."""
    rates_hz = get_format(format).rates_hz
    if rates_hz and sample_rate_hz not in rates_hz:
        allowed = ", ".join(map(str, rates_hz))
        raise BadParameter(f"{format} has no sample rate of {sample_rate_hz} Hz; it takes {allowed}", "sample_rate")


class Encoder:
    """Encodes speech to a stream of bytes: one file, whose length is unknown until it ends.

    The bytes do not depend on how the speech is cut into pieces. At 24 kHz nothing is held back of wav and pcm, and at
    most 24 ms of flac, 43 ms of opus, 96 ms of mp3 and 128 ms of aac, which their coders need. These are numbers of
    samples, so they take longer at lower rates; resampling adds up to 75 ms.

    `sample_rate_hz` is the rate of the file, `input_rate_hz` that of the samples that come.
    Raises: BadParameter for an unknown format, or for a rate that it cannot have.
    """

    def __init__(self, format: str, sample_rate_hz: int = OUTPUT_RATE_HZ, input_rate_hz: int = OUTPUT_RATE_HZ) -> None:
        check_rate(format, sample_rate_hz)
        chosen = get_format(format)
        self._resampler = Resampler(input_rate_hz, sample_rate_hz)
        self._pipe = _Pipe()
        self._track = _Track(chosen, sample_rate_hz, self._pipe, delay=chosen.delay)

    def encode(self, pcm: NDArray[np.float32]) -> bytes:
        """float32 [samples], mono, any number of them -> the bytes that are ready; the header first of all."""
        self._track.write(self._resampler.resample(pcm))
        return self._pipe.take()

    def finish(self) -> bytes:
        """The last bytes of the file. The encoder cannot be used any more."""
        self._track.write(self._resampler.finish())
        self._track.finish()
        return self._pipe.take()

    def close(self) -> None:
        """Free the memory of an encoder that will not be finished, without waiting for the garbage collector."""
        self._track.close()


def encode(
    pcm: NDArray[np.float32], format: str, sample_rate_hz: int = OUTPUT_RATE_HZ, input_rate_hz: int = OUTPUT_RATE_HZ
) -> bytes:
    """float32 [samples], mono -> a whole file, with its true length in the header (aac and pcm have no such header).

    It has the samples of the stream that an Encoder with the same rates writes. Raises the errors of Encoder.
    """
    check_rate(format, sample_rate_hz)
    chosen = get_format(format)
    resampler = Resampler(input_rate_hz, sample_rate_hz)
    file = io.BytesIO()
    track = _Track(chosen, sample_rate_hz, file, delay=0 if chosen.file_tells_delay else chosen.delay)
    track.write(resampler.resample(pcm))
    track.write(resampler.finish())
    track.finish()
    return file.getvalue()


class _Pipe:
    """A file that FFmpeg writes to and cannot seek in."""

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
    """The only audio stream of a file. `delay`: samples that have to be cut off here (see the top of this file)."""

    def __init__(self, format: Format, rate_hz: int, file: _Writable, delay: int) -> None:
        # bitexact: no version in the header, and no random serial number of the Ogg stream
        options = {**format.muxer_options, "fflags": "+bitexact+flush_packets"}
        self._container = av.open(file, "w", format=format.muxer, container_options=options)
        self._stream = self._container.add_stream(
            format.coder, rate=rate_hz, layout="mono", format=format.samples, options=dict(format.coder_options)
        )
        if format.bit_rate:
            self._stream.bit_rate = min(format.bit_rate, format.max_bits_per_sample * rate_hz)
        self._container.start_encoding()
        self._format, self._rate_hz, self._delay = format, rate_hz, delay
        self._frame_size = self._stream.codec_context.frame_size or 1
        lead_in = -delay % self._frame_size
        self._written = -lead_in  # samples; so the speech begins at 0
        self.write(np.zeros(lead_in, np.float32))

    def write(self, pcm: NDArray[np.float32]) -> None:
        if not len(pcm):
            return
        frame = AudioFrame.from_ndarray(self._quantize(pcm)[None], self._format.samples, "mono")
        frame.sample_rate, frame.time_base = self._rate_hz, self._stream.codec_context.time_base
        frame.pts = self._written
        self._written += len(pcm)
        self._mux(self._stream.encode(frame))

    def finish(self) -> None:
        least = max(self._format.min_frames * self._frame_size, 0 if self._format.may_be_empty else 1)
        silence = max(least - self._written, 0)
        if self._delay:
            silence += -(self._written + silence) % self._frame_size
        self.write(np.zeros(silence, np.float32))
        self._mux(self._stream.encode(None))
        self.close()

    def close(self) -> None:
        self._container.close()

    def _quantize(self, pcm: NDArray[np.float32]) -> NDArray[np.int16] | NDArray[np.float32]:
        """Clip to -1..1; for s16 round to the nearest integer, with 32768 for 1.0, as FFmpeg and libsndfile do."""
        if self._format.samples == "s16":
            return np.rint(np.clip(pcm * np.float32(32_768), -32_768, 32_767)).astype(np.int16)
        return np.clip(pcm, -1.0, 1.0).astype(np.float32, copy=False)

    def _mux(self, packets: Iterable[Packet[AudioStream]]) -> None:
        for packet in packets:
            before_speech = self._delay and packet.pts is not None and packet.pts < 0
            after_speech = packet.size and not packet.duration  # LAME's last frame may hold no speech at all
            if not before_speech and not after_speech:
                self._container.mux(packet)
