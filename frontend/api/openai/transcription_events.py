"""OpenAI's streamed transcription: server-sent events that carry the text as it is found."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from typing import Any, Literal

from pydantic import BaseModel
from starlette.responses import Response

from frontend.streams import EventStream, Opened, opened
from frontend.transcripts import Transcript, transcript
from speech.events import Done, Event, Segment

_POSITIONS_PER_S = 50
"""Positions of Whisper's encoder, which count as audio tokens."""


class TranscriptDelta(BaseModel):
    """New text; all deltas joined are the text of the last event."""

    type: Literal["transcript.text.delta"]
    delta: str


class InputTokens(BaseModel):
    audio_tokens: int
    text_tokens: int


class TokenUsage(BaseModel):
    """Input tokens are positions of Whisper's encoder, 20 ms each; output tokens are Whisper's tokens."""

    type: Literal["tokens"]
    input_tokens: int
    output_tokens: int
    total_tokens: int
    input_token_details: InputTokens


class TranscriptDone(BaseModel):
    """The last event."""

    type: Literal["transcript.text.done"]
    text: str
    usage: TokenUsage


async def stream(events: AsyncGenerator[Event, None]) -> Response:
    """The streamed answer. It starts after the first event, so that an earlier error is sent with its own status."""
    source = await opened(events)
    return EventStream(source, _events(source))


async def _events(source: Opened[Event]) -> AsyncGenerator[dict[str, Any], None]:
    segments: list[Segment] = []
    async for event in source:
        if isinstance(event, Segment):
            segments.append(event)
            yield {"type": "transcript.text.delta", "delta": _delta(segments)}
        elif isinstance(event, Done):
            yield _done(transcript(segments, event))


def _delta(segments: list[Segment]) -> str:
    """The newest text. The first delta has no leading space, as the whole text has none."""
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
