"""Speech with the times of its words: our own, beside OpenAI's /v1/audio/speech."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.api.openai.speech import is_streamed, unused, usage
from frontend.audio_output import Speech, pieces, speech
from frontend.endpoint import JsonEndpoint
from frontend.errors import envelope
from frontend.requests.speech import SpeechRequest
from frontend.state import AppState
from frontend.streams import EventStream, Opened, frame, opened
from speech.errors import SpeechError
from speech.types import Event


async def captions(request: Request[AppState], fields: Mapping[str, Any]) -> Response:
    wanted = SpeechRequest.read(fields)
    service = request.state["service"]
    events = service.synthesize(wanted.input, wanted.options(await service.voices()))
    if is_streamed(request, wanted):
        source = await opened(events)
        return EventStream(source, _frames(request.url.path, source, wanted), unused(wanted))
    whole = await speech(events, wanted.response_format)
    sentences = _within_sound(whole, wanted.trailing_silence_s)
    body = {
        "audio": _base64(whole.file),
        "format": wanted.response_format,
        **whole.done,
        "text": wanted.input,
        "words": [word for sentence in sentences for word in sentence["words"]],
        "segments": list(map(_segment, sentences)),
    }
    return JSONResponse(body, headers=unused(wanted))


async def _frames(path: str, source: Opened[Event], wanted: SpeechRequest) -> AsyncGenerator[str, None]:
    """Words come with the first sound of their sentence, and so before their own."""
    try:
        async with aclosing(pieces(source, wanted.response_format)) as parts:
            async for event, data in parts:
                fields, begins = event.fields, "words" in event.fields
                if data or begins:
                    about = {"words": fields["words"], "segments": [_segment(fields)]} if begins else _NO_WORDS
                    yield frame({"type": "speech.audio.delta", "audio": _base64(data), **about})
                if event.type == "audio_done":
                    used = usage(wanted.input, fields["duration"])
                    yield frame({"type": "speech.audio.done", **fields, "usage": used})
    except SpeechError as error:
        yield frame({"type": "error", **envelope(path, error)})


def _within_sound(whole: Speech, trailing_silence_s: float) -> list[Mapping[str, Any]]:
    """The sentences, with no word that ends after the sound of its sentence.

    Kokoro counts the silence after a last word to it, which is cut off; a stream has told the times by then.
    """
    starts = [sentence["start"] for sentence in whole.sentences[1:]]
    ends = [*starts, max(0.0, round(whole.done["duration"] - trailing_silence_s, 3))]
    return [
        {**sentence, "words": [{**word, "end": min(word["end"], end)} for word in sentence["words"]]}
        for sentence, end in zip(whole.sentences, ends, strict=False)
    ]


_NO_WORDS: Mapping[str, Any] = {"words": [], "segments": []}


def _segment(sentence: Mapping[str, Any]) -> dict[str, Any]:
    """A sentence or a clause: `start` and `end` are seconds of the speech, `text_start` and `text_end` characters."""
    words = sentence["words"]
    times = {"start": words[0]["start"], "end": words[-1]["end"]}
    return {"id": sentence["id"], **times, **{name: sentence[name] for name in ("text", "text_start", "text_end")}}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


ROUTES = [Route("/v1/audio/speech/captions", JsonEndpoint(captions), methods=["POST"])]
