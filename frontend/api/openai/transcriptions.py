"""Whisper's API (whisper-api-server.md) as OpenAI's SDKs speak it: transcriptions and translations."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from frontend.api.openai.transcription_events import stream
from frontend.api.openai.transcription_formats import FORMATS, render
from frontend.endpoint import FormEndpoint
from frontend.requests.forms import Form
from frontend.requests.options import read_options
from frontend.state import AppState
from speech.errors import BadParameter
from speech.types import Timestamps

OPTIONS = (
    "model",
    "language",
    "prompt",
    "temperature",
    "no_speech_threshold",
    "logprob_threshold",
    "compression_ratio_threshold",
)
GRANULARITIES: tuple[Timestamps, ...] = ("segment", "word")
UNSUPPORTED = {
    "include": "log-probabilities of tokens are not available; verbose_json has avg_logprob for each segment",
    "keywords": "not available; write the words into prompt",
    "languages": "not available; give one language, or none to have it detected",
    "known_speaker_names": "speakers are not told apart",
    "known_speaker_references": "speakers are not told apart",
}
"""Fields of OpenAI's API that would be ignored in silence, and why they are refused instead."""


async def transcriptions(request: Request[AppState], form: Form) -> Response:
    audio, response_format = form.file("file"), form.choice("response_format", FORMATS)
    granularities, streamed = _granularities(form, response_format), _streamed(form, response_format)
    _refuse_unsupported(form)
    options = read_options(form, OPTIONS, timestamps="word" if "word" in granularities else "segment")
    service = request.state["service"]
    if streamed:
        return await stream(request.url.path, service.transcribe(audio, options))
    return render(await service.transcript(audio, options), response_format, granularities)


async def translations(request: Request[AppState], form: Form) -> Response:
    audio, response_format = form.file("file"), form.choice("response_format", FORMATS)
    if form.flag("stream"):
        raise BadParameter("stream is not available for translations", "stream")
    if "word" in form.many("timestamp_granularities"):
        raise BadParameter("words have no times in translations; only segment is available", "timestamp_granularities")
    options = read_options(form, OPTIONS, task="translate")
    return render(await request.state["service"].transcript(audio, options), response_format)


def _granularities(form: Form, response_format: str) -> tuple[Timestamps, ...]:
    name = "timestamp_granularities"
    given = form.many(name)
    for value in given:
        if value not in GRANULARITIES:
            raise BadParameter(f"{name} must be among {', '.join(GRANULARITIES)}; got {value!r}", name)
    if given and response_format != "verbose_json":
        raise BadParameter(f"{name} needs response_format verbose_json; got {response_format!r}", name)
    return tuple(value for value in GRANULARITIES if value in given) or ("segment",)


def _streamed(form: Form, response_format: str) -> bool:
    streamed = form.flag("stream")
    if streamed and response_format not in ("json", "text"):
        raise BadParameter(f"stream=true sends text; response_format {response_format!r} cannot be streamed", "stream")
    return streamed


def _refuse_unsupported(form: Form) -> None:
    for name, reason in UNSUPPORTED.items():
        if form.has(name):
            raise BadParameter(f"{name}: {reason}", name)
    # Speech is always found by a voice activity detector: that is what OpenAI's `auto` asks for.
    form.choice("chunking_strategy", ("auto",))
    if any(name.startswith("chunking_strategy[") for name in form.fields):
        raise BadParameter("chunking_strategy must be auto; its details cannot be set", "chunking_strategy")


ROUTES = [
    Route("/v1/audio/transcriptions", FormEndpoint(transcriptions), methods=["POST"]),
    Route("/v1/audio/translations", FormEndpoint(translations), methods=["POST"]),
]
