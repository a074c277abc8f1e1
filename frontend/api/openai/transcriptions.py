"""Whisper's API (whisper-api-server.md) as OpenAI's SDKs speak it: transcriptions and translations."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from frontend.api.openai.transcription_events import TranscriptDelta, TranscriptDone, stream
from frontend.api.openai.transcription_formats import Transcription, VerboseTranscription, render
from frontend.endpoint import Endpoint
from frontend.openapi.operation import Answer, documented, event_answer, json_answer
from frontend.requests.transcription import TranscriptionRequest, TranslationRequest
from frontend.state import AppState

EXAMPLES = {
    "whisper-api-server.md": {"model": "whisper-1", "file": "@/path/to/audio/file.mp3", "response_format": "json"}
}
_ANSWERS = (
    json_answer(Transcription | VerboseTranscription),
    Answer("text/plain"),
    Answer("text/vtt"),
    event_answer(TranscriptDelta | TranscriptDone),
)


@documented(*_ANSWERS, examples=EXAMPLES)
async def transcriptions(request: Request[AppState], wanted: TranscriptionRequest) -> Response:
    """Transcribe a file."""
    return await _answer(request, wanted)


@documented(*_ANSWERS, examples=EXAMPLES)
async def translations(request: Request[AppState], wanted: TranslationRequest) -> Response:
    """Transcribe a file in English, whatever language is spoken in it."""
    return await _answer(request, wanted)


async def _answer(request: Request[AppState], wanted: TranscriptionRequest | TranslationRequest) -> Response:
    service, options = request.state["service"], wanted.transcription_options()
    if wanted.streamed:
        return await stream(service.transcribe(wanted.file.content, options), wanted.logprobs)
    return render(await service.transcript(wanted.file.content, options), wanted)


ROUTES = [
    Route("/v1/audio/transcriptions", Endpoint(TranscriptionRequest, transcriptions), methods=["POST"]),
    Route("/v1/audio/translations", Endpoint(TranslationRequest, translations), methods=["POST"]),
]
