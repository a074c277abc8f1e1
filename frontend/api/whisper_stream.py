"""OpenAI's streamed transcription: server-sent events with the text as it is found."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from frontend.errors import envelope
from frontend.transcripts import segment, transcript
from speech.errors import SpeechError
from speech.types import Event, Segment, Transcript

_POSITIONS_PER_S = 50
"""Audio tokens: positions of Whisper's encoder."""


class EventStream(StreamingResponse):
    """Server-sent events that let go of their source however the sending ends."""

    def __init__(self, frames: AsyncGenerator[str, None]) -> None:
        super().__init__(frames, media_type="text/event-stream", headers={"cache-control": "no-cache"})
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._frames):
            await super().__call__(scope, receive, send)


async def stream(path: str, events: AsyncGenerator[Event, None]) -> Response:
    """The answer to a client at `path`. Made after the first event: an error before it is answered with its status."""
    try:
        first = await anext(events)
    except BaseException:
        await events.aclose()
        raise
    return EventStream(_frames(path, first, events))


async def _frames(path: str, event: Event | None, events: AsyncGenerator[Event, None]) -> AsyncGenerator[str, None]:
    segments: list[Segment] = []
    async with aclosing(events):
        try:
            while event is not None:
                if event.type == "segment":
                    segments.append(segment(event))
                    yield _frame({"type": "transcript.text.delta", "delta": _delta(segments)})
                elif event.type == "done":
                    yield _frame(_done(transcript(segments, event)))
                event = await anext(events, None)
        except SpeechError as error:
            yield _frame({"type": "error", **envelope(path, error)})


def _frame(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


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
