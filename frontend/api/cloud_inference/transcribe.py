"""POST /api/v1/transcribe: a file in, its text out."""

from __future__ import annotations

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.endpoint import Endpoint
from frontend.openapi.operation import documented, json_answer
from frontend.requests.transcription import TranscribeForm
from frontend.state import AppState


class TextAnswer(BaseModel):
    text: str


EXAMPLE = {
    "file": "@/path/to/your/audiofile.mp3",
    "model": "whisper-1",
    "language": "en",
    "prompt": "This is a conversation about AI",
}
ANSWER_EXAMPLE = {"text": "This is the transcribed text from your audio file."}


@documented(json_answer(TextAnswer, ANSWER_EXAMPLE), examples={"cloud-inference-server.md": EXAMPLE})
async def transcribe(request: Request[AppState], wanted: TranscribeForm) -> Response:
    """Transcribe a file."""
    transcript = await request.state["service"].transcript(wanted.file.content, wanted.transcription_options())
    return JSONResponse(TextAnswer(text=transcript.text).model_dump())


ROUTES = [Route("/api/v1/transcribe", Endpoint(TranscribeForm, transcribe), methods=["POST"])]
