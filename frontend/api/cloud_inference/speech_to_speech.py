"""POST /api/v1/speech-to-speech: a file in, a file out."""

from __future__ import annotations

import base64
from contextlib import aclosing

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.api.cloud_inference.conversion import Conversion, converted, with_some_sound
from frontend.audio_output import sound
from frontend.endpoint import Endpoint
from frontend.openapi.operation import AUDIO, documented, json_answer
from frontend.requests.conversation import JSON, ConversionRequest
from frontend.state import AppState
from frontend.streams import ByteStream, Opened, opened
from frontend.transcripts import SegmentAnswer
from speech.events import Done, Event
from speech.sound.encoder import get_format


class ConversionAnswer(BaseModel):
    """The answer of response_format json: the transcript of the input, and the converted audio in base64."""

    text: str
    segments: list[SegmentAnswer]
    language: str
    duration: float = Field(description="Seconds of input")
    audio: str
    format: str = Field(description="Format of the audio")


EXAMPLE = {
    "file": "@/path/to/your/audiofile.mp3",
    "stt_model": "whisper-1",
    "tts_model": "tts-1",
    "voice": "alloy",
    "language": "en",
}


@documented(*AUDIO, json_answer(ConversionAnswer), examples={"cloud-inference-server.md": EXAMPLE})
async def speech_to_speech(request: Request[AppState], wanted: ConversionRequest) -> Response:
    """Transcribe a file and speak its text."""
    service = request.state["service"]
    transcription = await wanted.transcription_options(service)
    events = await opened(
        service.converse(
            wanted.file.content, transcription, wanted.synthesis_options(await wanted.speech_model(service))
        )
    )
    if wanted.response_format != JSON and wanted.stream:
        return _stream(events, wanted)
    async with aclosing(events):
        whole = await converted(events, wanted.file_format, wanted.sample_rate)
    if wanted.response_format == JSON:
        return _json(whole, wanted.file_format)
    return Response(whole.file, media_type=get_format(wanted.file_format).content_type)


def _stream(source: Opened[Event], wanted: ConversionRequest) -> Response:
    content = sound(with_some_sound(source), wanted.file_format, wanted.sample_rate, Done)
    return ByteStream(source, content, get_format(wanted.file_format).content_type)


def _json(whole: Conversion, audio_format: str) -> Response:
    heard = whole.heard
    answer = ConversionAnswer(
        text=heard.text,
        segments=[SegmentAnswer.of(segment) for segment in heard.segments],
        language=heard.language,
        duration=heard.duration,
        audio=base64.b64encode(whole.file).decode(),
        format=audio_format,
    )
    return JSONResponse(answer.model_dump())


ROUTES = [Route("/api/v1/speech-to-speech", Endpoint(ConversionRequest, speech_to_speech), methods=["POST"])]
