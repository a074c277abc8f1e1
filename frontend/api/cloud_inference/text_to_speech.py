"""POST /api/v1/text-to-speech: a text in, speech out, streamed unless the client asks for the whole file."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from frontend.audio_output import audio_file, audio_stream
from frontend.endpoint import Endpoint
from frontend.openapi.operation import AUDIO, documented
from frontend.requests.speech import TextToSpeechForm
from frontend.state import AppState
from frontend.streams import opened

EXAMPLE = {"text": "Hello, world!", "voice": "alloy", "model": "tts-1", "response_format": "mp3", "speed": "1.0"}


@documented(*AUDIO, examples={"cloud-inference-server.md": EXAMPLE})
async def text_to_speech(request: Request[AppState], wanted: TextToSpeechForm) -> Response:
    """Speak a text."""
    service = request.state["service"]
    events = service.synthesize(wanted.text, wanted.synthesis_options(await wanted.speech_model(service)))
    if not wanted.stream:
        return await audio_file(events, wanted.response_format, wanted.sample_rate)
    return audio_stream(await opened(events), wanted.response_format, wanted.sample_rate)


ROUTES = [Route("/api/v1/text-to-speech", Endpoint(TextToSpeechForm, text_to_speech), methods=["POST"])]
