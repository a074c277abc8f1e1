"""decode: every format, any rate and number of channels, no access to other files, constant memory."""

from __future__ import annotations

import io
import subprocess
import sys
import textwrap
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from speech.errors import BadAudio
from speech.sound import decoder
from speech.sound.decoder import decode
from tests.hostile import caf, encode, sound, tone, wav

RATE_HZ = 16_000


def pcm(data: bytes, chunk_s: float = 10.0) -> NDArray[np.float32]:
    return np.concatenate(list(decode(io.BytesIO(data), chunk_s=chunk_s)))


def loudness(samples: NDArray[np.float32]) -> float:
    """Root mean square; the tone of tests.hostile has 0.3 / sqrt(2) = 0.212."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def pitch_hz(samples: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * RATE_HZ / len(samples))


# container, codec, rate, layout, and how much longer than 2 s the audio may be in seconds, because coders fill up the
# last frame, and in containers that cannot tell their delay also add to the start
FORMATS = [
    ("flac", "flac", 44_100, "stereo", 0.001),
    ("ogg", "flac", 16_000, "mono", 0.001),
    ("ipod", "aac", 44_100, "stereo", 0.025),
    ("mp4", "aac", 48_000, "5.1", 0.025),
    ("mp4", "libopus", 48_000, "mono", 0.025),
    ("mov", "alac", 44_100, "stereo", 0.1),
    ("mp3", "libmp3lame", 44_100, "stereo", 0.001),
    ("mp3", "libmp3lame", 16_000, "mono", 0.001),
    ("mp2", "mp2", 44_100, "stereo", 0.03),
    ("mpeg", "mp2", 48_000, "stereo", 0.03),
    ("mpegts", "aac", 44_100, "mono", 0.06),
    ("adts", "aac", 44_100, "mono", 0.06),
    ("adts", "aac", 48_000, "7.1", 0.06),
    ("ogg", "libopus", 48_000, "stereo", 0.001),
    ("ogg", "vorbis", 44_100, "stereo", 0.03),
    ("webm", "libopus", 48_000, "mono", 0.001),
    ("matroska", "aac", 22_050, "mono", 0.05),
    ("wav", "pcm_mulaw", 8_000, "mono", 0.001),
    ("wav", "pcm_s24le", 96_000, "stereo", 0.001),
    ("wav", "pcm_f32le", 11_025, "mono", 0.001),
    ("wav", "pcm_f64le", 16_000, "7.1", 0.001),
    ("aiff", "pcm_s24be", 44_100, "stereo", 0.001),
    ("avi", "pcm_u8", 32_000, "mono", 0.001),
    ("w64", "pcm_s32le", 44_100, "stereo", 0.001),
]


@pytest.mark.parametrize(("container", "codec", "rate", "layout", "longer_s"), FORMATS)
def test_round_trip(container: str, codec: str, rate: int, layout: str, longer_s: float) -> None:
    samples = pcm(encode(container, codec, rate, layout, seconds=2.0))
    assert samples.dtype == np.float32
    assert -0.001 <= len(samples) / RATE_HZ - 2.0 <= longer_s
    middle = samples[8_000:24_000]
    assert pitch_hz(middle) == 440.0
    # An LFE channel (the .1) passes no 440 Hz.
    silent = {"5.1": 1 / 6, "7.1": 1 / 8}.get(layout, 0.0) if codec == "aac" else 0.0
    assert loudness(middle) == pytest.approx(0.212 * (1 - silent), rel=0.06)  # LAME takes 5 % off


def test_lossless_sound_is_unchanged_and_not_shifted() -> None:
    time_s = np.arange(3 * 48_000) / 48_000
    sweep = (0.5 * np.sin(2 * np.pi * (100 + 1_000 * time_s) * time_s)).astype(np.float32)  # up to 6.1 kHz
    exact = sweep[::3]
    assert np.abs(pcm(sound("FLOAT", samples=sweep[:, None], rate=48_000)) - exact)[100:-100].max() < 1e-3
    assert np.array_equal(pcm(sound("FLOAT", samples=exact[:, None])), exact)


def test_what_16_khz_cannot_hold_is_removed_not_folded() -> None:
    assert loudness(pcm(sound("FLOAT", samples=tone(1.0, 48_000, hz=11_000.0), rate=48_000))[1000:-1000]) < 1e-4


@pytest.mark.parametrize("chunk_s", [0.001, 0.3, 1.0, 10.0, 0.0])
def test_chunks_are_of_the_asked_size_and_add_up(chunk_s: float) -> None:
    data = sound("PCM_16", samples=tone(1.25, 44_100), rate=44_100)
    chunks = list(decode(io.BytesIO(data), chunk_s=chunk_s))
    size = max(1, round(chunk_s * RATE_HZ))
    assert {len(chunk) for chunk in chunks[:-1]} <= {size}
    assert 0 < len(chunks[-1]) <= size
    assert np.array_equal(np.concatenate(chunks), pcm(data))
    assert sum(map(len, chunks)) == 20_000


def test_file_is_read_from_its_start_and_left_open() -> None:
    file = io.BytesIO(sound("PCM_16"))
    file.seek(0, io.SEEK_END)
    assert sum(map(len, decode(file))) == 8_000
    assert sum(map(len, decode(file))) == 8_000
    first = decode(file, chunk_s=0.1)
    next(first)
    first.close()  # type: ignore[attr-defined]
    assert not file.closed


def test_errors_of_the_disk_are_not_the_clients_fault() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "disk on fire")

    with pytest.raises(OSError, match="disk on fire"):
        list(decode(Broken(sound("PCM_16"))))


# Channels


def test_average_of_unrelated_channels() -> None:
    left, right = tone(2.0, hz=440.0), tone(2.0, hz=1_000.0)
    mixed = pcm(sound("FLOAT", samples=np.hstack([left, right])))
    assert np.allclose(mixed, (left + right)[:, 0] / 2, atol=1e-6)


def test_one_speaker_on_one_channel_of_six() -> None:
    samples = np.zeros((RATE_HZ, 6), np.float32)
    samples[:, 2:3] = tone(1.0)
    assert np.allclose(pcm(sound("FLOAT", samples=samples)), tone(1.0)[:, 0] / 6, atol=1e-6)


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_channels_that_cancel_do_not_become_silence(noise: float) -> None:
    samples = tone(3.0, channels=2) * np.array([1.0, -1.0], np.float32)
    samples += np.random.default_rng(1).normal(0, noise, samples.shape).astype(np.float32)
    mixed = pcm(sound("FLOAT", samples=samples))
    assert loudness(mixed) == pytest.approx(0.212, rel=0.02)
    assert loudness(mixed[:8_000]) == pytest.approx(0.212, rel=0.02), "from the first block on"
    assert np.abs(np.diff(mixed)).max() < 0.06 + 6 * noise, "one channel, no jumps between the two"


def test_cancelling_in_the_middle_is_bridged_without_a_click() -> None:
    samples = tone(6.0, channels=2)
    samples[2 * RATE_HZ : 4 * RATE_HZ, 1] *= -1
    mixed = pcm(sound("FLOAT", samples=samples))
    for second in range(6):
        assert loudness(mixed[second * RATE_HZ + 200 : (second + 1) * RATE_HZ]) == pytest.approx(0.212, rel=0.02)
    assert np.abs(np.diff(mixed)).max() < 0.06  # 0.052 is the sine itself


def test_rate_and_channels_may_change_in_mid_stream() -> None:
    first, second = (encode("adts", "aac", *shape, seconds=2.0) for shape in ((44_100, "stereo"), (16_000, "mono")))
    joined = pcm(first + second + first)
    apart = 2 * len(pcm(first)) + len(pcm(second))
    assert abs(len(joined) - apart) <= 3 * 1024 * RATE_HZ / 44_100
    for start_s in (0.5, 2.5, 4.7):
        middle = joined[int(start_s * RATE_HZ) : int((start_s + 1) * RATE_HZ)]
        assert pitch_hz(middle) == 440.0
        assert loudness(middle) == pytest.approx(0.212, rel=0.06)


@pytest.mark.parametrize("order", [[2, 1], [1, 1], [3, 2, 1] * 8])
def test_custom_channel_layouts_do_not_crash(order: list[int]) -> None:
    """Without the workaround of decoder.py, PyAV 18.1 dies here of `double free or corruption`."""
    for _ in range(5):
        assert len(pcm(caf(order, tone(channels=len(order))))) == 8_000


def test_custom_channel_layout_that_is_refused_does_not_crash() -> None:
    for _ in range(5):
        with pytest.raises(BadAudio, match="66 channels"):
            pcm(caf([3, 2, 1] * 22, tone(channels=66)))


@pytest.mark.parametrize("channels", [1, 2, 3, 5, 7, 8, 9, 16, 64])
def test_any_number_of_channels(channels: int) -> None:
    samples = pcm(sound("FLOAT", samples=tone(channels=channels)))
    assert np.allclose(samples, tone()[:, 0], atol=1e-6)


# Samples


def test_nan_and_infinity_become_zero_and_loud_becomes_one() -> None:
    values = np.array([0.5, np.nan, np.inf, -np.inf, 3.0, -3.0, 1e38, -0.5], np.float32)
    assert pcm(sound("FLOAT", samples=values[:, None])).tolist() == [0.5, 0, 0, 0, 1, -1, 1, -0.5]


def test_resampling_does_not_overshoot() -> None:
    square = np.sign(tone(1.0, 44_100))
    assert np.abs(pcm(sound("FLOAT", samples=square, rate=44_100))).max() == 1.0


# Damage


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [("mp3", "libmp3lame", 44_100), ("flac", "flac", 44_100), ("ogg", "libopus", 48_000), ("webm", "libopus", 48_000)],
)
def test_truncated_file_gives_what_is_there(container: str, codec: str, rate: int) -> None:
    data = encode(container, codec, rate, seconds=10.0)
    samples = pcm(data[: len(data) // 2])
    assert 3.0 < len(samples) / RATE_HZ < 7.0
    assert pitch_hz(samples[:RATE_HZ]) == 440.0


def test_bad_packets_are_skipped() -> None:
    data = bytearray(encode("mp3", "libmp3lame", 44_100, seconds=10.0))
    for place in range(5_000, len(data) - 5_000, 9_000):
        data[place : place + 300] = bytes(300)
    assert len(pcm(bytes(data))) / RATE_HZ == pytest.approx(10.0, abs=2.0)


def test_any_flipped_byte_gives_sound_or_bad_audio() -> None:
    """A small fuzzer with a fixed seed."""
    random = np.random.default_rng(3)
    files = [
        sound("PCM_16", kind="FLAC"),
        encode("ipod", "aac", 44_100),
        encode("mp3", "libmp3lame", 44_100),
        encode("webm", "libopus", 48_000),
        encode("ogg", "libopus", 48_000),
        wav(bytes(500)),
        caf([2, 1], tone(0.05, channels=2)),
    ]
    for file in files:
        for _ in range(30):
            data = bytearray(file)
            for _ in range(random.integers(1, 20)):
                data[random.integers(0, min(len(data), 1_500))] = random.integers(0, 256)
            try:
                for chunk in decode(io.BytesIO(bytes(data))):
                    assert np.abs(chunk).max() <= 1.0
            except BadAudio:
                pass


# Nothing but the file


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.wav"
    path.write_bytes(sound("PCM_16", samples=tone(1.0)))
    return path


def playlists(secret: Path) -> dict[str, bytes]:
    m3u8 = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n"
    return {"hls": m3u8.encode(), "concat": f"ffconcat version 1.0\nfile '{secret}'\n".encode()}


@pytest.mark.parametrize("kind", ["hls", "concat"])
@pytest.mark.parametrize("allowed", [False, True], ids=["by_format", "by_protocol"])
def test_playlist_cannot_read_the_disk(
    kind: str, allowed: bool, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are two safeguards: these formats are refused, and if they were allowed, no file could be opened."""
    if allowed:
        monkeypatch.setitem(decoder._OPTIONS, "format_whitelist", f"{decoder.DEMUXERS},hls,concat")
    disguised = tmp_path / "song.mp3"
    disguised.write_bytes(playlists(secret)[kind])
    with disguised.open("rb") as file, pytest.raises(BadAudio):
        list(decode(file))


def test_the_same_playlist_does_read_the_disk_when_ffmpeg_may(secret: Path) -> None:
    """This shows that the test above can fail."""
    script = io.BytesIO(playlists(secret)["concat"])
    options = {"safe": "0", "protocol_whitelist": "file"}
    with av.open(script, "r", container_options=options) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == RATE_HZ


@pytest.mark.parametrize("name", ["x.m3u8", "%d.png", "concat:a|b", "rtsp://127.0.0.1/x", "x.txt", "x.mp3"])
def test_the_name_of_the_file_decides_nothing(name: str) -> None:
    file = io.BytesIO(sound("PCM_16"))
    file.name = name
    assert sum(map(len, decode(file))) == 8_000


def test_pictures_of_a_video_are_not_decoded() -> None:
    """One frame of 8192 x 8192 pixels would take 100 MB."""
    measured = child("""
        import numpy as np
        file = io.BytesIO()
        with av.open(file, "w", format="mp4") as out:
            video = out.add_stream("libx264", rate=25, width=8192, height=8192, pix_fmt="yuv420p",
                                   options={"preset": "ultrafast"})
            track = out.add_stream("aac", rate=16_000, layout="mono")
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.float32), "flt", "mono")
            frame.sample_rate = 16_000
            image = av.VideoFrame.from_ndarray(np.zeros((12_288, 8_192), np.uint8), "yuv420p")
            out.mux(video.encode(image) + video.encode(None) + track.encode(frame) + track.encode(None))
        del image
        open("/proc/self/clear_refs", "w").write("5")  # reset the peak
        before = peak_mb()
        samples = sum(map(len, decode(file)))
        print(samples, peak_mb() - before)
    """)
    assert int(measured[0]) >= RATE_HZ
    assert float(measured[1]) < 40


# Memory


def child(script: str, *arguments: str) -> list[str]:
    """The words that `script` prints in a new Python process, whose memory nothing else uses."""
    prelude = """
        import io, sys, av
        from speech.sound.decoder import decode
        def peak_mb():
            return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
    """
    code = textwrap.dedent(prelude) + textwrap.dedent(script)
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    root = Path(__file__).parents[3]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, timeout=120).stdout.split()


@pytest.mark.slow
def test_four_hours_of_silence_need_no_more_memory_than_one_minute(tmp_path: Path) -> None:
    path = tmp_path / "silence.flac"
    minute = np.zeros(60 * RATE_HZ, np.int16)
    with soundfile.SoundFile(path, "w", RATE_HZ, 1, "PCM_16", format="FLAC") as file:
        for _ in range(240):
            file.write(minute)
    assert path.stat().st_size < 5_000_000
    measured = child(
        """
        samples = 0
        for chunk in decode(open(sys.argv[1], "rb")):
            samples += len(chunk)
            if samples == 60 * 16_000:
                early = peak_mb()
        print(samples, peak_mb() - early)
        """,
        str(path),
    )
    assert int(measured[0]) == 14_400 * RATE_HZ
    assert float(measured[1]) < 5
