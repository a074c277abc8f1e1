"""Events of the ensemble `speech_to_speech` for a file: what was heard, and what was said."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from dataclasses import dataclass

import numpy as np

from frontend.speeches import pieces
from frontend.transcripts import segment, transcript
from speech.errors import NotReady
from speech.types import SPEECH_RATE_HZ, Event, Segment, Transcript

LAST_EVENT = "done"
_SILENCE = SPEECH_RATE_HZ // 4


@dataclass(frozen=True)
class Conversion:
    """A whole file, and what it says."""

    heard: Transcript
    file: bytes


async def converted(events: AsyncIterable[Event], response_format: str) -> Conversion:
    """All of it. The sound is held in memory once, encoded."""
    segments: list[Segment] = []
    file = bytearray()
    async with aclosing(pieces(with_some_sound(events), response_format, LAST_EVENT)) as parts:
        async for event, data in parts:
            file += data
            if event.type == "segment":
                segments.append(segment(event))
            elif event.type == LAST_EVENT:
                return Conversion(transcript(segments, event), bytes(file))
    raise NotReady("the model ended without its last event")


async def with_some_sound(events: AsyncIterable[Event]) -> AsyncGenerator[Event, None]:
    """The events; if nothing was said a short silence is, as there are players that fail without any sound."""
    silent = True
    async for event in events:
        silent = silent and event.type != "audio"
        if event.type == LAST_EVENT and silent:
            yield Event("audio", audio=np.zeros(_SILENCE, np.float32))
        yield event
