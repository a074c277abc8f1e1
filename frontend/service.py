"""The service layer: transcription, synthesis, conversation. The API families call this and nothing below it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from frontend.admission import Admission
from frontend.audio_input import decoded_file
from frontend.metrics import Metrics
from frontend.model_names import ModelNames, SpeechModel
from frontend.settings import Settings
from frontend.transcripts import Transcript, transcript
from frontend.triton import Chunk, Triton
from speech.contract import SPEECH_TO_SPEECH, SYNTHESIZE, TRANSCRIBE, Model
from speech.errors import BadParameter, DeadlineExceeded, NotReady
from speech.events import Audio, Done, Event, Models, Segment, SynthesisEngine, TranscriptionEngine
from speech.languages import check_languages
from speech.types import LiveOptions, SynthesizeOptions, TranscribeOptions

AudioChunks = AsyncGenerator[Chunk, None]
"""Chunks of float32 [samples], mono, 16 kHz."""
_REFRESH_AFTER_S = 10.0
"""Age in seconds at which a model's description is requested again."""
_EXPIRES_AFTER_S = 60.0
"""Age in seconds up to which the old description is used while the new one is on its way. That is safe for so long,
because a description changes only when Triton restarts."""
_DESCRIBE_TIMEOUT_S = 30.0
"""Seconds to wait for a model's description. The scheduler answers between two windows of audio, and encoding one
window takes seconds with a large model on a small machine."""


class Service:
    """Transcription and synthesis through Triton. Limits how many requests run and how long, and checks their options.

    All streams are async generators of events. Closing a generator stops the work in Triton.
    """

    def __init__(self, triton: Triton, settings: Settings, metrics: Metrics) -> None:
        self._triton = triton
        self._metrics = metrics
        self.admission = Admission(settings.max_concurrent_requests, settings.max_queued_requests)
        self.names = ModelNames(settings.model_aliases)
        self._timeout_s = settings.request_timeout_s
        self._descriptions: dict[str, tuple[float, Models]] = {}
        """By model name: the time of the answer (time.monotonic()), and the answer."""
        self._pending: dict[str, asyncio.Task[Models]] = {}
        """By model name: the request for a description that is not answered yet."""

    async def models(self) -> tuple[TranscriptionEngine, ...]:
        """The loaded Whisper engines, the default one first. Raises NotReady if Triton does not answer."""
        description = await self._describe(TRANSCRIBE)
        return tuple(engine for engine in description.models if isinstance(engine, TranscriptionEngine))

    async def voices(self) -> SynthesisEngine:
        """The synthesis engine and its voices. Raises NotReady if Triton does not answer."""
        description = await self._describe(SYNTHESIZE)
        return next(engine for engine in description.models if isinstance(engine, SynthesisEngine))

    async def _describe(self, model: Model) -> Models:
        """The model's description of its engines, from the cache while it is fresh.

        There is one request to the model at a time. Callers that need its answer wait for it together.
        """
        answered_at, description = self._descriptions.get(model.name, (float("-inf"), Models(models=())))
        age_s = time.monotonic() - answered_at
        if age_s < _REFRESH_AFTER_S:
            return description
        request = self._pending.get(model.name)
        if request is None:
            request = self._pending[model.name] = asyncio.ensure_future(self._request_description(model))
            request.add_done_callback(_retrieve_exception)
        if age_s < _EXPIRES_AFTER_S:
            return description
        return await asyncio.shield(request)

    async def _request_description(self, model: Model) -> Models:
        try:
            stream = self._triton.stream(model, _each([]), {"describe": True})
            async with asyncio.timeout(_DESCRIBE_TIMEOUT_S), aclosing(stream) as events:
                event = await anext(events)
            if not isinstance(event, Models):
                raise NotReady(f"model {model.name} did not describe itself; it answered {event.type!r}")
            self._descriptions[model.name] = time.monotonic(), event
            return event
        except BaseException as error:
            self._descriptions.pop(model.name, None)
            if isinstance(error, TimeoutError):
                raise NotReady(f"model {model.name} did not answer within {_DESCRIBE_TIMEOUT_S:g} s") from None
            raise
        finally:
            del self._pending[model.name]

    async def model(self, name: str) -> TranscriptionEngine:
        """The engine that `name` stands for. Raises UnknownModel, which lists the names."""
        return self.names.transcription_engine(name, await self.models())

    async def speech_model(self, name: str) -> SpeechModel:
        """The engine and the precision that `name` stands for. Raises UnknownModel, which lists the names."""
        return self.names.speech_model(name, await self.voices())

    def transcribe(self, audio: BinaryIO, options: TranscribeOptions) -> AsyncGenerator[Event, None]:
        """Transcribe a file of any audio format: the events of the model `transcribe` (speech/contract.py).

        Errors of the input (wrong options, audio that cannot be decoded) are raised instead of the first event.
        Raises: BadParameter, UnknownModel, BadAudio, NotReady, DeadlineExceeded.
        """
        return self._file_events(TRANSCRIBE, audio, options, {})

    def synthesize(self, text: str, options: SynthesizeOptions) -> AsyncGenerator[Event, None]:
        """Speak a text: the events of the model `synthesize` (speech/contract.py), with their audio.

        Errors of the input are raised instead of the first event.
        Raises: BadParameter, EngineUnusable, NotReady, DeadlineExceeded.
        """

        @asynccontextmanager
        async def open_stream() -> AsyncIterator[AsyncGenerator[Event, None]]:
            yield self._triton.stream(SYNTHESIZE, _each([text]), asdict(options))

        return self._admitted(SYNTHESIZE, open_stream())

    def converse(
        self, audio: BinaryIO, transcription: TranscribeOptions, synthesis: SynthesizeOptions
    ) -> AsyncGenerator[Event, None]:
        """Transcribe a file and speak its words: the events of the ensemble `speech_to_speech` (speech/contract.py).

        The language of `transcription` is used for both. Raises the errors of `transcribe` and `synthesize`.
        """
        return self._file_events(SPEECH_TO_SPEECH, audio, transcription, asdict(synthesis))

    def _file_events(
        self, model: Model, audio: BinaryIO, transcription: TranscribeOptions, parameters: Mapping[str, Any]
    ) -> AsyncGenerator[Event, None]:
        @asynccontextmanager
        async def open_stream() -> AsyncIterator[AsyncGenerator[Event, None]]:
            checked = await self._checked(transcription)
            async with decoded_file(audio) as chunks:
                yield self._triton.stream(model, chunks, {**parameters, **asdict(checked)})

        return self._admitted(model, open_stream())

    def listen(
        self, chunks: AudioChunks, options: TranscribeOptions, live: LiveOptions, duration_s: float = 0.0
    ) -> AsyncGenerator[Event, None]:
        """Transcribe live audio: the events of the model `transcribe`, until `chunks` end.

        The model stops listening after `duration_s` seconds of audio; 0 means no limit.
        """
        return self._live_events(TRANSCRIBE, chunks, options, {**asdict(live), "duration_s": duration_s})

    def converse_live(
        self,
        chunks: AudioChunks,
        transcription: TranscribeOptions,
        synthesis: SynthesizeOptions,
        live: LiveOptions,
        duration_s: float = 0.0,
    ) -> AsyncGenerator[Event, None]:
        """Transcribe live audio and speak its words: as `listen`, with the events of `speech_to_speech`."""
        parameters = {**asdict(synthesis), **asdict(live), "duration_s": duration_s}
        return self._live_events(SPEECH_TO_SPEECH, chunks, transcription, parameters)

    async def _live_events(
        self, model: Model, chunks: AudioChunks, transcription: TranscribeOptions, parameters: Mapping[str, Any]
    ) -> AsyncGenerator[Event, None]:
        checked = await self._checked(transcription)
        parameters = {**parameters, **asdict(checked), "live": True}
        async with aclosing(self._triton.stream(model, chunks, parameters, live=True)) as events:
            async for event in events:
                self._metrics.count(model, event)
                yield event

    async def _admitted(
        self, model: Model, stream: AbstractAsyncContextManager[AsyncGenerator[Event, None]]
    ) -> AsyncGenerator[Event, None]:
        """Wait for a place, open the stream, and yield its events. Raises DeadlineExceeded when the time is up."""
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        try:
            async with AsyncExitStack() as stack:
                with self._metrics.waiting.track_inprogress():
                    async with asyncio.timeout_at(deadline):
                        await stack.enter_async_context(self.admission.place)
                stack.enter_context(self._metrics.running.track_inprogress())
                started = time.monotonic()
                async with asyncio.timeout_at(deadline):
                    opened = await stack.enter_async_context(stream)
                events = await stack.enter_async_context(aclosing(opened))
                is_first = True
                while True:
                    async with asyncio.timeout_at(deadline):
                        event = await anext(events, None)
                    if event is None:
                        return
                    self._metrics.count(model, event)
                    self._metrics.time(model, event, is_first, time.monotonic() - started)
                    is_first = is_first and not isinstance(event, Segment | Audio)
                    yield event
        except TimeoutError:
            message = f"not done after {self._timeout_s:g} s; send less at once, or try again later"
            raise DeadlineExceeded(message) from None

    async def transcript(self, audio: BinaryIO, options: TranscribeOptions) -> Transcript:
        """Transcribe a file of any audio format, and wait for all of it. Raises the errors of `transcribe`."""
        segments: list[Segment] = []
        async with aclosing(self.transcribe(audio, options)) as events:
            async for event in events:
                if isinstance(event, Segment):
                    segments.append(event)
                elif isinstance(event, Done):
                    return transcript(segments, event)
        raise NotReady("the model's stream ended without its last event; try again")

    async def _checked(self, options: TranscribeOptions) -> TranscribeOptions:
        """The options with the engine's own name. Raises UnknownModel, or BadParameter if the engine cannot do that."""
        model = await self.model(options.model)
        if options.task == "translate" and not model.is_multilingual:
            raise BadParameter(f"model {model.name} understands English only and cannot translate", "model")
        check_languages(options, model.name, model.languages)
        return replace(options, model=model.name)


async def _each(chunks: Iterable[Chunk]) -> AsyncGenerator[Chunk, None]:
    """The chunks as an asynchronous generator, which Triton.stream() needs."""
    for chunk in chunks:
        yield chunk


def _retrieve_exception(task: asyncio.Task[Any]) -> None:
    """Keep asyncio from logging an exception as "never retrieved" when no caller waits for the task any more."""
    if not task.cancelled():
        task.exception()
