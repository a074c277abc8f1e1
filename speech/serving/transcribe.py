"""The Triton model `transcribe`: sequences of audio chunks in, events out."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speech import contract
from speech.engines import EngineStore, OnnxEngine
from speech.environment import ModelEnvironment
from speech.errors import BadParameter, Cancelled, SpeechError, UnknownModel
from speech.events import Models, TranscriptionEngine
from speech.hearing.file_stream import FileStream
from speech.hearing.live_stream import LiveStream
from speech.hearing.scheduler import TranscriptionScheduler
from speech.hearing.stream import Stream
from speech.hearing.whisper import Whisper
from speech.serving.replies import TritonTranscriptionReply
from speech.serving.requests import parameters, tensor
from speech.types import TranscribeOptions

Float = NDArray[np.float32]


class TranscribeModel:
    """The Triton model `transcribe`: one process, one scheduler, every Whisper engine that `ModelEnvironment` names."""

    def initialize(self, args: dict[str, str]) -> None:
        environment = ModelEnvironment.from_environ(os.environ)
        store, names = EngineStore(environment.engines_dir), environment.whisper_model
        vad = OnnxEngine(store.open("silero-vad").file("model.onnx"), threads=1)
        self._scheduler = TranscriptionScheduler(
            [Whisper.load(store.open(name), environment.beam_size) for name in names], vad
        )
        self._streams: dict[int, tuple[Stream, Iterator[int]]] = {}
        self._scheduler.start()

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            audio = np.array(tensor(request, contract.AUDIO), dtype=np.float32).reshape(-1)
            self._scheduler.submit(
                _Arrival(
                    self,
                    sequence=int(tensor(request, "CORRID").reshape(-1)[0]),
                    audio=audio,
                    first=bool(tensor(request, "START").reshape(-1)[0]),
                    last=bool(tensor(request, "END").reshape(-1)[0]),
                    parameters=parameters(request),
                    sender=request.get_response_sender(),
                )
            )

    def finalize(self) -> None:
        self._scheduler.stop()

    def take(self, arrival: _Arrival) -> None:
        """Handle one request on the scheduler's thread."""
        if arrival.first:
            self._open(arrival)
            return
        known = self._streams.get(arrival.sequence)
        if known is not None:
            stream, indexes = known
            self._push(stream, arrival, TritonTranscriptionReply(arrival.sender, indexes))
            return
        reply = TritonTranscriptionReply(arrival.sender, itertools.count())
        if not arrival.last:
            reply.fail(BadParameter(f"sequence {arrival.sequence} is closed; start a new one"))
        reply.close()

    def _open(self, arrival: _Arrival) -> None:
        indexes = itertools.count()
        reply = TritonTranscriptionReply(arrival.sender, indexes)
        previous = self._streams.get(arrival.sequence)
        if previous is not None and arrival.last and not len(arrival.audio):  # a client that only wants it to stop
            self._scheduler.let_go(previous[0])
        elif previous is not None:
            self._scheduler.fail(previous[0], Cancelled(f"sequence {arrival.sequence} was started again"))
        try:
            parameters = contract.TRANSCRIBE.read_parameters(arrival.parameters)
            if parameters["describe"]:
                reply.send(self._describe())
                reply.close()
                return
            stream = self._stream(arrival.sequence, parameters)
        except SpeechError as error:
            reply.fail(error)
            return
        self._streams[arrival.sequence] = (stream, indexes)
        self._scheduler.add(stream)
        self._push(stream, arrival, reply)

    def _stream(self, sequence: int, parameters: dict[str, Any]) -> Stream:
        options, live = contract.transcribe_options(parameters), contract.live_options(parameters)
        whisper, vad, duration_s = self._choose(options), self._scheduler.vad, parameters["duration_s"]

        def closed() -> None:
            self._forget(sequence, stream)

        stream: Stream
        if live is None:
            stream = FileStream(whisper, vad, options, closed, duration_s)
        else:
            stream = LiveStream(whisper, vad, options, live, closed, duration_s)
        return stream

    def _push(self, stream: Stream, arrival: _Arrival, reply: TritonTranscriptionReply) -> None:
        try:
            stream.push(arrival.audio, reply, arrival.last)
        except SpeechError as error:
            self._scheduler.fail(stream, error)

    def _forget(self, sequence: int, stream: Stream) -> None:
        if self._streams.get(sequence, (None,))[0] is stream:
            del self._streams[sequence]

    def _choose(self, options: TranscribeOptions) -> Whisper:
        models = self._scheduler.models
        whisper = models.get(options.model or self._scheduler.default)
        if whisper is None:
            raise UnknownModel(f"no model {options.model!r}; loaded: {', '.join(models)}", "model")
        languages = whisper.tokenizer.languages
        if options.task == "translate" and not languages:
            raise BadParameter(f"{whisper.name} knows English only and cannot translate", "task")
        if options.language and options.language not in (languages or {"en": 0}):
            raise BadParameter(
                f"{whisper.name} does not know language {options.language!r}; "
                f"allowed: {', '.join(sorted(languages)) or 'en'}",
                "language",
            )
        return whisper

    def _describe(self) -> Models:
        models = self._scheduler.models.values()
        default_first = sorted(models, key=lambda whisper: whisper.name != self._scheduler.default)
        engines = (
            TranscriptionEngine(name=whisper.name, languages=tuple(whisper.tokenizer.languages) or ("en",))
            for whisper in default_first
        )
        return Models(models=tuple(engines))


class _Arrival:
    """A request on its way to the scheduler's thread."""

    def __init__(
        self,
        model: TranscribeModel,
        *,
        sequence: int,
        audio: Float,
        first: bool,
        last: bool,
        parameters: dict[str, Any],
        sender: Any,
    ) -> None:
        self._model = model
        self.sequence = sequence
        self.audio = audio
        self.first = first
        self.last = last
        self.parameters = parameters
        self.sender = sender

    def __call__(self) -> None:
        self._model.take(self)
