"""What the server can do; every API family calls this and nothing below it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from frontend.admission import Admission
from frontend.audio_input import decoded_file
from frontend.settings import Settings
from frontend.transcripts import Transcript, transcript
from frontend.triton import Chunk, Triton
from speech.contract import SPEECH_TO_SPEECH, SYNTHESIZE, TRANSCRIBE, Model
from speech.errors import BadParameter, DeadlineExceeded, NotReady, UnknownModel
from speech.events import Done, Event, Models, Segment, SynthesisEngine, TranscriptionEngine
from speech.types import LiveOptions, SynthesizeOptions, TranscribeOptions

DEFAULT_TRANSCRIPTION_MODEL = "whisper-1"
"""OpenAI's name for Whisper: the first engine of WHISPER_MODEL."""
Sound = AsyncGenerator[Chunk, None]
"""float32 [samples], 16 kHz, chunk by chunk."""
_FRESH_S, _USABLE_S = 10.0, 60.0
"""What a model says of itself is asked again after the first; until it answers, what it said within the second will do,
as it changes only when Triton starts anew."""
_DESCRIBE_TIMEOUT_S = 30.0
"""The scheduler answers between two windows; encoding one takes seconds for a large model on a small machine."""


class Service:
    """Transcription and speech synthesis through Triton: admitted, checked, bounded in time."""

    def __init__(self, triton: Triton, settings: Settings) -> None:
        self._triton = triton
        self.admission = Admission(settings.max_concurrent_requests, settings.max_queued_requests)
        self._timeout_s = settings.request_timeout_s
        self._descriptions: dict[str, tuple[float, Models]] = {}
        self._questions: dict[str, asyncio.Task[Models]] = {}

    async def models(self) -> tuple[TranscriptionEngine, ...]:
        """The loaded engines, the default first; NotReady when Triton cannot say."""
        described = await self._described(TRANSCRIBE)
        return tuple(engine for engine in described.models if isinstance(engine, TranscriptionEngine))

    async def voices(self) -> SynthesisEngine:
        """The engine of speech synthesis with its voices; NotReady when Triton cannot say."""
        described = await self._described(SYNTHESIZE)
        return next(engine for engine in described.models if isinstance(engine, SynthesisEngine))

    async def _described(self, model: Model) -> Models:
        """What the model says of its engines; whoever has to ask waits for the same answer."""
        told, answer = self._descriptions.get(model.name, (float("-inf"), Models(models=())))
        age_s = time.monotonic() - told
        if age_s < _FRESH_S:
            return answer
        question = self._questions.get(model.name)
        if question is None:
            question = self._questions[model.name] = asyncio.ensure_future(self._ask(model))
            question.add_done_callback(lambda asked: asked.cancelled() or asked.exception())
        return answer if age_s < _USABLE_S else await asyncio.shield(question)

    async def _ask(self, model: Model) -> Models:
        question = self._triton.stream(model, _nothing(), {"describe": True})
        try:
            async with asyncio.timeout(_DESCRIBE_TIMEOUT_S), aclosing(question) as events:
                answer = await anext(events)
            if not isinstance(answer, Models):
                raise NotReady(f"model {model.name} does not describe itself; it answered {answer.type!r}")
            self._descriptions[model.name] = time.monotonic(), answer
            return answer
        except BaseException as error:
            self._descriptions.pop(model.name, None)
            if isinstance(error, TimeoutError):
                raise NotReady(f"the model did not answer within {_DESCRIBE_TIMEOUT_S:g} s") from None
            raise
        finally:
            del self._questions[model.name]

    async def model(self, name: str) -> TranscriptionEngine:
        """The engine that `name` stands for; UnknownModel lists what there is."""
        models = await self.models()
        if name in ("", DEFAULT_TRANSCRIPTION_MODEL):
            return models[0]
        for model in models:
            if model.name == name:
                return model
        names = ", ".join([DEFAULT_TRANSCRIPTION_MODEL, *(model.name for model in models)])
        raise UnknownModel(f"no model {name!r}; GET /v1/models lists them: {names}", "model")

    def transcribe(self, audio: BinaryIO, options: TranscribeOptions) -> AsyncGenerator[Event, None]:
        """Events of the model `transcribe` (speech/contract.py) for a file in any format.

        Before the first event the options are checked, a sound was decoded and the model has taken it in: an error of
        the input comes instead of it, and not later.
        """

        return self._file(TRANSCRIBE, audio, options, {})

    def synthesize(self, text: str, options: SynthesizeOptions) -> AsyncGenerator[Event, None]:
        """Events of the model `synthesize` (speech/contract.py), with their audio; errors come before the first."""

        @asynccontextmanager
        async def events() -> AsyncIterator[AsyncGenerator[Event, None]]:
            yield self._triton.stream(SYNTHESIZE, _only(text), asdict(options))

        return self._bounded(events())

    def converse(
        self, audio: BinaryIO, hearing: TranscribeOptions, speaking: SynthesizeOptions
    ) -> AsyncGenerator[Event, None]:
        """Events of the ensemble `speech_to_speech` (speech/contract.py) for a file: errors of the input come before
        the first. The language is that of `hearing`."""

        return self._file(SPEECH_TO_SPEECH, audio, hearing, asdict(speaking))

    def _file(
        self, model: Model, audio: BinaryIO, hearing: TranscribeOptions, parameters: Mapping[str, Any]
    ) -> AsyncGenerator[Event, None]:
        @asynccontextmanager
        async def events() -> AsyncIterator[AsyncGenerator[Event, None]]:
            heard = asdict(await self._checked(hearing))
            async with decoded_file(audio) as pieces:
                yield self._triton.stream(model, pieces, {**parameters, **heard})

        return self._bounded(events())

    def listen(
        self, sound: Sound, options: TranscribeOptions, live: LiveOptions, duration_s: float = 0.0
    ) -> AsyncGenerator[Event, None]:
        """Events of live speech as `transcribe` gives them, for as long as it comes (but for `duration_s`, if any)."""
        return self._live(TRANSCRIBE, sound, options, {**asdict(live), "duration_s": duration_s})

    def converse_live(
        self,
        sound: Sound,
        hearing: TranscribeOptions,
        speaking: SynthesizeOptions,
        live: LiveOptions,
        duration_s: float = 0.0,
    ) -> AsyncGenerator[Event, None]:
        """The same with the answers, as `speech_to_speech` gives them."""
        parameters = {**asdict(speaking), **asdict(live), "duration_s": duration_s}
        return self._live(SPEECH_TO_SPEECH, sound, hearing, parameters)

    async def _live(
        self, model: Model, sound: Sound, hearing: TranscribeOptions, parameters: Mapping[str, Any]
    ) -> AsyncGenerator[Event, None]:
        parameters = {**parameters, **asdict(await self._checked(hearing)), "live": True}
        async with aclosing(self._triton.stream(model, sound, parameters, live=True)) as events:
            async for event in events:
                yield event

    async def _bounded(
        self, opening: AbstractAsyncContextManager[AsyncGenerator[Event, None]]
    ) -> AsyncGenerator[Event, None]:
        """The events of a stream that is opened once there is a place, up to the deadline."""
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout_at(deadline):
                    await stack.enter_async_context(self.admission.place)
                    stream = await stack.enter_async_context(opening)
                events = await stack.enter_async_context(aclosing(stream))
                while True:
                    async with asyncio.timeout_at(deadline):
                        event = await anext(events, None)
                    if event is None:
                        return
                    yield event
        except TimeoutError:
            message = f"not done after {self._timeout_s:g} s; send less at once, or try when there is less to do"
            raise DeadlineExceeded(message) from None

    async def transcript(self, audio: BinaryIO, options: TranscribeOptions) -> Transcript:
        """The whole transcript of a file."""
        segments: list[Segment] = []
        async with aclosing(self.transcribe(audio, options)) as events:
            async for event in events:
                if isinstance(event, Segment):
                    segments.append(event)
                elif isinstance(event, Done):
                    return transcript(segments, event)
        raise NotReady("the model ended without its last event")

    async def _checked(self, options: TranscribeOptions) -> TranscribeOptions:
        """The options with the engine's own name, fit for that engine."""
        model = await self.model(options.model)
        if options.task == "translate" and not model.is_multilingual:
            raise BadParameter(f"model {model.name} knows English only and cannot translate", "model")
        if options.language and options.language not in model.languages:
            known = ", ".join(sorted(model.languages))
            raise BadParameter(f"model {model.name} has no language {options.language!r}; it has: {known}", "language")
        return replace(options, model=model.name)


async def _only(text: str) -> AsyncGenerator[Chunk, None]:
    yield text


async def _nothing() -> AsyncGenerator[Chunk, None]:
    """No chunk at all: for a question that has no input."""
    chunks: tuple[Chunk, ...] = ()
    for chunk in chunks:
        yield chunk
