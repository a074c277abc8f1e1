"""New speech interrupts the answer to the utterance before, in whichever order their events come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from frontend.live.barge_in import interruptible, repeat_heard
from speech.events import Audio, AudioDone, Done, Event, Final, SpeechStarted, SpeechStopped

DONE = Done(language="en", language_probability=1.0, duration=1.0, model="whisper-base", task="transcribe")


def _utterance(event: Event) -> int | None:
    """The id of the utterance that the event is about, or that its audio answers."""
    number: int | None = event.get("utterance")
    return event.get("id") if number is None else number


def started(utterance: int) -> Event:
    return SpeechStarted(id=utterance, start=0.0)


def stopped(utterance: int) -> Event:
    return SpeechStopped(id=utterance, end=1.0, cut=False)


def final(utterance: int) -> Event:
    return Final(id=utterance, start=0.0, end=1.0, language="en", text="Hello.")


async def synthesize(text: str, language: str) -> AsyncGenerator[Event, None]:
    """Ten events of audio, one every 0.1 s."""
    for number in range(10):
        await asyncio.sleep(0.1)
        yield Audio(id=number, start=number / 10)
    yield AudioDone(duration=1.0)


@pytest.mark.parametrize("answered_first", [True, False])
async def test_new_speech_interrupts_the_answer_to_the_utterance_before(answered_first: bool) -> None:
    spoken = asyncio.Event()

    async def answer(text: str, language: str) -> AsyncGenerator[Event, None]:
        async for event in synthesize(text, language):
            yield event
            spoken.set()

    async def transcription() -> AsyncGenerator[Event, None]:
        yield started(0)
        yield stopped(0)
        if answered_first:
            yield final(0)
            await spoken.wait()
        yield started(1)
        if not answered_first:
            yield final(0)
        await asyncio.sleep(0.2)
        yield stopped(1)
        yield final(1)
        yield DONE

    got = [
        (event.type, _utterance(event), bool(event.get("interrupted")))
        async for event in interruptible(transcription(), repeat_heard, answer)
    ]
    assert ("audio_done", 0, True) in got
    assert (("audio", 0, False) in got) == answered_first
    assert [kind for kind, utterance, _ in got if utterance == 0].count("audio_done") == 1
    assert got[-12:] == [*[("audio", 1, False)] * 10, ("audio_done", 1, False), ("done", None, False)]


async def test_an_answer_is_done_once() -> None:
    """An answer ends once, even if new speech starts while the stream of its audio is being closed."""
    done = asyncio.Event()

    async def slow_to_close(text: str, language: str) -> AsyncGenerator[Event, None]:
        try:
            yield Audio(id=0, start=0.0)
            yield AudioDone(duration=0.1)
        finally:
            done.set()
            await asyncio.sleep(0.1)

    async def transcription() -> AsyncGenerator[Event, None]:
        yield started(0)
        yield final(0)
        await done.wait()
        yield started(1)
        yield DONE

    got = [event async for event in interruptible(transcription(), repeat_heard, slow_to_close)]
    assert [event.to_dict() for event in got if isinstance(event, AudioDone)] == [{"duration": 0.1, "utterance": 0}]
