"""The speech-to-text and text-to-speech API (stt-tts.md)."""

from __future__ import annotations

import base64

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.audio_output import speech
from frontend.endpoint import Endpoint
from frontend.envelopes import ErrorEnvelope
from frontend.family import Family
from frontend.openapi.operation import documented, json_answer
from frontend.requests.speech import TextToSpeechRequest
from frontend.requests.transcription import SpeechToTextForm
from frontend.state import AppState


class TranscriptAnswer(BaseModel):
    transcript: str
    model: str = Field(description="As the client named it")


class SpeechAnswer(BaseModel):
    audio_base64: str
    model: str = Field(description="As the client named it")
    voice: str = Field(description="As the client named it")


FORM = {"audio": "@audio_file.mp3", "model": "whisper-1"}
TRANSCRIPT = {"transcript": "Transcribed text from audio", "model": "whisper-1"}
TEXT = {"text": "Hello, world!", "model": "tts-1", "voice": "alloy"}
SPEECH = {"audio_base64": "base64_encoded_audio_data", "model": "tts-1", "voice": "alloy"}


@documented(json_answer(TranscriptAnswer, TRANSCRIPT), examples={"stt-tts.md": FORM})
async def speech_to_text(request: Request[AppState], wanted: SpeechToTextForm) -> Response:
    """Transcribe a file."""
    transcript = await request.state["service"].transcript(wanted.audio.content, wanted.transcription_options())
    return JSONResponse(TranscriptAnswer(transcript=transcript.text, model=wanted.model).model_dump())


@documented(json_answer(SpeechAnswer, SPEECH), examples={"stt-tts.md": TEXT})
async def text_to_speech(request: Request[AppState], wanted: TextToSpeechRequest) -> Response:
    """Speak a text."""
    service = request.state["service"]
    events = service.synthesize(wanted.text, wanted.synthesis_options(await wanted.speech_model(service)))
    whole = await speech(events, wanted.response_format, wanted.sample_rate)
    audio = base64.b64encode(whole.file).decode()
    return JSONResponse(SpeechAnswer(audio_base64=audio, model=wanted.model, voice=wanted.voice).model_dump())


# Both spellings: a redirect from one to the other would make clients send the body twice, or lose it.
FAMILY = Family(
    "STT and TTS",
    prefixes=("/api/stt", "/api/tts"),
    routes=[
        Route("/api/stt/", Endpoint(SpeechToTextForm, speech_to_text), methods=["POST"]),
        Route("/api/stt", Endpoint(SpeechToTextForm, speech_to_text), methods=["POST"]),
        Route("/api/tts/", Endpoint(TextToSpeechRequest, text_to_speech), methods=["POST"]),
        Route("/api/tts", Endpoint(TextToSpeechRequest, text_to_speech), methods=["POST"]),
    ],
    envelope=ErrorEnvelope,
)
