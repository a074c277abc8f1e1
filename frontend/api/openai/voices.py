"""Lists of voices and of models that speak: openai-tts.md's, and those that Open WebUI and Home Assistant ask for."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.requests.speech import model_names
from frontend.state import AppState
from speech.events import SynthesisEngine


async def voices(request: Request[AppState]) -> Response:
    return JSONResponse({"voices": list(_voices(await request.state["service"].voices()))})


async def models(request: Request[AppState]) -> Response:
    names = model_names(await request.state["service"].voices())
    return JSONResponse({"models": [{"id": name, "name": name} for name in names]})


def _voices(engine: SynthesisEngine) -> Iterator[dict[str, str]]:
    """The default and OpenAI's names, then the engine's own."""
    for name, own in engine.aliases.items():
        if own in engine.voices:
            yield _render(engine, name, own, name.title(), f"{own}: ")
    for name in engine.voices:
        yield _render(engine, name, name, f"{name.partition('_')[2].title()} ({name})")


def _render(engine: SynthesisEngine, name: str, own: str, title: str, prefix: str = "") -> dict[str, str]:
    """`voice_id` is the document's, `id` everybody else's."""
    facts = engine.voices[own]
    return {
        "voice_id": name,
        "id": name,
        "name": title,
        "description": prefix + facts.description,
        "language": facts.language,
        "gender": facts.gender,
    }


ROUTES = [
    Route("/v1/voices", voices),
    Route("/v1/audio/voices", voices),
    Route("/v1/audio/models", models),
]
