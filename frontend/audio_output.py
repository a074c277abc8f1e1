"""Events of the model `synthesize` as files: whole, or piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Mapping, Sequence
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

Float = NDArray[np.float32]

NO_AUDIO: Float = np.empty(0, np.float32)


@dataclass(frozen=True)
class Speech:
    """A whole speech as a file. `sentences` are the events that begin a sentence or a clause, without their samples."""

    file: bytes
    sentences: Sequence[Audio]
    done: AudioDone


async def speech(events: AsyncGenerator[Event, None], response_format: str) -> Speech:
    """The whole of it, whose header knows its length.

    So all of the sound is held in memory first: the text's 4,096 characters are about 5 minutes, 28 MB (four times
    that at the lowest speed), and no more requests than are admitted do so at a time.
    """
    pieces: list[Float] = []
    sentences: list[Audio] = []
    async with aclosing(events):
        async for event in events:
            if isinstance(event, AudioDone):
                file = await asyncio.to_thread(whole, pieces, response_format)
                return Speech(file, sentences, event)
            if isinstance(event, Audio):
                pieces.append(event.pcm)
                if event.words is not None:
                    sentences.append(replace(event, pcm=NO_AUDIO))
    raise NotReady("the model ended without its last event")


async def pieces(
    events: AsyncIterable[Event], response_format: str, last: type[Event] = AudioDone
) -> AsyncGenerator[tuple[Event, bytes], None]:
    """Each event with what it adds to the file, which may be nothing yet; made only as fast as it is taken."""
    with ThreadPoolExecutor(1, thread_name_prefix="encode") as thread:
        work = partial(asyncio.get_running_loop().run_in_executor, thread)
        encoder = await work(Encoder, response_format)
        try:
            async for event in events:
                if isinstance(event, last):
                    yield event, await work(encoder.finish)
                    return
                yield event, await work(encoder.encode, samples(event))
        finally:
            # In the same thread, so after the piece that it may be at: FFmpeg does not survive both at once.
            await work(encoder.close)
    raise NotReady("the model ended without its last event")


async def sound(
    events: AsyncIterable[Event], response_format: str, last: type[Event] = AudioDone
) -> AsyncGenerator[bytes, None]:
    """The file alone, piece by piece."""
    async with aclosing(pieces(events, response_format, last)) as parts:
        async for _, data in parts:
            if data:
                yield data


async def audio_file(
    events: AsyncGenerator[Event, None], response_format: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The file as a whole."""
    whole = await speech(events, response_format)
    return Response(whole.file, media_type=get_format(response_format).content_type, headers=headers)


def audio_stream(source: Opened[Event], response_format: str, headers: Mapping[str, str] | None = None) -> ByteStream:
    """The file as it is made."""
    return ByteStream(source, sound(source, response_format), get_format(response_format).content_type, headers)


def whole(pieces: list[Float], response_format: str) -> bytes:
    """The file that knows its length."""
    return encode(np.concatenate([NO_AUDIO, *pieces]), response_format)


def samples(event: Event) -> Float:
    """float32 [samples], 24 kHz: none, if the event is without."""
    return event.pcm if isinstance(event, Audio) else NO_AUDIO
