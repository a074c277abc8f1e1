"""A conversation in which new speech cancels the rest of the answer.

The ensemble cannot do that, as no request inside a gRPC stream can be cancelled alone: so this drives `transcribe` and
`synthesize` as two streams, and gives the events that the ensemble would give.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

from speech.errors import BadParameter, EngineUnusable
from speech.events import Audio, AudioDone, Done, Event, Final, SpeechStarted

Reply = Callable[[Final], Awaitable[str]]
"""What to say to a `final`; nothing, if it is empty."""
Say = Callable[[str, str], AsyncGenerator[Event, None]]
"""Says a text in a language: the events of `synthesize`."""


async def transcript(final: Final) -> str:
    """The same that was heard: speech is converted."""
    return final.text


async def interruptible(heard: AsyncGenerator[Event, None], reply: Reply, say: Say) -> AsyncGenerator[Event, None]:
    conversation = _Conversation(heard, reply, say)
    listening = asyncio.ensure_future(conversation.listen())
    try:
        while (event := await conversation.next()) is not None:
            yield event
        await listening
    finally:
        listening.cancel()
        await asyncio.wait({listening})


class _Conversation:
    """One task listens; another one, while there is anything to answer, speaks."""

    def __init__(self, heard: AsyncGenerator[Event, None], reply: Reply, say: Say) -> None:
        self._heard, self._reply, self._say = heard, reply, say
        self._events: asyncio.Queue[Event | Exception | None] = asyncio.Queue(maxsize=1)
        self._finals: deque[Final] = deque()
        """What is to be answered; the first of them is being."""
        self._speaking: asyncio.Task[None] | None = None
        self._newest = -1
        """The id of the utterance that began last."""

    async def next(self) -> Event | None:
        event = await self._events.get()
        if isinstance(event, Exception):
            raise event
        return event

    async def listen(self) -> None:
        try:
            async with aclosing(self._heard) as events:
                async for event in events:
                    await self._take(event)
            await self._events.put(None)
        except Exception as error:
            await self._events.put(error)
        finally:
            await self._stop()

    async def _take(self, event: Event) -> None:
        if isinstance(event, SpeechStarted):
            self._newest = event.id
            await self._interrupt()
        if isinstance(event, Done) and self._speaking is not None:
            await self._speaking
        await self._events.put(event)
        if isinstance(event, Final) and event.text:
            self._finals.append(event)
            if event.id < self._newest:  # by now somebody speaks again
                await self._interrupt()
            elif self._speaking is None or self._speaking.done():
                self._speaking = asyncio.ensure_future(self._speak())

    async def _speak(self) -> None:
        try:
            while self._finals:
                final = self._finals[0]
                await self._answer(final)
                self._answered(final)
        except Exception as error:
            await self._events.put(error)

    async def _answer(self, final: Final) -> None:
        text = await self._reply(final)
        if not text:
            return
        try:
            async with aclosing(self._say(text, final.language or "")) as events:
                async for event in events:
                    if isinstance(event, Audio | AudioDone):
                        event = replace(event, utterance=final.id)
                    await self._events.put(event)
                    if isinstance(event, AudioDone):  # by now: what comes while the stream is closed interrupts nothing
                        self._answered(final)
        except (BadParameter, EngineUnusable) as error:  # a language that cannot be spoken
            await self._events.put(AudioDone(utterance=final.id, duration=0.0, skipped=error.message))

    def _answered(self, final: Final) -> None:
        if self._finals and self._finals[0] is final:
            self._finals.popleft()

    async def _stop(self) -> None:
        """Nothing of what was to be said before is said any more."""
        if self._speaking is not None:
            self._speaking.cancel()
            await asyncio.wait({self._speaking})
            self._speaking = None

    async def _interrupt(self) -> None:
        await self._stop()
        while self._finals:
            final = self._finals.popleft()
            await self._events.put(AudioDone(utterance=final.id, interrupted=True))
