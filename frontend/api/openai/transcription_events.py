"""OpenAI's streamed transcription: server-sent events with the text as it is found."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from typing import Any

from starlette.responses import Response

from frontend.errors import envelope
from frontend.streams import EventStream, Opened, frame, opened
from frontend.transcripts import Transcript, transcript
from speech.errors import SpeechError
from speech.events import Done, Event, Segment

_POSITIONS_PER_S = 50
"""Audio tokens: positions of Whisper's encoder."""


async def stream(path: str, events: AsyncGenerator[Event, None]) -> Response:
    """The answer to a client at `path`. Made after the first event: an error before it is answered with its status."""
    source = await opened(events)
    return EventStream(source, _frames(path, source))


async def _frames(path: str, source: Opened[Event]) -> AsyncGenerator[str, None]:
    segments: list[Segment] = []
    try:
        async for event in source:
            if isinstance(event, Segment):
                segments.append(event)
                yield frame({"type": "transcript.text.delta", "delta": _delta(segments)})
            elif isinstance(event, Done):
                yield frame(_done(transcript(segments, event)))
    except SpeechError as error:
        yield frame({"type": "error", **envelope(path, error)})


def _delta(segments: list[Segment]) -> str:
    """The deltas joined are the text of `done`, which begins without a space."""
    newest = segments[-1].text
    return newest.lstrip() if len(segments) == 1 else newest


def _done(whole: Transcript) -> dict[str, Any]:
    heard = math.ceil(whole.duration * _POSITIONS_PER_S)
    written = sum(len(segment.tokens) for segment in whole.segments)
    return {
        "type": "transcript.text.done",
        "text": whole.text,
        "usage": {
            "type": "tokens",
            "input_tokens": heard,
            "output_tokens": written,
            "total_tokens": heard + written,
            "input_token_details": {"audio_tokens": heard, "text_tokens": 0},
        },
    }
