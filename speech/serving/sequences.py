"""The open sequences of `transcribe`: passes each request to the stream of its sequence."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from speech import contract
from speech.errors import BadParameter, Cancelled, SpeechError, UnknownModel
from speech.events import Models, TranscriptionEngine
from speech.hearing.file_stream import FileStream
from speech.hearing.live_stream import LiveStream
from speech.hearing.scheduler import TranscriptionScheduler
from speech.hearing.stream import Stream
from speech.hearing.whisper import Whisper
from speech.languages import check_languages
from speech.serving.replies import TritonTranscriptionReply
from speech.serving.requests import AudioRequest
from speech.types import TranscribeOptions


@dataclass(frozen=True)
class _Sequence:
    stream: Stream
    response_indexes: Iterator[int]


class Sequences:
    """The open sequences by id. Only the scheduler's thread may call `handle`."""

    def __init__(self, scheduler: TranscriptionScheduler) -> None:
        self._scheduler = scheduler
        self._open: dict[int, _Sequence] = {}

    def handle(self, request: AudioRequest) -> None:
        """Start a sequence, or continue one."""
        if request.is_first:
            self._start(request)
        elif request.sequence in self._open:
            sequence = self._open[request.sequence]
            reply = TritonTranscriptionReply(request.sender, sequence.response_indexes)
            self._push(sequence.stream, request, reply)
        else:
            reply = TritonTranscriptionReply(request.sender, itertools.count())
            if not request.is_last:
                reply.fail(BadParameter(f"sequence {request.sequence} is closed; start a new one"))
            reply.close()

    def _start(self, request: AudioRequest) -> None:
        """Start a sequence, or answer `describe`. Either ends an open sequence with the same id."""
        self._end_previous(request)
        indexes = itertools.count()
        reply = TritonTranscriptionReply(request.sender, indexes)
        try:
            parameters = contract.TRANSCRIBE.read_parameters(request.parameters)
            if parameters["describe"]:
                reply.send(self._describe())
                reply.close()
                return
            stream = self._new_stream(request.sequence, parameters)
        except SpeechError as error:
            reply.fail(error)
            return
        self._open[request.sequence] = _Sequence(stream, indexes)
        self._scheduler.add(stream)
        self._push(stream, request, reply)

    def _end_previous(self, request: AudioRequest) -> None:
        """End the open sequence whose id this request starts again, without an error if the client only stops it."""
        previous = self._open.get(request.sequence)
        if previous is None:
            return
        is_only_a_stop = request.is_last and not len(request.audio)
        if is_only_a_stop:
            self._scheduler.let_go(previous.stream)
        else:
            self._scheduler.fail(previous.stream, Cancelled(f"sequence {request.sequence} was started again"))

    def _push(self, stream: Stream, request: AudioRequest, reply: TritonTranscriptionReply) -> None:
        """Give the request's chunk to its stream."""
        try:
            stream.push(request.audio, reply, request.is_last)
        except SpeechError as error:
            self._scheduler.fail(stream, error)

    def _new_stream(self, sequence: int, parameters: dict[str, Any]) -> Stream:
        options, live = contract.transcribe_options(parameters), contract.live_options(parameters)
        whisper, vad, duration_s = self._choose_model(options), self._scheduler.vad, parameters["duration_s"]
        stream: Stream

        def on_closed() -> None:
            self._remove(sequence, stream)

        if live is None:
            stream = FileStream(whisper, vad, options, on_closed, duration_s)
        else:
            stream = LiveStream(whisper, vad, options, live, on_closed, duration_s)
        return stream

    def _remove(self, sequence: int, stream: Stream) -> None:
        """Remove a closed stream, unless its sequence has been started again."""
        if sequence in self._open and self._open[sequence].stream is stream:
            del self._open[sequence]

    def _choose_model(self, options: TranscribeOptions) -> Whisper:
        """The engine that was asked for. Raises: UnknownModel, BadParameter if it cannot do what was asked for."""
        models = self._scheduler.models
        whisper = models.get(options.model or self._scheduler.default)
        if whisper is None:
            raise UnknownModel(f"no model {options.model!r}; loaded: {', '.join(models)}", "model")
        languages = whisper.tokenizer.languages
        if options.task == "translate" and not languages:
            raise BadParameter(f"{whisper.name} knows English only and cannot translate", "task")
        check_languages(options, whisper.name, languages or ("en",))
        whisper.prompt(options.prompt, options.keywords)  # raises if the keywords are too long
        return whisper

    def _describe(self) -> Models:
        """The answer to `describe`."""
        models = self._scheduler.models.values()
        default_first = sorted(models, key=lambda whisper: whisper.name != self._scheduler.default)
        engines = (
            TranscriptionEngine(name=whisper.name, languages=tuple(whisper.tokenizer.languages) or ("en",))
            for whisper in default_first
        )
        return Models(models=tuple(engines))
