"""OpenAI's streamed transcription: server-sent events that carry the text as it is found."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from frontend.api.openai.transcription_formats import LanguageAnswer, Logprob, languages
from frontend.streams import EventStream, Opened, opened
from frontend.transcripts import Transcript, transcript
from speech.events import Done, Event, Segment
from speech.token_logprobs import lstripped

_POSITIONS_PER_S = 50
"""Positions of Whisper's encoder, which count as audio tokens."""


class TranscriptDelta(BaseModel):
    """New text; all deltas joined are the text of the last event."""

    type: Literal["transcript.text.delta"]
    delta: str
    logprobs: list[Logprob] = Field(default=[], description="If asked for by include")


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
    languages: list[LanguageAnswer] = Field(description="The language that is spoken; empty without speech")
    logprobs: list[Logprob] = Field(default=[], description="If asked for by include")
    usage: TokenUsage


async def stream(events: AsyncGenerator[Event, None], logprobs: bool) -> Response:
    """The streamed answer. It starts after the first event, so that an earlier error is sent with its own status."""
    source = await opened(events)
    return EventStream(source, _events(source, logprobs))


async def _events(source: Opened[Event], logprobs: bool) -> AsyncGenerator[dict[str, Any], None]:
    segments: list[Segment] = []
    async for event in source:
        if isinstance(event, Segment):
            segments.append(event)
            yield _delta(segments, logprobs).model_dump(exclude_unset=True)
        elif isinstance(event, Done):
            yield _done(transcript(segments, event), logprobs).model_dump(exclude_unset=True)


def _delta(segments: list[Segment], logprobs: bool) -> TranscriptDelta:
    """The newest text. The first delta has no leading space, as the whole text has none."""
    newest, is_first = segments[-1], len(segments) == 1
    text = newest.text.lstrip() if is_first else newest.text
    if not logprobs:
        return TranscriptDelta(type="transcript.text.delta", delta=text)
    tokens = newest.logprobs or ()
    kept = lstripped(tokens) if is_first else tokens
    return TranscriptDelta(type="transcript.text.delta", delta=text, logprobs=Logprob.all_of(kept))


def _done(whole: Transcript, logprobs: bool) -> TranscriptDone:
    heard = math.ceil(whole.duration * _POSITIONS_PER_S)
    written = sum(len(segment.tokens) for segment in whole.segments)
    usage = TokenUsage(
        type="tokens",
        input_tokens=heard,
        output_tokens=written,
        total_tokens=heard + written,
        input_token_details=InputTokens(audio_tokens=heard, text_tokens=0),
    )
    details = {"logprobs": Logprob.all_of(whole.logprobs)} if logprobs else {}
    return TranscriptDone.model_validate(
        {
            "type": "transcript.text.done",
            "text": whole.text,
            "languages": languages(whole),
            **details,
            "usage": usage,
        }
    )
