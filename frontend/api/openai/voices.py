"""Lists of voices and of models that speak: openai-tts.md's, and those that Open WebUI and Home Assistant ask for."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.openapi.operation import documented, json_answer
from frontend.requests.schema import Schema
from frontend.state import AppState
from speech.events import SynthesisEngine


class VoiceCard(BaseModel):
    """A voice. `voice_id` is the document's name for its id, `id` is that of most clients."""

    voice_id: str
    id: str = ""
    name: str
    description: str
    language: str = Field("", description="Language tag, as in en-us")
    gender: str = ""


class VoiceList(BaseModel):
    """With `legacy`, `voices` are only the ids."""

    voices: list[VoiceCard] | list[str]


class VoicesQuery(Schema):
    """The query of the list of voices."""

    legacy: bool = Field(False, description="List only the ids, as Kokoro-FastAPI did before 0.3")


class SpeechModelCard(BaseModel):
    id: str
    name: str


class SpeechModelList(BaseModel):
    models: list[SpeechModelCard]


VOICES_EXAMPLE = {"voices": [{"voice_id": "default", "name": "Default", "description": "Base model voice"}]}


@documented(json_answer(VoiceList, VOICES_EXAMPLE), errors=(400, 500, 503), query=VoicesQuery)
async def voices(request: Request[AppState]) -> Response:
    """List all voices: the default and OpenAI's names, then the engine's own."""
    wanted = VoicesQuery.read(request.query_params)
    cards = list(_voices(await request.state["service"].voices()))
    answer = VoiceList(voices=[card.id for card in cards] if wanted.legacy else cards)
    return JSONResponse(answer.model_dump())


@documented(json_answer(SpeechModelList))
async def models(request: Request[AppState]) -> Response:
    """List the models that speak."""
    service = request.state["service"]
    names = service.names.speech_models(await service.voices())
    return JSONResponse(SpeechModelList(models=[SpeechModelCard(id=name, name=name) for name in names]).model_dump())


def _voices(engine: SynthesisEngine) -> Iterator[VoiceCard]:
    for name, own in engine.aliases.items():
        if own in engine.voices:
            yield _card(engine, name, own, name.title(), f"{own}: ")
    for name in engine.voices:
        yield _card(engine, name, name, f"{name.partition('_')[2].title()} ({name})")


def _card(engine: SynthesisEngine, name: str, own: str, title: str, prefix: str = "") -> VoiceCard:
    facts = engine.voices[own]
    return VoiceCard(
        voice_id=name,
        id=name,
        name=title,
        description=prefix + facts.description,
        language=facts.language,
        gender=facts.gender,
    )


ROUTES = [
    Route("/v1/voices", voices),
    Route("/v1/audio/voices", voices),
    Route("/v1/audio/models", models),
]
