"""Audio and video files of any format -> mono float32 PCM at 16 kHz, in constant memory.

    packets -> frames -> blocks -> mono -> 16 kHz -> chunks

Every arrow is a generator, so ten hours of audio need no more memory than ten seconds. The format of a file is told
from its content alone. Untrusted bytes reach C code here, so only the formats and audio decoders below are allowed,
video is never decoded, and no other file can be opened.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain, groupby
from typing import BinaryIO, NamedTuple, Protocol, TypeAlias

import av
import numpy as np
import soxr
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from speech.errors import BadAudio
from speech.types import INPUT_RATE_HZ

Samples: TypeAlias = NDArray[np.float32]

DEMUXERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,loas,matroska,mov,mp3,mpeg,mpegts,nistsphere,ogg,tta,"
    "voc,w64,wav,wv"
)
"""FFmpeg's names of the file formats that are allowed. Playlists and manifests (hls, concat, dash, sdp ...) are not,
because they refer to other files."""

DECODERS = (
    "aac,aac_latm,ac3,adpcm_g726,adpcm_ima_qt,adpcm_ima_wav,adpcm_ms,adpcm_swf,adpcm_yamaha,alac,amrnb,amrwb,ape,dca,"
    "eac3,flac,g722,g723_1,g726,gsm,gsm_ms,ilbc,mp1,mp1float,mp2,mp2float,mp3,mp3float,nellymoser,opus,qcelp,shorten,"
    "speex,tta,vorbis,wavpack,wmalossless,wmapro,wmav1,wmav2,wmavoice,pcm_alaw,pcm_bluray,pcm_dvd,pcm_f32be,pcm_f32le,"
    "pcm_f64be,pcm_f64le,pcm_mulaw,pcm_s16be,pcm_s16le,pcm_s24be,pcm_s24le,pcm_s32be,pcm_s32le,pcm_s64be,pcm_s64le,"
    "pcm_s8,pcm_u16be,pcm_u16le,pcm_u24be,pcm_u24le,pcm_u32be,pcm_u32le,pcm_u8"
)
"""FFmpeg's names of the audio decoders that are allowed."""

RATES_HZ = range(1_000, 768_001)
"""The sample rates that are decoded."""
CHANNELS = range(1, 65)
"""The numbers of channels that are decoded."""
_BLOCK_S = 0.5
"""Seconds of a file for which the way to mix the channels is chosen at a time (see _Downmix)."""
_FADE_S = 0.01
"""Seconds of the cross-fade from one way of mixing to another."""

_OPTIONS = {
    "format_whitelist": DEMUXERS,
    "codec_whitelist": DECODERS,
    "protocol_whitelist": "none",
    # How much is read, at most, before the first packet comes out. These are FFmpeg's defaults.
    "probesize": "5000000",  # bytes
    "analyzeduration": "5000000",  # microseconds
    # Bytes of a WAV packet. By default it depends on the byte rate, which may be wrong in the header.
    "max_size": "65536",
}
_ACCEPTED = "send flac, m4a, mp3, mp4, mpeg, mpga, oga, ogg, wav or webm"
_DAMAGE = (av.FFmpegError, ValueError, IndexError)
"""What PyAV raises for bytes that cannot be decoded (IndexError: a stream that appears in mid-file).

Errors of the disk are plain OSError and are not caught."""


def decode(file: BinaryIO, *, chunk_s: float = 10.0) -> Iterator[Samples]:
    """Decode `file`, a seekable binary file, from its start.

    Yields: float32 [samples], mono, 16 kHz, -1..1: consecutive chunks of `chunk_s` seconds, the last one shorter.
    Raises: BadAudio, mostly at the first `next()`, if no audio can be decoded. Of a damaged file, as much as possible
    is decoded.
    """
    source = _Source(file)
    if not source.size:
        raise BadAudio(f"the file is empty; {_ACCEPTED}")
    yield from _decode(source, chunk_s, _BLOCK_S)


def decode_live(stream: Readable, *, chunk_s: float = 0.1) -> Iterator[Samples]:
    """The same for a file that is still being written or received: read once, from start to end, without seeks."""
    yield from _decode(_Stream(stream), chunk_s, chunk_s)


def _decode(source: _Source | _Stream, chunk_s: float, block_s: float) -> Iterator[Samples]:
    with _open(source) as container:
        # Rate, channels and sample format may change in mid-stream.
        frames_by_kind = groupby(_frames(container, _audio_stream(container)), key=_kind)
        pcm = chain.from_iterable(_mono_16k(frames, kind, block_s) for kind, frames in frames_by_kind)
        chunk = None
        for chunk in _regroup(pcm, max(1, round(chunk_s * INPUT_RATE_HZ))):
            yield chunk
    if chunk is None:
        raise BadAudio(f"no sound could be decoded: the file is damaged or cut off; {_ACCEPTED}")


class Readable(Protocol):
    """A stream of bytes that may still be arriving."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes: at least one, as soon as there is one, or b"" at the end."""
        ...


class _Stream:
    """A stream as FFmpeg sees it: it cannot seek, because there is only `read`."""

    options: Mapping[str, str] = {"analyzeduration": "100000", "max_size": "4096"}
    """Less is read ahead than for a file, so that decoding does not lag behind."""

    def __init__(self, stream: Readable) -> None:
        self.read = stream.read


class _Source:
    """A file as FFmpeg sees it: without its name, which must not influence decoding, and without seeks out of it."""

    options: Mapping[str, str] = {}

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)
        file.seek(0)

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = (0, self.tell(), self.size)[whence]
        return self._file.seek(min(max(base + offset, 0), self.size))


def _open(source: _Source | _Stream) -> InputContainer:
    try:
        return av.open(source, "r", container_options={**_OPTIONS, **source.options}, metadata_errors="replace")
    except _DAMAGE as error:
        raise BadAudio(f"the file is not audio or video that can be read; {_ACCEPTED}") from error


def _audio_stream(container: InputContainer) -> AudioStream:
    """The first audio stream. The demuxer is told to skip all others (video, cover art, subtitles).

    Raises: BadAudio if there is none that may be decoded.
    """
    stream = next(iter(container.streams.audio), None)
    if stream is None:
        raise BadAudio(f"the file has no sound track; {_ACCEPTED}, with sound in it")
    for other in container.streams:
        if other is not stream:
            other.discard = av.stream.Discard.all
    context = stream.codec_context
    if not context or context.codec.name not in DECODERS.split(","):
        raise BadAudio(f"the sound track is in a format that cannot be decoded; {_ACCEPTED}")
    layout = context.layout
    channels, rate_hz = layout.nb_channels, context.sample_rate
    if _is_custom(layout):
        # `layout` shares its memory with the context, and both would free it (see _is_custom), so give it another one.
        context.layout = AudioLayout(f"{channels} channels")
    if rate_hz not in RATES_HZ or channels not in CHANNELS:
        raise BadAudio(
            f"the file claims {channels} channels at {rate_hz} Hz; allowed: {CHANNELS[0]} to {CHANNELS[-1]} channels "
            f"at {RATES_HZ[0]} to {RATES_HZ[-1]} Hz"
        )
    return stream


def _is_custom(layout: AudioLayout) -> bool:
    """Whether FFmpeg may keep the layout on the heap.

    PyAV 18.1 copies such layouts by value and frees each copy. The process dies of this "double free".
    """
    return " channels (" in layout.name


_never_freed: list[AudioLayout] = []
"""Layouts that must not be freed (see _is_custom), so they are kept."""


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Decoded frames to the end, or as far as the file can be read. Damaged packets are skipped."""

    def packets() -> Iterator[Packet[AudioStream] | None]:
        with suppress(*_DAMAGE):
            yield from container.demux(stream)
        yield None  # flush the decoder

    for packet in packets():
        with suppress(*_DAMAGE):
            frames = stream.decode(packet)
            custom = [frame.layout for frame in frames if _is_custom(frame.layout)]
            if custom:
                _never_freed.extend(custom)  # a small leak instead of a double free
                raise BadAudio(f"the channels are in an order that cannot be decoded; {_ACCEPTED}")
            yield from (f for f in frames if f.sample_rate in RATES_HZ and f.layout.nb_channels in CHANNELS)


class _Kind(NamedTuple):
    """What frames must have in common to be converted by one resampler."""

    format: str
    layout: str
    channels: int
    rate_hz: int


def _kind(frame: AudioFrame) -> _Kind:
    return _Kind(frame.format.name, frame.layout.name, frame.layout.nb_channels, frame.sample_rate)


def _mono_16k(frames: Iterable[AudioFrame], kind: _Kind, block_s: float) -> Iterator[Samples]:
    """Frames of one kind as float32 [samples], mono, 16 kHz. The length is exact to one sample."""
    mono = map(_Downmix(kind.channels, fade=round(kind.rate_hz * _FADE_S)), _blocks(frames, kind, block_s))
    if kind.rate_hz == INPUT_RATE_HZ:
        yield from mono
        return
    resampler = soxr.ResampleStream(kind.rate_hz, INPUT_RATE_HZ, 1)
    for block in mono:
        yield resampler.resample_chunk(block).clip(-1.0, 1.0)
    yield resampler.resample_chunk(np.empty(0, np.float32), last=True).clip(-1.0, 1.0)


def _blocks(frames: Iterable[AudioFrame], kind: _Kind, block_s: float) -> Iterator[Samples]:
    """The frames' samples as float32 [samples, channels], finite, -1..1, in blocks of `block_s` seconds.

    FFmpeg converts and joins them, which is four times as fast as numpy on small frames. The format is *packed* float,
    because PyAV 18.1 reads a ninth plane of planar 7.1 and crashes.
    """
    converter = av.AudioResampler(format="flt", frame_size=round(kind.rate_hz * block_s))
    for frame in chain(frames, [None]):
        with suppress(*_DAMAGE):
            for packed in converter.resample(frame):
                block = packed.to_ndarray().reshape(-1, kind.channels).astype(np.float32, copy=False)
                yield np.nan_to_num(block, copy=False, nan=0.0, posinf=0.0, neginf=0.0).clip(-1.0, 1.0)


class _Downmix:
    """Mixes channels to mono: their mean, or the loudest channel if they cancel (a stereo pair with swapped wires).

    The choice is made for each block (half a second of a file) by p = channels * power(mean) / mean(power), which is 1
    for unrelated channels or a single active one, `channels` for equal ones and 0 for opposite ones. Below 0.1 the
    channels count as cancelling, until p is above 0.3 again. The chosen channel stays until another one is twice as
    strong. From one choice to another there is a cross-fade.
    """

    def __init__(self, channels: int, fade: int) -> None:
        self._mean = np.full(channels, 1 / channels, np.float32)
        self._weights: Samples | None = None
        self._ramp = np.linspace(1, 0, fade, dtype=np.float32)

    def __call__(self, block: Samples) -> Samples:
        """float32 [samples, channels] -> float32 [samples]."""
        before, self._weights = self._weights, self._choose(block)
        mono: Samples = block @ self._weights
        if before is not None and before is not self._weights:
            head = block[: len(self._ramp)]
            mono[: len(head)] += self._ramp[: len(head)] * (head @ (before - self._weights))
        return mono

    def _choose(self, block: Samples) -> Samples:
        now = self._mean if self._weights is None else self._weights
        channels = block.shape[1]
        if channels == 1:
            return now
        power, mean = np.einsum("nc,nc->c", block, block), block @ self._mean
        if not power.any():
            return now
        limit = 0.1 if now is self._mean else 0.3
        if channels * float(mean @ mean) >= limit * float(power.mean()):
            return self._mean
        loudest = int(power.argmax())
        if now is not self._mean and 2 * power[int(now.argmax())] >= power[loudest]:
            return now
        only: Samples = np.eye(channels, dtype=np.float32)[loudest]
        return only


def _regroup(pieces: Iterable[Samples], size: int) -> Iterator[Samples]:
    """The same samples in arrays of `size`; the last one may be shorter, and none is empty."""
    held: list[Samples] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += len(piece)
        if count >= size:
            samples = np.concatenate(held)
            whole = count - count % size
            yield from (samples[start : start + size] for start in range(0, whole, size))
            held, count = [samples[whole:]], count - whole
    if count:
        yield np.concatenate(held)
