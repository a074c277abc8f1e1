"""Audio files made from the events of synthesis: whole, or streamed piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from starlette.responses import Response

from frontend.streams import ByteStream, Opened
from speech.errors import NotReady
from speech.events import Audio, AudioDone, Event
from speech.sound.encoder import Encoder, encode, get_format
from speech.types import OUTPUT_RATE_HZ

Float = NDArray[np.float32]

NO_AUDIO: Float = np.empty(0, np.float32)


@dataclass(frozen=True)
class Speech:
    """Synthesized speech as a whole file."""

    file: bytes
    sentences: Sequence[Audio]
    """The events that begin a sentence or a clause, without their samples."""
    done: AudioDone


async def speech(
    events: AsyncGenerator[Event, None], response_format: str, sample_rate_hz: int = OUTPUT_RATE_HZ
) -> Speech:
    """Wait for all of the speech, and encode it as a file whose header has its length.

    All audio is held in memory until then: 28 MB for 5 minutes, which 4,096 characters of text take (four times as much
    at the lowest speed). `max_concurrent_requests` limits how many requests do so at a time.
    Raises: the errors of `events`, and NotReady if they end early.
    """
    chunks: list[Float] = []
    sentences: list[Audio] = []
    async with aclosing(events):
        async for event in events:
            if isinstance(event, AudioDone):
                file = await asyncio.to_thread(whole, chunks, response_format, sample_rate_hz)
                return Speech(file, sentences, event)
            if isinstance(event, Audio):
                chunks.append(event.pcm)
                if event.words is not None:
                    sentences.append(replace(event, pcm=NO_AUDIO))
    raise NotReady("the model's stream ended without its last event; try again")


async def pieces(
    events: AsyncIterable[Event],
    response_format: str,
    sample_rate_hz: int = OUTPUT_RATE_HZ,
    last: type[Event] = AudioDone,
) -> AsyncGenerator[tuple[Event, bytes], None]:
    """Yield each event with the bytes that it adds to the file, up to the event of type `last`.

    The bytes may be empty, as encoders hold some audio back. Nothing is encoded before it is asked for.
    Raises: the errors of `events`, and NotReady if they end early.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="encode") as thread:
        work = partial(asyncio.get_running_loop().run_in_executor, thread)
        encoder = await work(Encoder, response_format, sample_rate_hz)
        try:
            async for event in events:
                if isinstance(event, last):
                    yield event, await work(encoder.finish)
                    return
                yield event, await work(encoder.encode, samples(event))
        finally:
            # In the same thread, because FFmpeg crashes if an encoder is closed while it encodes.
            await work(encoder.close)
    raise NotReady("the model's stream ended without its last event; try again")


async def sound(
    events: AsyncIterable[Event],
    response_format: str,
    sample_rate_hz: int = OUTPUT_RATE_HZ,
    last: type[Event] = AudioDone,
) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of the file without the events, otherwise as `pieces`."""
    async with aclosing(pieces(events, response_format, sample_rate_hz, last)) as parts:
        async for _, data in parts:
            if data:
                yield data


async def audio_file(
    events: AsyncGenerator[Event, None], response_format: str, sample_rate_hz: int = OUTPUT_RATE_HZ
) -> Response:
    """A response with the whole file."""
    spoken = await speech(events, response_format, sample_rate_hz)
    return Response(spoken.file, media_type=get_format(response_format).content_type)


def audio_stream(source: Opened[Event], response_format: str, sample_rate_hz: int = OUTPUT_RATE_HZ) -> ByteStream:
    """A response that streams the file while it is made."""
    content = sound(source, response_format, sample_rate_hz)
    return ByteStream(source, content, get_format(response_format).content_type)


def whole(chunks: list[Float], response_format: str, sample_rate_hz: int = OUTPUT_RATE_HZ) -> bytes:
    """Encode chunks of float32 [samples], 24 kHz, as a file whose header has its length."""
    return encode(np.concatenate([NO_AUDIO, *chunks]), response_format, sample_rate_hz)


def samples(event: Event) -> Float:
    """The audio of an event, float32 [samples], 24 kHz; empty if the event has none."""
    return event.pcm if isinstance(event, Audio) else NO_AUDIO
