"""The WebSockets of the cloud inference server, with a real client and recordings sent at the pace of speech."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import jiwer
import numpy as np
import pytest
import soxr
from numpy.typing import NDArray
from websockets.exceptions import ConnectionClosed
from whisper_normalizer.english import EnglishTextNormalizer

from tests.frontend.live_client import (
    CONTAINERS,
    END,
    RATE,
    SPEECH_TO_SPEECH,
    TRANSCRIBE,
    Received,
    connect,
    container,
    mulaw,
    pcm16,
    read,
    stream_audio,
)
from tests.frontend.sound import FRAMES_S, RATE_HZ, decoded

Float = NDArray[np.float32]

ENGLISH = {"voice": "alloy", "language": "en"}
FAST = 8.0
"""Pace for tests that need not be sent at the pace of speech."""


def normalized(text: str) -> str:
    """The text as it is compared: without case, punctuation and spelling variants."""
    return str(EnglishTextNormalizer()(text))


@pytest.fixture(scope="session")
def fox_pcm(fox: Path) -> Float:
    return read(fox)


@pytest.fixture(scope="session")
def talk(clips: dict[str, Any]) -> Float:
    """A recording with two utterances, 8 s."""
    return read(clips["lj-LJ001-0002.flac"].path, clips["lj-LJ001-0004.flac"].path)


async def stream_pcm(url: str, path: str, pcm: Float, **options: Any) -> Received:
    return await stream_audio(url, path, pcm16(pcm), len(pcm) / RATE, **options)


def transcribed(url: str, pcm: Float) -> str:
    """The transcript of the same audio as a file."""
    files = {"file": container(pcm, "wav")}
    answer = httpx2.post(f"{url}/api/v1/transcribe", files=files, data={"language": "en"}, timeout=60)
    return str(answer.json()["text"])


def assert_events_in_order(received: Received) -> None:
    """Utterances start, stop and get their `final` in turn. Stable text does not change. `done` is the last event."""
    assert (received.code, received.reason) == (1000, "done")
    finals, started = ([event["id"] for event in received.events_of(kind)] for kind in ("final", "speech_started"))
    assert finals == started == list(range(len(finals)))
    assert finals
    assert [event["type"] for event in received.events].index("done") == len(received.events) - 1
    for final in received.events_of("final"):
        own = [event for event in received.events if event.get("id") == final["id"]]
        kinds = [event["type"] for event in own]
        assert kinds == ["speech_started", *["partial"] * (len(kinds) - 3), "speech_stopped", "final"]
        stables = [event["stable"] for event in own[1:-2]] + [final["text"]]
        assert all(later.startswith(earlier) for earlier, later in pairwise(stables))


async def test_live_text_is_the_text_of_the_file(frontend_url: str, clips: dict[str, Any]) -> None:
    pcm = read(clips["jfk.flac"].path)
    received = await stream_pcm(frontend_url, f"{TRANSCRIBE}?format=json&language=en", pcm)
    assert_events_in_order(received)
    assert received.events_of("partial")
    error_rate = jiwer.wer(normalized(transcribed(frontend_url, pcm)), normalized(received.text))
    assert error_rate <= 0.05  # one word of 22
    spoken = [word for final in received.events_of("final") for word in final["words"]]
    times = [time for word in spoken for time in (word["start"], word["end"])]
    assert times == sorted(times) and times[-1] <= len(pcm) / RATE


async def test_eight_clients_at_once_get_their_own_text(frontend_url: str, clips: dict[str, Any]) -> None:
    names = [name for name, clip in clips.items() if clip.language == "en" and name.startswith(("lj", "vctk"))][:8]
    sounds = [read(clips[name].path)[: 6 * RATE] for name in names]
    alone = [transcribed(frontend_url, sound) for sound in sounds]
    path = f"{TRANSCRIBE}?language=en&partials=false"
    results = await asyncio.gather(*(stream_pcm(frontend_url, path, sound) for sound in sounds))
    for expected, received in zip(alone, results, strict=True):
        assert received.code == 1000
        assert jiwer.wer(normalized(expected), normalized(" ".join(map(str, received.messages)))) <= 0.2
    assert len({str(received.messages) for received in results}) == 8


@pytest.mark.parametrize("name", CONTAINERS)
async def test_containers_are_recognised(frontend_url: str, fox_pcm: Float, name: str) -> None:
    data, seconds = container(fox_pcm, name), len(fox_pcm) / RATE
    received = await stream_audio(frontend_url, f"{TRANSCRIBE}?language=en", data, seconds, pace=2, step_s=0.25)
    assert len(received.messages) == 1 and "fox" in received.messages[0].lower()


@pytest.mark.parametrize(
    ("query", "encode"),
    [
        ("sample_rate=48000", lambda pcm: pcm16(pcm, 48_000)),
        ("encoding=pcm_f32le", lambda pcm: pcm.astype("<f4").tobytes()),
        ("encoding=mulaw&sample_rate=8000", mulaw),
    ],
)
async def test_raw_encodings(frontend_url: str, fox_pcm: Float, query: str, encode: Callable[[Float], bytes]) -> None:
    path = f"{TRANSCRIBE}?language=en&{query}"
    received = await stream_audio(frontend_url, path, encode(fox_pcm), len(fox_pcm) / RATE, pace=FAST)
    assert "fox" in str(received.messages).lower()


@pytest.mark.parametrize("end", [END, b""])
async def test_the_end_may_come_at_any_time(frontend_url: str, fox_pcm: Float, end: str | bytes) -> None:
    """Audio that ends in the middle of a word is transcribed up to there."""
    received = await stream_pcm(frontend_url, f"{TRANSCRIBE}?format=json", fox_pcm[: 2 * RATE], pace=FAST, end=end)
    assert_events_in_order(received)
    assert received.events_of("done")[0]["duration"] == pytest.approx(2.0, abs=0.01)


async def test_duration_ends_the_recording(frontend_url: str, fox_pcm: Float) -> None:
    config = {**ENGLISH, "duration": 1.5, "response_format": "wav"}
    received = await stream_pcm(frontend_url, SPEECH_TO_SPEECH, fox_pcm, pace=2, config=config, end=None)
    assert received.events_of("done")[0]["duration"] == 1.5
    assert received.code == 1000


async def test_a_client_that_leaves_stops_the_work(frontend_url: str, rest: Callable[[], None], talk: Float) -> None:
    for path, config in ((f"{TRANSCRIBE}?format=json", None), (SPEECH_TO_SPEECH, ENGLISH)):
        async with connect(frontend_url.replace("http", "ws", 1) + path) as socket:
            if config:
                await socket.send(json.dumps(config))
            await socket.send(pcm16(np.tile(talk, 3)))
            async for message in socket:
                if isinstance(message, str) and json.loads(message)["type"] == "final":
                    break
        await asyncio.to_thread(rest)


@pytest.mark.parametrize("response_format", ["mp3", "pcm", "opus", "wav"])
async def test_answers_are_one_continuous_file(frontend_url: str, talk: Float, response_format: str) -> None:
    pace = 1.0 if response_format == "mp3" else FAST
    # At a higher pace the text would depend on how many partials there was time for.
    config = {**ENGLISH, "response_format": response_format, "partials": pace == 1}
    received = await stream_pcm(frontend_url, SPEECH_TO_SPEECH, talk, config=config, pace=pace)
    assert_events_in_order(received)
    done = received.events_of("audio_done")
    assert [event["utterance"] for event in done] == [event["id"] for event in received.events_of("final")] == [0, 1]
    sound = decoded(received.audio, response_format)
    seconds = sum(event["duration"] for event in done)
    assert seconds <= len(sound) / RATE_HZ + 0.003 <= seconds + FRAMES_S.get(response_format, 0) + 0.005
    _assert_audio_is_framed(received)
    if pace == 1:  # the first answer comes while the client still speaks
        kinds = [event["type"] for event in received.events]
        assert kinds.index("audio_done") < len(kinds) - 1 - kinds[::-1].index("final")
    transcript_of_answer = transcribed(frontend_url, soxr.resample(sound, RATE_HZ, RATE).astype(np.float32))
    error_rate = jiwer.wer(normalized(received.text), normalized(transcript_of_answer))
    assert error_rate <= 0.2  # "blockbooks" for "block books" counts as two errors in 18 words


def _assert_audio_is_framed(received: Received) -> None:
    """All audio is between `audio_started` and `audio_done`, except for the file's header and its last bytes."""
    speaking = False
    outside: list[int] = []
    for message in received.messages:
        if isinstance(message, str):
            type_ = json.loads(message)["type"]
            speaking = type_ == "audio_started" or (speaking and type_ != "audio_done")
        elif not speaking:
            outside.append(len(message))
    assert len(outside) <= 2


async def test_new_speech_interrupts_the_answer(frontend_url: str, clips: dict[str, Any]) -> None:
    """The answer to the first utterance is long, and the second utterance starts soon after the first."""
    pcm = np.concatenate([read(clips["lj-LJ001-0004.flac"].path), read(clips["lj-LJ001-0002.flac"].path)])
    config = {**ENGLISH, "interrupt": True, "endpoint_silence_s": 0.3, "speed": 0.25}
    received = await stream_pcm(frontend_url, SPEECH_TO_SPEECH, pcm, config=config)
    assert_events_in_order(received)
    first, second = received.events_of("audio_done")
    assert first == {"type": "audio_done", "utterance": 0, "interrupted": True}
    assert "interrupted" not in second and second["utterance"] == 1
    kinds = [(event["type"], event.get("id", event.get("utterance"))) for event in received.events]
    second_started = kinds.index(("speech_started", 1))
    assert ("audio_started", 0) not in kinds[second_started:]
    assert max(second_started, kinds.index(("audio_done", 0))) < kinds.index(("audio_started", 1))


async def test_interrupt_changes_nothing_without_new_speech(frontend_url: str, fox_pcm: Float) -> None:
    config = {**ENGLISH, "partials": False}  # partials may change a comma in the final text, and so its audio
    results = [
        await stream_pcm(frontend_url, SPEECH_TO_SPEECH, fox_pcm, config={**config, "interrupt": interrupt}, pace=FAST)
        for interrupt in (False, True)
    ]
    ensemble, interruptible = ([event["type"] for event in received.events] for received in results)
    assert ensemble == interruptible
    assert results[0].audio == results[1].audio


@pytest.mark.parametrize(
    ("path", "first", "param"),
    [
        (f"{TRANSCRIBE}?sample_rate=fast", None, "sample_rate"),
        (f"{TRANSCRIBE}?encoding=alaw", None, "encoding"),
        (f"{TRANSCRIBE}?format=xml", None, "format"),
        (f"{TRANSCRIBE}?language=xx", None, "language"),
        (f"{TRANSCRIBE}?model=nobody", None, "model"),
        (TRANSCRIBE, "hello", None),
        (TRANSCRIBE, '{"type": "stop"}', None),
        (TRANSCRIBE, b"RIFF\0\0\0\0WAVEno audio that can be decoded" * 10, None),
        (SPEECH_TO_SPEECH, b"\0\0", None),
        (SPEECH_TO_SPEECH, "[]", None),
        (SPEECH_TO_SPEECH, '{"type": "end"}', "type"),
        (SPEECH_TO_SPEECH, "{", None),
        (SPEECH_TO_SPEECH, '{"voice": "nobody"}', "voice"),
        (SPEECH_TO_SPEECH, '{"voice": "nobody", "interrupt": true}', "voice"),
        (SPEECH_TO_SPEECH, '{"stt_model": "nobody"}', "stt_model"),
        (SPEECH_TO_SPEECH, '{"tts_model": "nobody"}', "tts_model"),
        (SPEECH_TO_SPEECH, '{"duration": "long"}', "duration"),
        (SPEECH_TO_SPEECH, '{"language": "sv"}', "language"),
        (SPEECH_TO_SPEECH, '{"response_format": "mid"}', "response_format"),
        (SPEECH_TO_SPEECH, '{"reply": "chat"}', "reply"),
    ],
)
async def test_errors_say_what_is_wrong(
    frontend_url: str, path: str, first: str | bytes | None, param: str | None
) -> None:
    async with connect(frontend_url.replace("http", "ws", 1) + path) as socket:
        if first is not None:
            await socket.send(first)
            if isinstance(first, bytes) and first.startswith(b"RIFF"):
                await socket.send(END)
        event = json.loads(await socket.recv())
        await socket.wait_closed()
    assert event["type"] == "error"
    assert event["error"]["details"].get("param") == param
    assert socket.close_code == 1008
    assert event["error"]["message"].startswith(socket.close_reason or "?")


@pytest.fixture(scope="module")
def limited_url(serve: Any, triton: str) -> Iterator[str]:
    """A frontend with low limits."""
    limits = {"live_connections_per_client": 1, "live_message_bytes": 1000}
    with serve(triton_url=triton, **limits) as url:
        yield url


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [(bytes(1001), 1009, "at most 1000"), (b"", 1000, "")],
)
async def test_the_size_of_a_message_is_limited(limited_url: str, data: bytes, code: int, message: str) -> None:
    assert await end_of(limited_url, data) == (code, message)


async def test_the_duration_of_a_connection_is_limited(serve: Any, triton: str) -> None:
    with serve(triton_url=triton, live_connection_s=1) as url:
        assert await end_of(url, bytes(10)) == (1008, "1 s at most")


async def end_of(url: str, data: bytes) -> tuple[int | None, str]:
    """The close code, and the limit in the error message."""
    async with connect(url.replace("http", "ws", 1) + f"{TRANSCRIBE}?format=json") as socket:
        await socket.send(data)
        event = json.loads(await socket.recv())
        await socket.wait_closed()
    message = event.get("error", {}).get("message", "")
    return socket.close_code, "".join(re.findall(r"at most \d+|\d+ s at most", message))


async def test_a_far_too_large_message_is_not_buffered(frontend_url: str) -> None:
    """Messages are not compressed either, because a small one could unpack to a large one."""
    async with connect(frontend_url.replace("http", "ws", 1) + TRANSCRIBE, compression="deflate") as socket:
        assert socket.protocol.extensions == []
        with suppress(ConnectionClosed):
            await socket.send(bytes(3 * 1024 * 1024))
        await socket.wait_closed()
    assert socket.close_code == 1009


async def test_the_connections_of_a_client_are_limited(limited_url: str) -> None:
    url = limited_url.replace("http", "ws", 1) + TRANSCRIBE
    async with connect(url), connect(url) as second:
        assert "1 live connections already" in json.loads(await second.recv())["error"]["message"]
        await second.wait_closed()
    assert second.close_code == 1013
    async with asyncio.timeout(60):
        while second.close_code != 1000:  # the server notices after a moment that the first one has gone
            async with connect(url) as second:
                with suppress(ConnectionClosed):
                    await second.send(END)
                await second.wait_closed()
