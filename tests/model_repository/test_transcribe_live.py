"""Live streams of the model `transcribe` in a real tritonserver, over gRPC: recordings sent at the pace of speech."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest
from numpy.typing import NDArray
from tritonclient.grpc import InferInput
from tritonclient.grpc.aio import InferenceServerClient
from whisper_normalizer.english import EnglishTextNormalizer

from frontend.triton import Triton
from speech.contract import AUDIO, EVENT, INDEX, MAX_SEQUENCES, TEXT, TRANSCRIBE
from speech.events import Event, Final, from_json
from speech.sound import decoder
from speech.token_logprobs import spelled
from tests.hostile import tone

Float = NDArray[np.float32]

RATE = 16_000
CHUNK = RATE // 10


class Microphone:
    """A sequence whose chunks a test sends one by one. Its `events` are in order when it is closed."""

    def __init__(self, url: str, **parameters: Any) -> None:
        self._client = InferenceServerClient(url)
        self._parameters = {"live": True, **parameters}
        self._id = secrets.randbits(63) or 1
        self._requests: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._arrived: list[tuple[int, Event, str]] = []
        self.errors: list[str] = []
        self._first = True
        self._reading = asyncio.ensure_future(self._read())

    def send(self, pcm: Float, *, last: bool = False, start: bool = False) -> None:
        tensor = InferInput(AUDIO, [len(pcm)], "FP32")
        tensor.set_data_from_numpy(pcm)
        first = self._first or start
        request = {"sequence_id": self._id, "sequence_start": first, "sequence_end": last, "inputs": [tensor]}
        parameters = self._parameters if first else {}
        self._requests.put_nowait({"model_name": TRANSCRIBE.name, "parameters": parameters, **request})
        self._first = False

    async def speak(self, sound: Float, chunk: int = CHUNK, pace: float = 1.0) -> None:
        """Send `sound` in chunks, `pace` times as fast as it was spoken."""
        begun = asyncio.get_running_loop().time()
        for at in range(0, len(sound), chunk):
            part = sound[at : at + chunk]
            await asyncio.sleep(begun + (at + len(part)) / RATE / pace - asyncio.get_running_loop().time())
            self.send(part)

    @property
    def served(self) -> bool:
        return bool(self._arrived)

    async def seen(self, kind: str, count: int = 1) -> None:
        """Wait until `count` events of this type have come."""
        async with asyncio.timeout(60):
            while sum(event.type == kind for _, event, _ in self._arrived) < count:
                await asyncio.sleep(0.01)

    async def close(self) -> list[Event]:
        self._requests.put_nowait(None)
        async with asyncio.timeout(60):
            await self._reading
        await self._client.close()
        self._arrived.sort(key=lambda arrival: arrival[0])
        assert [text for _, event, text in self._arrived if event.type == "final"] == texts(self.events)
        return self.events

    @property
    def events(self) -> list[Event]:
        return [event for _, event, _ in self._arrived if event.type != "progress"]

    async def _read(self) -> None:
        async for result, error in self._client.stream_infer(self._send_queued()):
            if error is not None:
                self.errors.append(error.message())
                continue
            event = from_json(result.as_numpy(EVENT)[0])
            text = result.as_numpy(TEXT)[0].decode()
            self._arrived.append((int(result.as_numpy(INDEX)[0]), event, text))

    async def _send_queued(self) -> AsyncIterator[dict[str, Any]]:
        while (request := await self._requests.get()) is not None:
            yield request


def read(path: Path, tail_s: float = 1.0) -> Float:
    """A recording with silence after it."""
    with path.open("rb") as file:
        return np.concatenate([*decoder.decode(file), np.zeros(round(tail_s * RATE), np.float32)])


async def live(url: str, sound: Float, chunk: int = CHUNK, pace: float = 1.0, **parameters: Any) -> list[Event]:
    microphone = Microphone(url, **parameters)
    await microphone.speak(sound, chunk, pace)
    microphone.send(np.empty(0, np.float32), last=True)
    events = await microphone.close()
    assert microphone.errors == []
    return events


async def at_once(url: str, sound: Float, **parameters: Any) -> list[Event]:
    return await live(url, sound, chunk=len(sound), pace=1e9, **parameters)


async def from_file(url: str, sound: Float, **parameters: Any) -> str:
    async def chunks() -> AsyncIterator[Float]:
        yield sound

    triton = Triton(url)
    try:
        events = [event async for event in triton.stream(TRANSCRIBE, chunks(), parameters)]  # type: ignore[arg-type]
    finally:
        await triton.close()
    return "".join(event.get("text") for event in events if event.type == "segment").strip()


def of(events: list[Event], kind: str) -> list[dict[str, Any]]:
    return [event.to_dict() for event in events if event.type == kind]


def texts(events: list[Event]) -> list[str]:
    return [final["text"] for final in of(events, "final")]


def words(text: str) -> str:
    return str(EnglishTextNormalizer()(text))


def assert_orderly(events: list[Event]) -> None:
    """Each utterance starts, stops and gets its final; stable text does not change; the last event is `done`."""
    assert [event.type for event in events].count("done") == 1
    assert events[-1].type == "done"
    ids = [fields["id"] for fields in of(events, "speech_started")]
    assert ids == list(range(len(ids)))
    assert [fields["id"] for fields in of(events, "speech_stopped")] == ids
    assert [fields["id"] for fields in of(events, "final")] == ids
    for i in ids:
        own = [event for event in events if event.get("id") == i]
        kinds = [event.type for event in own]
        assert kinds == ["speech_started", *["partial"] * (len(kinds) - 3), "speech_stopped", "final"]
        final = own[-1].to_dict()
        versions = [*(event.to_dict() for event in own[1:-2]), {**final, "stable": final["text"]}]
        assert all(version["text"].startswith(version["stable"]) for version in versions)
        for before, after in itertools.pairwise(versions):
            assert after["stable"].startswith(before["stable"]), (before, after)
        assert final["start"] == own[0].get("start") < final["end"] == own[-2].get("end")
        times = [time for word in final["words"] for time in (word["start"], word["end"])]
        assert times == sorted(times)
        assert "".join(word["word"] for word in final["words"]).strip() == final["text"]


async def test_finals_have_the_words_of_the_file(triton: str, clips: dict[str, Any]) -> None:
    """Three speakers at once, in real time."""
    names = ["jfk.flac", "ls-2412-153948-0000.flac", "vctk-p225_003.flac"]
    sounds = [read(clips[name].path) for name in names]
    whole = [await from_file(triton, sound, language="en") for sound in sounds]
    spoken = await asyncio.gather(*(live(triton, sound, language="en") for sound in sounds))
    for events in spoken:
        assert_orderly(events)
    partials = [partial for events in spoken for partial in of(events, "partial")]
    assert any(partial["stable"] for partial in partials), "no words were stable before the final"
    assert jiwer.wer([words(text) for text in whole], [words(" ".join(texts(events))) for events in spoken]) <= 0.03


async def test_many_streams_keep_apart(triton: str, samples: dict[str, Any]) -> None:
    names = ["en-fox.wav", "en-counting.wav", "es-counting.wav", "it-counting.wav"]
    alone = [await from_file(triton, read(samples[name].path)) for name in names]
    together = await asyncio.gather(*(live(triton, read(samples[name].path)) for name in names))
    for name, text, events in zip(names, alone, together, strict=True):
        assert_orderly(events)
        assert jiwer.cer(text, " ".join(texts(events))) < 0.35, (text, texts(events))
        assert {final["language"] for final in of(events, "final")} == {name[:2]}
        assert events[-1].get("language") == name[:2]


@pytest.fixture(scope="module")
def fox(samples: dict[str, Any]) -> Float:
    return read(samples["en-fox.wav"].path, tail_s=0)


async def test_chunks_do_not_matter(triton: str, fox: Float) -> None:
    sound = np.concatenate([fox, np.zeros(RATE, np.float32), fox])
    whole = await at_once(triton, sound, partials=False)
    assert len(texts(whole)) == 2
    for chunk in (RATE // 100, 5_001):
        parts = await live(triton, sound, chunk, pace=10, partials=False)
        for kind in ("speech_started", "speech_stopped"):
            assert of(parts, kind) == of(whole, kind)
        assert list(map(words, texts(parts))) == list(map(words, texts(whole)))
    assert_orderly(whole)
    assert of(whole, "partial") == []


async def test_the_endpoint_is_a_parameter(triton: str, fox: Float) -> None:
    sound = np.concatenate([fox, np.zeros(RATE, np.float32), fox])
    assert len(texts(await at_once(triton, sound, endpoint_silence_s=0.6))) == 2
    (both,) = texts(await at_once(triton, sound, endpoint_silence_s=2.5))
    assert words(both).split().count("fox") == 2


async def test_a_long_utterance_is_cut(triton: str, fox: Float) -> None:
    events = await at_once(triton, fox, max_utterance_s=2, language="en")
    assert_orderly(events)
    assert len(texts(events)) > 1
    assert of(events, "speech_stopped")[0]["cut"]
    for final in of(events, "final"):
        assert final["end"] - final["start"] <= 2.1
    assert "quick" in texts(events)[0].lower() and "dog" in texts(events)[-1].lower()


async def test_sound_after_the_duration_is_ignored(triton: str, fox: Float) -> None:
    events = await live(triton, np.tile(fox, 4), pace=8, duration_s=2.0)
    assert_orderly(events)
    assert events[-1].get("duration") == 2.0
    assert events[-2].get("end") <= 2.0
    assert await from_file(triton, np.tile(fox, 4), duration_s=0.01) == ""


async def test_an_end_inside_a_word_gives_its_final(triton: str, fox: Float) -> None:
    microphone = Microphone(triton, language="en")
    half = fox[: len(fox) // 2]
    microphone.send(half[: RATE // 2])
    microphone.send(half[RATE // 2 :], last=True)
    events = await microphone.close()
    assert_orderly(events)
    assert "quick" in texts(events)[-1].lower()


async def test_a_new_start_cancels(triton: str, fox: Float) -> None:
    microphone = Microphone(triton)
    microphone.send(fox)
    await microphone.seen("speech_started")
    microphone.send(np.zeros(RATE, np.float32), start=True, last=True)
    await microphone.close()
    assert [event.type for event in microphone.events if event.type in ("final", "done")] == ["done"]
    assert len(microphone.errors) == 1 and "was started again" in microphone.errors[0]


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.float32),
        np.zeros(20 * RATE, np.float32),
        np.random.default_rng(0).normal(scale=0.1, size=10 * RATE).astype(np.float32),
        tone(10.0, RATE)[:, 0],
        np.eye(1, 5 * RATE, 2 * RATE, dtype=np.float32)[0],
    ],
    ids=["empty", "silence", "noise", "tone", "click"],
)
async def test_sounds_without_speech_have_no_text(triton: str, sound: Float) -> None:
    microphone = Microphone(triton)
    microphone.send(sound)
    microphone.send(np.empty(0, np.float32), last=True)
    events = await microphone.close()
    assert "".join(texts(events)) == ""
    assert of(events, "partial") == []
    assert events[-1].get("duration") == pytest.approx(len(sound) / RATE, abs=0.001)


async def test_live_speech_does_not_wait_for_a_file(triton: str, fox: Float) -> None:
    """An utterance gets its final while a file of five minutes is being transcribed."""
    file = Microphone(triton, live=False, language="en")
    file.send(np.tile(fox, 100), last=True)
    await file.seen("segment")
    events = await live(triton, np.concatenate([fox, np.zeros(RATE, np.float32)]), pace=4, language="en")
    assert "fox" in texts(events)[0].lower()
    assert of(file.events, "done") == []
    file.send(np.empty(0, np.float32), start=True, last=True)
    await file.close()


async def test_sequences_beyond_the_places_wait(triton: str, fox: Float) -> None:
    """There are more streams than the sequence batcher has places. The last one is served when another has ended."""
    held = [Microphone(triton) for _ in range(MAX_SEQUENCES)]
    for microphone in held:
        microphone.send(np.zeros(CHUNK, np.float32))
    # Sequences that other tests left open may still occupy places, so fewer than MAX_SEQUENCES may be served.
    served = unchanged = 0
    async with asyncio.timeout(120):
        while served < MAX_SEQUENCES and (served < MAX_SEQUENCES // 2 or unchanged < 50):
            await asyncio.sleep(0.1)
            before, served = served, sum(microphone.served for microphone in held)
            unchanged = unchanged + 1 if served == before else 0
    waiting = Microphone(triton)
    waiting.send(fox, last=True)
    await asyncio.sleep(0.5)
    assert waiting.events == []
    for microphone in held:
        microphone.send(np.empty(0, np.float32), last=True)
    assert_orderly(await waiting.close())
    assert all(events[-1].type == "done" for events in [await microphone.close() for microphone in held])


async def test_a_final_may_have_logprobs(triton: str, samples: dict[str, Any]) -> None:
    for clip in ("en-fox.wav", "ja-hello.wav"):
        events = await live(triton, read(samples[clip].path), pace=4, logprobs=True)
        finals = [event for event in events if isinstance(event, Final) and event.text]
        assert finals
        for final in finals:
            assert final.logprobs is not None and spelled(final.logprobs) == final.text
    events = await live(triton, read(samples["en-fox.wav"].path), pace=4)
    assert all(event.logprobs is None for event in events if isinstance(event, Final))


async def test_live_speech_is_in_one_of_the_possible_languages(triton: str, samples: dict[str, Any]) -> None:
    events = await live(triton, read(samples["es-counting.wav"].path), pace=4, languages="it,fr")
    assert {event.get("language") for event in events if event.type == "final"} <= {"it", "fr"}
    assert events[-1].get("language") in ("it", "fr")
