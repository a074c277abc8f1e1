"""The response formats of OpenAI's transcriptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from frontend.transcripts import Transcript
from speech.events import Segment
from speech.hearing.subtitles import srt, vtt
from speech.languages import NAMES
from speech.types import Timestamps


def render(
    transcript: Transcript, response_format: str, granularities: Sequence[Timestamps] = ("segment",)
) -> Response:
    """`transcript` in one of FORMATS; the granularities are those of verbose_json."""
    if response_format == "verbose_json":
        return JSONResponse(_verbose(transcript, granularities))
    return _PLAIN[response_format](transcript)


def _json(transcript: Transcript) -> Response:
    return JSONResponse({"text": transcript.text, "usage": _usage(transcript)})


def _text(transcript: Transcript) -> Response:
    return PlainTextResponse(transcript.text + "\n")


def _srt(transcript: Transcript) -> Response:
    return PlainTextResponse(srt(transcript.segments))


def _vtt(transcript: Transcript) -> Response:
    return PlainTextResponse(vtt(transcript.segments), media_type="text/vtt")


_PLAIN: dict[str, Callable[[Transcript], Response]] = {"json": _json, "text": _text, "srt": _srt, "vtt": _vtt}
FORMATS = (*_PLAIN, "verbose_json")


def _verbose(transcript: Transcript, granularities: Sequence[Timestamps]) -> dict[str, Any]:
    language = "en" if transcript.task == "translate" else transcript.language
    body: dict[str, Any] = {
        "task": transcript.task,
        "language": NAMES.get(language, language),
        "duration": transcript.duration,
        "text": transcript.text,
    }
    if "segment" in granularities:
        body["segments"] = [_segment(segment) for segment in transcript.segments]
    if "word" in granularities:
        body["words"] = [{"word": w.word.strip(), "start": w.start, "end": w.end} for w in transcript.words]
    return body | {"usage": _usage(transcript)}


def _segment(segment: Segment) -> dict[str, Any]:
    return {name: value for name, value in segment.to_dict().items() if name not in ("words", "language")}


def _usage(transcript: Transcript) -> dict[str, Any]:
    return {"type": "duration", "seconds": transcript.duration}
