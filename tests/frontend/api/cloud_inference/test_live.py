"""The cloud inference server's WebSockets, with a real client, real speech and the pace of speech."""

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
    Heard,
    connect,
    container,
    mulaw,
    pcm16,
    read,
    speak,
)
from tests.frontend.sound import FRAMES_S, RATE_HZ, decoded

Float = NDArray[np.float32]

ENGLISH = {"voice": "alloy", "language": "en"}
FAST = 8.0


def words(text: str) -> str:
    return str(EnglishTextNormalizer()(text))


@pytest.fixture(scope="session")
def fox_pcm(fox: Path) -> Float:
    return read(fox)


@pytest.fixture(scope="session")
def talk(clips: dict[str, Any]) -> Float:
    """Two utterances, 8 s."""
    return read(clips["lj-LJ001-0002.flac"].path, clips["lj-LJ001-0004.flac"].path)


async def say(url: str, path: str, pcm: Float, **how: Any) -> Heard:
    return await speak(url, path, pcm16(pcm), len(pcm) / RATE, **how)


def transcribed(url: str, pcm: Float) -> str:
    """What the file endpoint hears."""
    files = {"file": container(pcm, "wav")}
    answer = httpx2.post(f"{url}/api/v1/transcribe", files=files, data={"language": "en"}, timeout=60)
    return str(answer.json()["text"])


def assert_orderly(heard: Heard) -> None:
    """Utterances start, stop and get their final in turn; what was stable stays; `done` is last."""
    assert (heard.code, heard.reason) == (1000, "done")
    finals, started = ([event["id"] for event in heard.of(kind)] for kind in ("final", "speech_started"))
    assert finals == started == list(range(len(finals)))
    assert finals
    assert [event["type"] for event in heard.events].index("done") == len(heard.events) - 1
    for final in heard.of("final"):
        own = [event for event in heard.events if event.get("id") == final["id"]]
        kinds = [event["type"] for event in own]
        assert kinds == ["speech_started", *["partial"] * (len(kinds) - 3), "speech_stopped", "final"]
        stables = [event["stable"] for event in own[1:-2]] + [final["text"]]
        assert all(later.startswith(earlier) for earlier, later in pairwise(stables))


async def test_finals_are_the_words_of_the_file(frontend_url: str, clips: dict[str, Any]) -> None:
    pcm = read(clips["jfk.flac"].path)
    heard = await say(frontend_url, f"{TRANSCRIBE}?format=json&language=en", pcm)
    assert_orderly(heard)
    assert heard.of("partial")
    assert jiwer.wer(words(transcribed(frontend_url, pcm)), words(heard.text)) <= 0.05  # one of 22 words
    spoken = [word for final in heard.of("final") for word in final["words"]]
    times = [time for word in spoken for time in (word["start"], word["end"])]
    assert times == sorted(times) and times[-1] <= len(pcm) / RATE


async def test_eight_at_once_are_kept_apart(frontend_url: str, clips: dict[str, Any]) -> None:
    names = [name for name, clip in clips.items() if clip.language == "en" and name.startswith(("lj", "vctk"))][:8]
    sounds = [read(clips[name].path)[: 6 * RATE] for name in names]
    alone = [transcribed(frontend_url, sound) for sound in sounds]
    path = f"{TRANSCRIBE}?language=en&partials=false"
    results = await asyncio.gather(*(say(frontend_url, path, sound) for sound in sounds))
    for expected, heard in zip(alone, results, strict=True):
        assert heard.code == 1000
        assert jiwer.wer(words(expected), words(" ".join(map(str, heard.messages)))) <= 0.2
    assert len({str(heard.messages) for heard in results}) == 8


@pytest.mark.parametrize("name", CONTAINERS)
async def test_containers_are_recognised(frontend_url: str, fox_pcm: Float, name: str) -> None:
    data, seconds = container(fox_pcm, name), len(fox_pcm) / RATE
    heard = await speak(frontend_url, f"{TRANSCRIBE}?language=en", data, seconds, pace=2, step_s=0.25)
    assert len(heard.messages) == 1 and "fox" in heard.messages[0].lower()


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
    heard = await speak(frontend_url, path, encode(fox_pcm), len(fox_pcm) / RATE, pace=FAST)
    assert "fox" in str(heard.messages).lower()


@pytest.mark.parametrize("end", [END, b""])
async def test_the_end_is_answered(frontend_url: str, fox_pcm: Float, end: str | bytes) -> None:
    """Also in the middle of a word, and what comes after it is not heard."""
    heard = await say(frontend_url, f"{TRANSCRIBE}?format=json", fox_pcm[: 2 * RATE], pace=FAST, end=end)
    assert_orderly(heard)
    assert heard.of("done")[0]["duration"] == pytest.approx(2.0, abs=0.01)


async def test_duration_ends_the_recording(frontend_url: str, fox_pcm: Float) -> None:
    config = {**ENGLISH, "duration": 1.5, "response_format": "wav"}
    heard = await say(frontend_url, SPEECH_TO_SPEECH, fox_pcm, pace=2, config=config, end=None)
    assert heard.of("done")[0]["duration"] == 1.5
    assert heard.code == 1000


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
async def test_one_stream_of_sound(frontend_url: str, talk: Float, response_format: str) -> None:
    pace = 1.0 if response_format == "mp3" else FAST
    # What is heard at a higher pace would depend on which partials there was time for.
    config = {**ENGLISH, "response_format": response_format, "partials": pace == 1}
    heard = await say(frontend_url, SPEECH_TO_SPEECH, talk, config=config, pace=pace)
    assert_orderly(heard)
    done = heard.of("audio_done")
    assert [event["utterance"] for event in done] == [event["id"] for event in heard.of("final")] == [0, 1]
    sound = decoded(heard.sound, response_format)
    seconds = sum(event["duration"] for event in done)
    assert seconds <= len(sound) / RATE_HZ + 0.003 <= seconds + FRAMES_S.get(response_format, 0) + 0.005
    _assert_sound_is_framed(heard)
    if pace == 1:  # the first answer comes while the client speaks on
        kinds = [event["type"] for event in heard.events]
        assert kinds.index("audio_done") < len(kinds) - 1 - kinds[::-1].index("final")
    again = transcribed(frontend_url, soxr.resample(sound, RATE_HZ, RATE).astype(np.float32))
    assert jiwer.wer(words(heard.text), words(again)) <= 0.2  # "blockbooks" for "block books" are two of 18 words


def _assert_sound_is_framed(heard: Heard) -> None:
    """All sound but the muxer's last bytes is between `audio_started` and `audio_done`."""
    speaking = False
    outside: list[int] = []
    for message in heard.messages:
        if isinstance(message, str):
            type_ = json.loads(message)["type"]
            speaking = type_ == "audio_started" or (speaking and type_ != "audio_done")
        elif not speaking:
            outside.append(len(message))
    assert len(outside) <= 2  # the header of the file, and its end


async def test_new_speech_interrupts_the_answer(frontend_url: str, clips: dict[str, Any]) -> None:
    """The first utterance is long to answer, and the second one begins soon after it."""
    pcm = np.concatenate([read(clips["lj-LJ001-0004.flac"].path), read(clips["lj-LJ001-0002.flac"].path)])
    config = {**ENGLISH, "interrupt": True, "endpoint_silence_s": 0.3, "speed": 0.25}
    heard = await say(frontend_url, SPEECH_TO_SPEECH, pcm, config=config)
    assert_orderly(heard)
    first, second = heard.of("audio_done")
    assert first == {"type": "audio_done", "utterance": 0, "interrupted": True}
    assert "interrupted" not in second and second["utterance"] == 1
    kinds = [(event["type"], event.get("id", event.get("utterance"))) for event in heard.events]
    heard_again = kinds.index(("speech_started", 1))
    assert ("audio_started", 0) not in kinds[heard_again:]
    assert max(heard_again, kinds.index(("audio_done", 0))) < kinds.index(("audio_started", 1))


async def test_without_an_interruption_it_is_the_same(frontend_url: str, fox_pcm: Float) -> None:
    config = {**ENGLISH, "partials": False}  # they may change a comma of the final, and so how it is said
    results = [
        await say(frontend_url, SPEECH_TO_SPEECH, fox_pcm, config={**config, "interrupt": interrupt}, pace=FAST)
        for interrupt in (False, True)
    ]
    plain, driven = ([event["type"] for event in heard.events] for heard in results)
    assert plain == driven
    assert results[0].sound == results[1].sound


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
        (TRANSCRIBE, b"RIFF\0\0\0\0WAVEnothing that could be heard" * 10, None),
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
async def test_what_is_wrong_is_said(
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
def narrow_url(serve: Any, triton: str) -> Iterator[str]:
    """A frontend with narrow bounds."""
    bounds = {"live_connections_per_client": 1, "live_message_bytes": 1000}
    with serve(triton_url=triton, **bounds) as url:
        yield url


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [(bytes(1001), 1009, "at most 1000"), (b"", 1000, "")],
)
async def test_messages_have_a_bound(narrow_url: str, data: bytes, code: int, message: str) -> None:
    assert await end_of(narrow_url, data) == (code, message)


async def test_connections_last_so_long(serve: Any, triton: str) -> None:
    with serve(triton_url=triton, live_connection_s=1) as url:
        assert await end_of(url, bytes(10)) == (1008, "1 s at most")


async def end_of(url: str, data: bytes) -> tuple[int | None, str]:
    """The close code, and what the error says of the bound."""
    async with connect(url.replace("http", "ws", 1) + f"{TRANSCRIBE}?format=json") as socket:
        await socket.send(data)
        event = json.loads(await socket.recv())
        await socket.wait_closed()
    said = event.get("error", {}).get("message", "")
    return socket.close_code, "".join(re.findall(r"at most \d+|\d+ s at most", said))


async def test_what_is_far_too_large_is_not_even_gathered(frontend_url: str) -> None:
    """Nor unpacked: a small message may hold a large one."""
    async with connect(frontend_url.replace("http", "ws", 1) + TRANSCRIBE, compression="deflate") as socket:
        assert socket.protocol.extensions == []
        with suppress(ConnectionClosed):
            await socket.send(bytes(3 * 1024 * 1024))
        await socket.wait_closed()
    assert socket.close_code == 1009


async def test_connections_of_a_client_are_counted(narrow_url: str) -> None:
    url = narrow_url.replace("http", "ws", 1) + TRANSCRIBE
    async with connect(url), connect(url) as second:
        assert "1 live connections already" in json.loads(await second.recv())["error"]["message"]
        await second.wait_closed()
    assert second.close_code == 1013
    async with asyncio.timeout(60):
        while second.close_code != 1000:  # it takes a moment to see that the first one has gone
            async with connect(url) as second:
                with suppress(ConnectionClosed):
                    await second.send(END)
                await second.wait_closed()
