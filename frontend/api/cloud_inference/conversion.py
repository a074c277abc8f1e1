"""The events of the ensemble `speech_to_speech` for a file, as a transcript and an audio file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frontend.audio_output import whole
from frontend.transcripts import Transcript, transcript
from speech.errors import NotReady, TooLong
from speech.events import Audio, Done, Event, Segment
from speech.types import OUTPUT_RATE_HZ

Float = NDArray[np.float32]

MAX_WHOLE_S = 900
"""Maximum duration of an answer that is not streamed, in seconds: 90 MB of samples."""
_SILENCE = OUTPUT_RATE_HZ // 4


@dataclass(frozen=True)
class Conversion:
    """The transcript of the input, and the converted audio file."""

    heard: Transcript
    file: bytes


async def converted(
    events: AsyncIterable[Event], response_format: str, sample_rate_hz: int = OUTPUT_RATE_HZ
) -> Conversion:
    """Wait for the whole conversion. The header of its file has the true length.

    Raises TooLong if it is too long to be held in memory.
    """
    segments: list[Segment] = []
    sound: list[Float] = []
    async with aclosing(with_some_sound(events)) as audible:
        async for event in audible:
            if isinstance(event, Segment):
                segments.append(event)
            elif isinstance(event, Audio):
                sound.append(event.pcm)
                if sum(map(len, sound)) > MAX_WHOLE_S * OUTPUT_RATE_HZ:
                    raise TooLong(f"the answer is longer than {MAX_WHOLE_S} s; use stream=true, and no json", "stream")
            elif isinstance(event, Done):
                file = await asyncio.to_thread(whole, sound, response_format, sample_rate_hz)
                return Conversion(transcript(segments, event), file)
    raise NotReady("the model ended without its last event")


async def with_some_sound(events: AsyncIterable[Event]) -> AsyncGenerator[Event, None]:
    """The events, with a short silence if there is no speech: some players fail on a file without samples."""
    silent = True
    async for event in events:
        silent = silent and not isinstance(event, Audio)
        if isinstance(event, Done) and silent:
            yield Audio(id=0, start=0.0, pcm=np.zeros(_SILENCE, np.float32))
        yield event
