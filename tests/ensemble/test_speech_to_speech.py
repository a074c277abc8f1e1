"""The ensemble in a real tritonserver: speech in; its text, and the same text in another voice, out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

import jiwer
import numpy as np
import pytest
import soxr
from numpy.typing import NDArray
from whisper_normalizer.english import EnglishTextNormalizer

from frontend.triton import Triton
from speech.contract import SPEECH_TO_SPEECH, TRANSCRIBE, Model
from speech.events import Audio, Event
from speech.sound import decoder
from speech.speaking.text_queue import MAX_WAITING_CHARACTERS
from speech.types import INPUT_RATE_HZ, OUTPUT_RATE_HZ

Float = NDArray[np.float32]

PRINTING = tuple(f"lj-LJ001-{number:04}.flac" for number in range(1, 6))
"""Five consecutive clips of one reader, 36 s."""


def recording(clips: Mapping[str, Any], *names: str) -> Float:
    """The clips one after the other, with pauses: float32 [samples], 16 kHz."""
    pieces: list[Float] = []
    for name in names:
        with clips[name].path.open("rb") as file:
            pieces += [*decoder.decode(file), np.zeros(INPUT_RATE_HZ // 2, np.float32)]
    return np.concatenate(pieces)


async def chunks(pcm: Float, size: int, pace: float = 0.0) -> AsyncGenerator[Float, None]:
    for start in range(0, len(pcm), size):
        await asyncio.sleep(pace * size / INPUT_RATE_HZ)
        yield pcm[start : start + size]


async def ask(
    url: str, pcm: Float, served: Model = SPEECH_TO_SPEECH, size: int = 160_000, pace: float = 0.0, **options: Any
) -> list[Event]:
    client = Triton(url)
    try:
        return [event async for event in client.stream(served, chunks(pcm, size, pace), options)]
    finally:
        await client.close()


def of(events: list[Event], *types: str) -> list[Event]:
    return [event for event in events if event.type in types]


def audio(events: list[Event]) -> Float:
    """All audio: float32 [samples], 24 kHz."""
    return np.concatenate([event.pcm for event in events if isinstance(event, Audio)])


def text(events: list[Event]) -> str:
    return " ".join(event.get("text").strip() for event in of(events, "segment", "final"))


def wer(reference: str, heard: str) -> float:
    normal = EnglishTextNormalizer()
    return float(jiwer.wer(normal(reference), normal(heard)))


def assert_orderly(events: list[Event]) -> None:
    """Each transcript is spoken after its event, in order; `done` is the last event, and comes once."""
    assert [event.type for event in events].index("done") == len(events) - 1
    ids = [event.get("id") for event in of(events, "segment", "final") if event.get("text").strip()]
    assert [event.get("utterance") for event in of(events, "audio_done")] == ids
    for number in ids:
        types = [e.type for e in events if number in (e.get("utterance"), e.get("id"))]
        assert (
            {"audio", "audio_done"} <= set(types[types.index("audio") :]) <= {"audio", "audio_done", "segment", "final"}
        )
    for event in of(events, "audio"):
        assert isinstance(event, Audio) and len(event.pcm)


async def test_a_file_is_spoken_in_another_voice(triton: str, clips: dict[str, Any]) -> None:
    events = await ask(triton, recording(clips, *PRINTING), voice="am_echo", language="en")
    assert_orderly(events)
    words = " ".join(clips[name].text for name in PRINTING)
    assert wer(words, text(events)) <= 0.08
    assert {event.get("voice") for event in of(events, "audio_done")} == {"am_echo"}
    sound = soxr.resample(audio(events), OUTPUT_RATE_HZ, INPUT_RATE_HZ).astype(np.float32)
    assert wer(text(events), text(await ask(triton, sound, TRANSCRIBE, language="en"))) <= 0.05


async def test_audio_comes_while_the_rest_is_still_transcribed(triton: str, clips: dict[str, Any]) -> None:
    client = Triton(triton)
    pcm = recording(clips, *PRINTING, *PRINTING, *PRINTING)
    async with aclosing(client.stream(SPEECH_TO_SPEECH, chunks(pcm, 160_000), {"voice": "alloy"})) as events:
        seen: list[str] = []
        async for event in events:
            seen.append(event.type)
            if event.type == "segment" and "audio" in seen:
                break
    await client.close()
    assert seen.index("segment") < seen.index("audio") < len(seen) - 1


async def test_live_speech(triton: str, clips: dict[str, Any]) -> None:
    """An utterance is spoken when it has ended, while the next one comes in. Its partials come before that."""
    pcm = recording(clips, "lj-LJ001-0002.flac", "lj-LJ001-0004.flac")
    events = await ask(triton, pcm, size=1600, pace=1.0, live=True, language="en", endpoint_silence_s=0.4)
    assert_orderly(events)
    types = [event.type for event in events]
    last_final = len(types) - 1 - types[::-1].index("final")
    assert types.index("audio") < last_final
    assert "partial" in types
    assert wer(" ".join(clips[f"lj-LJ001-000{n}.flac"].text for n in (2, 4)), text(events)) <= 0.1


async def test_the_detected_language_is_spoken(triton: str, samples: dict[str, Any]) -> None:
    for name, language in (("es-counting.wav", "es"), ("fr-counting.wav", "fr")):
        events = await ask(triton, recording(samples, name), voice="alloy")
        assert {event.get("language") for event in of(events, "audio_done")} == {language}


async def test_a_language_that_cannot_be_spoken_is_skipped(triton: str, clips: dict[str, Any]) -> None:
    events = await ask(triton, recording(clips, "sv-nst2.flac"))
    assert events[-1].type == "done"
    assert {event.get("language") for event in of(events, "segment")} == {"sv"}
    assert all("no language 'sv'" in event.get("skipped") for event in of(events, "audio_done"))
    assert of(events, "audio") == []


async def test_translation_is_spoken_in_english(triton: str, samples: dict[str, Any]) -> None:
    events = await ask(triton, recording(samples, "es-counting.wav"), task="translate", language="es")
    assert {event.get("language") for event in of(events, "audio_done")} == {"en-us"}


async def test_silence_has_no_audio(triton: str) -> None:
    events = await ask(triton, np.zeros(32_000, np.float32))
    assert [event.type for event in events] == ["progress", "done"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"voice": "nobody"}, "no voice 'nobody'"),
        ({"vioce": "alloy"}, "no parameter 'vioce'"),
        ({"language": "xx"}, "language"),
        ({"language": "sv"}, "no language 'sv'"),
        ({"speed": 9.0}, "from 0.25 to 4"),
        ({"temperature": 9.0}, "from 0 to 1"),
        ({"model": "nobody"}, "no model 'nobody'"),
    ],
)
async def test_errors_come_before_anything_else(triton: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=message) as caught:
        await ask(triton, np.zeros(16_000, np.float32), **parameters)
    assert getattr(caught.value, "param", None) == next(iter(parameters))


async def test_a_stream_that_is_closed_stops_both_models(
    triton: str, clips: dict[str, Any], rest: Callable[[], None]
) -> None:
    client = Triton(triton)
    pcm = recording(clips, *PRINTING, *PRINTING, *PRINTING)
    async with aclosing(client.stream(SPEECH_TO_SPEECH, chunks(pcm, 160_000), {})) as events:
        async for event in events:
            if event.type == "audio":
                break
    await asyncio.to_thread(rest)
    await client.close()
    assert (await ask(triton, recording(clips, "lj-LJ001-0002.flac")))[-1].type == "done"


async def test_a_full_queue_slows_the_client_down(triton: str, clips: dict[str, Any]) -> None:
    """`progress` waits while much text is queued, so the client cannot send far more than can be spoken soon."""
    client = Triton(triton)
    pcm = recording(clips, *PRINTING)
    sent = 0

    async def counted() -> AsyncGenerator[Float, None]:
        nonlocal sent
        for _ in range(40):  # 35 minutes
            async for chunk in chunks(pcm, 160_000):
                sent += len(chunk)
                yield chunk

    waiting = 0
    async with aclosing(client.stream(SPEECH_TO_SPEECH, counted(), {"language": "en"})) as events:
        async for event in events:
            waiting += len(event.get("text")) if event.type == "segment" else 0
            if waiting > MAX_WAITING_CHARACTERS:
                break
        await asyncio.sleep(3)
        before = sent
        await asyncio.sleep(2)
        assert sent == before < 600 * INPUT_RATE_HZ
    await client.close()
