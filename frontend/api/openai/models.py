"""OpenAI's list of models."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from frontend.openapi.operation import documented, json_answer
from frontend.service import Service
from frontend.state import AppState
from speech.errors import UnknownModel
from speech.events import SynthesisEngine, TranscriptionEngine

Task = Literal["automatic-speech-recognition", "text-to-speech"]
"""Names of the Hugging Face hub."""


class ModelCard(BaseModel):
    """A model in OpenAI's format, and what it does."""

    id: str
    object: Literal["model"] = "model"
    created: int = Field(description="When this server started, in seconds since 1970")
    owned_by: str = "tritone"
    task: Task
    engine: str = Field(description="The engine that it stands for")
    precision: str = Field(description="Precision of the engine; empty: the fastest")
    languages: Sequence[str] = Field(description="Codes of the languages that it understands or speaks")
    endpoints: Sequence[str] = Field(description="Where it can be used")


class ModelList(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelCard]


@documented(json_answer(ModelList))
async def models(request: Request[AppState]) -> Response:
    """List all models: those that transcribe, then those that speak.

    `?task=` lists only those that do `automatic-speech-recognition` or `text-to-speech`.
    """
    cards = await _Cards.read(request)
    task = request.query_params.get("task")
    listed = [card for card in cards.all() if not task or card.task == task]
    return JSONResponse(ModelList(data=listed).model_dump())


@documented(json_answer(ModelCard), errors=(404, 500, 503))
async def model(request: Request[AppState]) -> Response:
    """Describe one model, by any of its names. A name may have slashes, as in openai/whisper-base.

    Without a name, list all models.
    """
    if not request.path_params["name"].strip():
        return await models(request)
    cards = await _Cards.read(request)
    return JSONResponse(cards.find(request.path_params["name"]).model_dump())


class _Cards:
    """The cards of all models of this server."""

    def __init__(
        self, service: Service, created: int, engines: Sequence[TranscriptionEngine], voices: SynthesisEngine
    ) -> None:
        self._names = service.names
        self._created = created
        self._engines = engines
        self._voices = voices

    @classmethod
    async def read(cls, request: Request[AppState]) -> _Cards:
        service = request.state["service"]
        engines, voices = await asyncio.gather(service.models(), service.voices())
        return cls(service, int(request.state["started"]), engines, voices)

    def all(self) -> list[ModelCard]:
        return [
            *map(self._transcription, self._names.transcription_models(self._engines)),
            *map(self._speech, self._names.speech_models(self._voices)),
        ]

    def find(self, name: str) -> ModelCard:
        """Raises: UnknownModel, which lists the names of all models."""
        for card in (self._transcription, self._speech):
            with suppress(UnknownModel):
                return card(name)
        names = ", ".join(card.id for card in self.all())
        raise UnknownModel(f"no model {name[:200]!r}; GET /v1/models lists them: {names}", "model")

    def _transcription(self, name: str) -> ModelCard:
        engine = self._names.transcription_engine(name, self._engines)
        translations = ["/v1/audio/translations"] if engine.is_multilingual else []
        return ModelCard(
            id=name,
            created=self._created,
            task="automatic-speech-recognition",
            engine=engine.name,
            precision="",
            languages=engine.languages,
            endpoints=["/v1/audio/transcriptions", *translations],
        )

    def _speech(self, name: str) -> ModelCard:
        model = self._names.speech_model(name, self._voices)
        return ModelCard(
            id=name,
            created=self._created,
            task="text-to-speech",
            engine=model.engine.name,
            precision=model.precision,
            languages=model.engine.languages,
            endpoints=["/v1/audio/speech"],
        )


ROUTES = [Route("/v1/models", models), Route("/v1/models/{name:path}", model)]
