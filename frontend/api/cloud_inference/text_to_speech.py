"""POST /api/v1/text-to-speech: a text in, speech out, streamed unless the client asks for the whole."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from frontend.audio_output import audio_file, audio_stream
from frontend.endpoint import FieldsEndpoint
from frontend.requests.speech import FileRequest
from frontend.state import AppState
from frontend.streams import opened


async def text_to_speech(request: Request[AppState], fields: Mapping[str, str]) -> Response:
    wanted, service = FileRequest.read(fields), request.state["service"]
    events = service.synthesize(wanted.text, wanted.options(await service.voices()))
    if not wanted.stream:
        return await audio_file(events, wanted.response_format)
    return audio_stream(await opened(events), wanted.response_format)


ROUTES = [Route("/api/v1/text-to-speech", FieldsEndpoint(text_to_speech), methods=["POST"])]
