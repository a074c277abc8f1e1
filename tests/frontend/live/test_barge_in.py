"""New speech and the answer to what was said before, in whichever order they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from frontend.live.barge_in import interruptible, transcript
from speech.types import Event


def event(type_: str, utterance: int) -> Event:
    return Event(type_, {"id": utterance, "text": "Hello.", "language": "en"})


async def say(text: str, language: str) -> AsyncGenerator[Event, None]:
    """A second of speech."""
    for number in range(10):
        await asyncio.sleep(0.1)
        yield Event("audio", {"id": number})
    yield Event("audio_done", {"duration": 1.0})


@pytest.mark.parametrize("answered_first", [True, False])
async def test_new_speech_ends_the_answer_to_what_was_said_before(answered_first: bool) -> None:
    spoken = asyncio.Event()

    async def answer(text: str, language: str) -> AsyncGenerator[Event, None]:
        async for event in say(text, language):
            yield event
            spoken.set()

    async def heard() -> AsyncGenerator[Event, None]:
        yield event("speech_started", 0)
        yield event("speech_stopped", 0)
        if answered_first:
            yield event("final", 0)
            await spoken.wait()
        yield event("speech_started", 1)
        if not answered_first:
            yield event("final", 0)
        await asyncio.sleep(0.2)
        yield event("speech_stopped", 1)
        yield event("final", 1)
        yield Event("done", {})

    got = [
        (event.type, event.fields.get("utterance", event.fields.get("id")), event.fields.get("interrupted", False))
        async for event in interruptible(heard(), transcript, answer)
    ]
    assert ("audio_done", 0, True) in got
    assert (("audio", 0, False) in got) == answered_first
    assert [kind for kind, utterance, _ in got if utterance == 0].count("audio_done") == 1
    assert got[-12:] == [*[("audio", 1, False)] * 10, ("audio_done", 1, False), ("done", None, False)]


async def test_an_answer_is_done_once() -> None:
    """Also when somebody speaks while the stream of what was said is being closed."""
    done = asyncio.Event()

    async def slow_to_close(text: str, language: str) -> AsyncGenerator[Event, None]:
        try:
            yield Event("audio", {"id": 0})
            yield Event("audio_done", {"duration": 0.1})
        finally:
            done.set()
            await asyncio.sleep(0.1)

    async def heard() -> AsyncGenerator[Event, None]:
        yield event("speech_started", 0)
        yield event("final", 0)
        await done.wait()
        yield event("speech_started", 1)
        yield Event("done", {})

    got = [event async for event in interruptible(heard(), transcript, slow_to_close)]
    assert [event.fields for event in got if event.type == "audio_done"] == [{"duration": 0.1, "utterance": 0}]
