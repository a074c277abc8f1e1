"""A conversation in which new speech of the client interrupts the answer.

The ensemble `speech_to_speech` cannot do that, because a single request inside a gRPC stream cannot be cancelled. So
this runs `transcribe` and `synthesize` as two streams, and yields the events that the ensemble would.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

from speech.errors import BadParameter, EngineUnusable
from speech.events import Audio, AudioDone, Done, Event, Final, SpeechStarted

ChooseReply = Callable[[Final], Awaitable[str]]
"""Returns the text to answer an utterance with; empty for no answer."""
Synthesize = Callable[[str, str], AsyncGenerator[Event, None]]
"""Speaks a text in a language (ISO 639-1, or empty if unknown): the events of the model `synthesize`."""


async def repeat_heard(final: Final) -> str:
    """Answers an utterance with its own words."""
    return final.text


async def interruptible(
    transcription: AsyncGenerator[Event, None], choose_reply: ChooseReply, synthesize: Synthesize
) -> AsyncGenerator[Event, None]:
    """Yield the events of a live transcription and of the spoken answers to its utterances.

    When a new utterance starts, each unfinished answer ends with an `audio_done` that is `interrupted`. An answer in a
    language that no voice speaks ends with an `audio_done` that is `skipped`. Other errors of the arguments are raised.
    """
    conversation = _Conversation(transcription, choose_reply, synthesize)
    listening = asyncio.ensure_future(conversation.listen())
    try:
        while (event := await conversation.next()) is not None:
            yield event
        await listening
    finally:
        listening.cancel()
        await asyncio.wait({listening})


class _Conversation:
    """One task listens. A second one speaks while there are utterances to answer."""

    def __init__(
        self, transcription: AsyncGenerator[Event, None], choose_reply: ChooseReply, synthesize: Synthesize
    ) -> None:
        self._transcription = transcription
        self._choose_reply = choose_reply
        self._synthesize = synthesize
        self._events: asyncio.Queue[Event | Exception | None] = asyncio.Queue(maxsize=1)
        """Events to yield; an error to raise; None at the end."""
        self._unanswered: deque[Final] = deque()
        """Utterances whose answer is not finished. The answer to the first one is being spoken."""
        self._speaking: asyncio.Task[None] | None = None
        self._last_started = -1
        """The id of the utterance that started last."""

    async def next(self) -> Event | None:
        """The next event; None at the end."""
        event = await self._events.get()
        if isinstance(event, Exception):
            raise event
        return event

    async def listen(self) -> None:
        """Read the transcription to its end."""
        try:
            async with aclosing(self._transcription) as events:
                async for event in events:
                    await self._handle(event)
            await self._events.put(None)
        except Exception as error:
            await self._events.put(error)
        finally:
            await self._stop_speaking()

    async def _handle(self, event: Event) -> None:
        if isinstance(event, SpeechStarted):
            self._last_started = event.id
            await self._interrupt()
        if isinstance(event, Done) and self._speaking is not None:
            await self._speaking
        await self._events.put(event)
        if isinstance(event, Final) and event.text:
            self._unanswered.append(event)
            if event.id < self._last_started:  # the next utterance has started already
                await self._interrupt()
            elif self._speaking is None or self._speaking.done():
                self._speaking = asyncio.ensure_future(self._speak())

    async def _speak(self) -> None:
        try:
            while self._unanswered:
                final = self._unanswered[0]
                await self._answer(final)
                self._mark_answered(final)
        except Exception as error:
            await self._events.put(error)

    async def _answer(self, final: Final) -> None:
        text = await self._choose_reply(final)
        if not text:
            return
        try:
            async with aclosing(self._synthesize(text, final.language or "")) as events:
                async for event in events:
                    if isinstance(event, Audio | AudioDone):
                        event = replace(event, utterance=final.id)
                    await self._events.put(event)
                    if isinstance(event, AudioDone):
                        # Before the stream is closed: new speech in the meantime must not interrupt a finished answer.
                        self._mark_answered(final)
        except (BadParameter, EngineUnusable) as error:  # for example, no voice speaks this language
            await self._events.put(AudioDone(utterance=final.id, duration=0.0, skipped=error.message))

    def _mark_answered(self, final: Final) -> None:
        if self._unanswered and self._unanswered[0] is final:
            self._unanswered.popleft()

    async def _stop_speaking(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()
            await asyncio.wait({self._speaking})
            self._speaking = None

    async def _interrupt(self) -> None:
        """Stop speaking, and report all unfinished answers as interrupted."""
        await self._stop_speaking()
        while self._unanswered:
            final = self._unanswered.popleft()
            await self._events.put(AudioDone(utterance=final.id, interrupted=True))
