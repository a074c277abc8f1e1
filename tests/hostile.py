"""Files that people and attackers upload, and the answer to each. They are built in memory, always with the same bytes.

`tests/speech/sound/test_hostile_audio.py` sends the table through the decoder, the HTTP tests send it to the server.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import av
import numpy as np
import soundfile
from numpy.typing import NDArray


@dataclass(frozen=True)
class Hostile:
    """A file, and how a transcription endpoint answers: 200 (it can be decoded) or 400 with `code`."""

    name: str
    filename: str
    build: Callable[[], bytes]
    status: int
    code: str
    note: str


def tone(seconds: float = 0.5, rate: int = 16_000, channels: int = 1, hz: float = 440.0) -> NDArray[np.float32]:
    """float32 [samples, channels]: a sine of amplitude 0.3, the same on all channels."""
    wave = 0.3 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave.astype(np.float32)[:, None], channels, axis=1)


_EXPERIMENTAL = {"strict": "experimental"}


def encode(
    container: str,
    codec: str,
    rate: int = 16_000,
    layout: str = "mono",
    *,
    samples: NDArray[np.float32] | None = None,
    seconds: float = 0.5,
    video: str = "",
    options: dict[str, str] | None = None,
) -> bytes:
    """`samples` (float32 [samples, channels]; default: a tone) in this container and codec.

    video: a codec for five pictures beside the audio. options: those of FFmpeg's muxer.
    """
    file = io.BytesIO()
    with av.open(file, "w", format=container, options={"fflags": "+bitexact"} | (options or {})) as out:
        picture = out.add_stream(video, rate=25, width=32, height=32, pix_fmt="yuv420p") if video else None
        track = out.add_stream(codec, rate=rate, layout=layout, options=_EXPERIMENTAL) if codec else None
        if isinstance(track, av.AudioStream):
            channels = track.layout.nb_channels
            pcm = tone(seconds, rate, channels) if samples is None else samples
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm).reshape(1, -1), "flt", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
            out.mux(track.encode(frame))
        if isinstance(picture, av.VideoStream):
            for index in range(5):
                image = av.VideoFrame.from_ndarray(np.full((48, 32), 40 * index, np.uint8), "yuv420p")
                image.pts, image.time_base = index, Fraction(1, 25)
                out.mux(picture.encode(image))
        for stream in (track, picture):
            if isinstance(stream, av.AudioStream | av.VideoStream):
                out.mux(stream.encode(None))
    return file.getvalue()


def wav(
    data: bytes = b"",
    *,
    tag: int = 1,
    channels: int = 1,
    rate: int = 16_000,
    bits: int = 16,
    align: int | None = None,
    size: int | None = None,
) -> bytes:
    """A WAV file whose header says whatever the arguments say, true or not."""
    align = channels * bits // 8 if align is None else align
    fmt = struct.pack("<HHIIHH", tag, channels, rate, rate * align % 2**32, align, bits)
    size = len(data) if size is None else size
    return (
        b"RIFF"
        + struct.pack("<I", (36 + size) % 2**32)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + fmt
        + (b"data" + struct.pack("<I", size) + data)
    )


def sound(subtype: str, *, kind: str = "WAV", samples: NDArray[np.float32] | None = None, rate: int = 16_000) -> bytes:
    """`samples` (default: a tone) written by libsndfile."""
    file = io.BytesIO()
    soundfile.write(file, tone(rate=rate) if samples is None else samples, rate, subtype, format=kind)
    return file.getvalue()


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    image = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", image) + chunk(b"IEND", b"")


def cover_art() -> bytes:
    """An ID3v2.3 tag with a title and an attached picture, to stand before an mp3."""

    def frame(name: bytes, data: bytes) -> bytes:
        return name + struct.pack(">IH", len(data), 0) + data

    frames = frame(b"TIT2", b"\0\xe9t\xe9") + frame(b"APIC", b"\0image/png\0\3\0" + png())
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + frames


def caf(order: list[int], samples: NDArray[np.float32]) -> bytes:
    """A CAF file with these samples and labelled channels in any order (1: left, 2: right ...)."""
    data = (samples * 32767).astype(">i2").tobytes()
    labels = b"".join(struct.pack(">IIfff", label, 0, 0, 0, 0) for label in order)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack(">q", len(body)) + body

    return (
        b"caff\0\1\0\0"
        + chunk(b"desc", struct.pack(">d4sIIIII", 16_000, b"lpcm", 0, 2 * len(order), 1, len(order), 16))
        + chunk(b"chan", struct.pack(">III", 0, 0, len(order)) + labels)
        + chunk(b"data", b"\0\0\0\0" + data)
    )


def _pcm16(seconds: float = 0.5) -> bytes:
    return (tone(seconds) * 32767).astype("<i2").tobytes()


def _noise(size: int = 20_000) -> bytes:
    return np.random.default_rng(7).bytes(size)


def _zip() -> bytes:
    name, body = b"a.txt", b"hello"
    head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, zlib.crc32(body), len(body), len(body), len(name), 0)
    return b"PK\3\4" + head + name + body + b"PK\5\6" + bytes(18)


def _with_nan() -> NDArray[np.float32]:
    samples = tone()
    samples[::100], samples[1::100], samples[2::100] = np.nan, np.inf, -np.inf
    return samples


def _antiphase() -> NDArray[np.float32]:
    return tone(channels=2) * np.array([1, -1], np.float32)


def _wav_of_size(size: int) -> bytes:
    return wav(_pcm16(), size=size)


def _mp3() -> bytes:
    return encode("mp3", "libmp3lame", 44_100, "stereo")


def _m4a(options: dict[str, str] | None = None) -> bytes:
    return encode("ipod", "aac", 44_100, "stereo", options=options)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flac_with_hole() -> bytes:
    data = bytearray(sound("PCM_16", kind="FLAC", samples=tone(2.0)))
    middle = len(data) // 2
    data[middle : middle + 200] = _noise(200)
    return bytes(data)


def _refused(name: str, filename: str, build: Callable[[], bytes], note: str) -> Hostile:
    return Hostile(name, filename, build, 400, "bad_audio", note)


def _decoded(name: str, filename: str, build: Callable[[], bytes], note: str) -> Hostile:
    return Hostile(name, filename, build, 200, "", note)


HTML = b"<!DOCTYPE html><html><head><title>404</title></head><body><p>Not found</p></body></html>\n" * 20
M3U8 = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"
SDP = b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"
DASH = b'<?xml version="1.0"?><MPD><Period><AdaptationSet><BaseURL>http://127.0.0.1:1/</BaseURL></AdaptationSet></Period></MPD>'
_LIVE = {"live": "1"}
_FRAGMENTED = {"movflags": "frag_keyframe+empty_moov"}
_SHORT_FRAGMENTS = _FRAGMENTED | {"frag_duration": "100000"}
_SIZED_LIE = {"zero": 0, "max": 0xFFFFFFFF, "too_large": 1_000_000}

HOSTILE: list[Hostile] = [
    # Not media at all
    _refused("empty", "empty.wav", lambda: b"", "zero bytes"),
    _refused("one_byte", "one.mp3", lambda: b"\xff", "one byte"),
    _refused("random", "noise.mp3", _noise, "random bytes"),
    _refused("zeros", "zeros.mp3", lambda: bytes(20_000), "nothing but zeros"),
    _refused("text", "notes.mp3", lambda: b"these are not the bytes you are looking for\n" * 50, "text renamed"),
    _refused("html", "podcast.mp3", lambda: HTML, "the error page of a download"),
    _refused("json", "audio.ogg", lambda: json.dumps({"error": "not found"}).encode(), "the answer of an API"),
    _refused("png", "cover.m4a", png, "an image"),
    _refused("pdf", "paper.mp3", lambda: b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "a document"),
    _refused("zip", "songs.mp3", _zip, "an archive"),
    _refused("srt", "film.mp4", lambda: b"1\n00:00:01,000 --> 00:00:02,000\nHello\n\n" * 9, "subtitles"),
    # Files that name other files
    _refused("m3u8", "list.mp3", lambda: M3U8, "a playlist would read the server's disk"),
    _refused("ffconcat", "list.wav", lambda: b"ffconcat version 1.0\nfile /etc/hostname\n", "a concat script likewise"),
    _refused("sdp", "call.mp3", lambda: SDP, "a session description would open sockets"),
    _refused("dash", "stream.mp4", lambda: DASH, "a manifest would fetch URLs"),
    # WAV headers that lie
    _refused("wav_header_only", "empty.wav", lambda: wav(), "a header and no sample"),
    _refused("wav_cut_header", "cut.wav", lambda: wav(_pcm16())[:30], "ends inside the header"),
    *(
        _decoded(f"wav_size_{name}", "stream.wav", partial(_wav_of_size, size), "as live encoders write it")
        for name, size in _SIZED_LIE.items()
    ),
    _refused("wav_no_channels", "zero.wav", lambda: wav(_pcm16(), channels=0, align=2), "0 channels"),
    _refused("wav_65535_channels", "many.wav", lambda: wav(_pcm16(), channels=65_535, align=2), "65535 channels"),
    _refused("wav_0_hz", "still.wav", lambda: wav(_pcm16(), rate=0), "0 Hz"),
    _refused("wav_1_hz", "slow.wav", lambda: wav(_pcm16(), rate=1), "1 Hz: 16,000 samples for each one sent"),
    _refused("wav_2_ghz", "fast.wav", lambda: wav(_pcm16(), rate=2_000_000_000), "2 GHz"),
    _refused("wav_4_ghz", "faster.wav", lambda: wav(_pcm16(), rate=4_000_000_000), "4 GHz: negative as an int"),
    _refused("wav_zero_bits", "bits.wav", lambda: wav(_pcm16(), bits=0, align=2), "0 bits a sample"),
    _refused("wav_unknown_tag", "tag.wav", lambda: wav(_pcm16(), tag=0x4242), "an unknown codec"),
    _decoded("wav_odd_align", "odd.wav", lambda: wav(_pcm16(), align=3), "block align 3 for 16 bit mono"),
    _decoded("wav_odd_bytes", "odd2.wav", lambda: wav(_pcm16() + b"\1"), "half a sample at the end"),
    # Every kind of PCM
    _decoded("mulaw", "phone.wav", lambda: encode("wav", "pcm_mulaw", 8_000), "telephone, mu-law 8 kHz"),
    _decoded("alaw", "phone.wav", lambda: encode("wav", "pcm_alaw", 8_000), "telephone, A-law 8 kHz"),
    _decoded("u8", "old.wav", lambda: sound("PCM_U8", rate=11_025), "8 bit unsigned"),
    _decoded("s24", "studio.wav", lambda: sound("PCM_24", rate=48_000), "24 bit"),
    _decoded("f32_nan", "nan.wav", lambda: sound("FLOAT", samples=_with_nan()), "float with NaN and infinities"),
    _decoded("f32_huge", "huge.wav", lambda: sound("FLOAT", samples=tone() * np.float32(1e38)), "float far beyond 1"),
    _decoded("f64", "double.wav", lambda: sound("DOUBLE"), "64 bit float"),
    _decoded("surround", "film.wav", lambda: sound("PCM_16", samples=tone(channels=6)), "5.1"),
    _decoded("seven", "seven.wav", lambda: sound("PCM_16", samples=tone(channels=7)), "7 channels without a layout"),
    _decoded("custom_layout", "swapped.caf", lambda: caf([2, 1], tone(channels=2)), "right before left: PyAV crashes"),
    _decoded("aac_7_1", "cinema.aac", lambda: encode("adts", "aac", 48_000, "7.1"), "planar 7.1: PyAV crashes"),
    _decoded(
        "rate_192k", "bats.wav", lambda: sound("PCM_16", samples=tone(rate=192_000), rate=192_000), "192 kHz mono"
    ),
    _decoded("antiphase", "wired.wav", lambda: sound("PCM_16", samples=_antiphase()), "channels that cancel"),
    _decoded("silence", "silence.wav", lambda: wav(bytes(32_000)), "a second of silence: empty text"),
    _decoded("one_sample", "click.wav", lambda: wav(b"\0\1"), "a single sample"),
    _decoded("ten_ms", "blip.wav", lambda: wav(_pcm16(0.01)), "10 ms"),
    _decoded("rf64", "long.wav", lambda: sound("PCM_16", kind="RF64"), "RF64: WAV beyond 4 GB"),
    _decoded("aiff", "mac.aiff", lambda: sound("PCM_16", kind="AIFF"), "AIFF"),
    # Containers
    _decoded("wrong_extension", "really_flac.wav", lambda: sound("PCM_16", kind="FLAC"), "flac named .wav"),
    _decoded("no_extension", "blob", lambda: sound("PCM_16", kind="FLAC"), "no extension"),
    _decoded(
        "webm_live", "blob.webm", lambda: encode("webm", "libopus", 48_000, options=_LIVE), "no duration, no cues"
    ),
    _decoded("webm_cut", "cut.webm", lambda: _half(encode("webm", "libopus", 48_000)), "a tab closed too early"),
    _decoded("opus", "voice.ogg", lambda: encode("ogg", "libopus", 48_000), "a voice message"),
    _decoded("vorbis", "voice.oga", lambda: encode("ogg", "vorbis", 44_100, "stereo"), "ogg/vorbis"),
    _decoded("ogg_cut", "cut.ogg", lambda: _half(encode("ogg", "libopus", 48_000, seconds=4)), "half of it"),
    _decoded("mpga", "radio.mpga", lambda: encode("mp2", "mp2", 44_100, "stereo"), "MPEG layer 2"),
    _decoded("mpeg", "clip.mpeg", lambda: encode("mpeg", "mp2", 44_100, video="mpeg1video"), "MPEG program stream"),
    _decoded("mpegts", "tv.ts", lambda: encode("mpegts", "aac", 44_100), "MPEG transport stream"),
    _decoded("mkv", "film.mkv", lambda: encode("matroska", "aac", 44_100, video="mpeg4"), "matroska"),
    _decoded("adts", "raw.aac", lambda: encode("adts", "aac", 44_100), "bare AAC"),
    _decoded("m4a", "memo.m4a", _m4a, "moov at the end"),
    _refused("m4a_no_moov", "memo.m4a", lambda: _half(_m4a()), "moov was at the end and is gone"),
    _decoded("m4a_cut", "cut.m4a", lambda: _half(_m4a(_SHORT_FRAGMENTS)), "fragments, half of them"),
    _decoded("mp4_fragmented", "f.mp4", lambda: _m4a(_FRAGMENTED), "fragmented"),
    _decoded("mp4_video", "film.mp4", lambda: encode("mp4", "aac", 44_100, video="mpeg4"), "video with sound"),
    _refused("mp4_mute", "mute.mp4", lambda: encode("mp4", "", video="mpeg4"), "video without sound"),
    _refused("webm_mute", "mute.webm", lambda: encode("webm", "", video="libvpx-vp9"), "video without sound"),
    _decoded("mp3_cut", "cut.mp3", lambda: _half(_mp3()), "half of it"),
    _decoded("mp3_cover", "song.mp3", lambda: cover_art() + _mp3(), "ID3 with latin-1 title and a picture"),
    _refused("mp3_only_cover", "song.mp3", cover_art, "ID3 and no sound after it"),
    _decoded("mp3_garbage", "rip.mp3", lambda: _noise(3_000) + _mp3(), "garbage before the first frame"),
    _decoded(
        "mp3_holes", "holes.mp3", lambda: _mp3()[:2_000] + _noise(2_000) + _mp3()[2_500:], "garbage in the middle"
    ),
    _decoded("flac_cut", "cut.flac", lambda: _half(sound("PCM_16", kind="FLAC", samples=tone(2.0))), "half of it"),
    _decoded("flac_holes", "holes.flac", _flac_with_hole, "a damaged frame"),
    *(
        [_decoded("amr", "voice.amr", lambda: encode("amr", "libopencore_amrnb", 8_000), "old phones")]
        if "libopencore_amrnb" in av.codecs_available
        else []
    ),
]
