"""The Adapter between Triton's Python backend and the domain: the only file that imports triton_python_backend_utils.

`execute()` only enqueues; the scheduler's thread does the work and answers on each request's response sender.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import triton_python_backend_utils as pb
from numpy.typing import NDArray

from speech import contract
from speech.engines import EngineStore, OnnxEngine
from speech.errors import BadParameter, Cancelled, SpeechError, UnknownModel
from speech.scheduler import Scheduler
from speech.stream import Stream
from speech.types import TranscribeOptions
from speech.whisper import Whisper

Float = NDArray[np.float32]


class TritonReply:
    """Answers one Triton request; `indexes` numbers the responses of its sequence."""

    def __init__(self, sender: Any, indexes: Iterator[int]) -> None:
        self._sender = sender
        self._indexes = indexes
        self._open = True

    def send(self, event: dict[str, Any], text: str = "") -> None:
        outputs = [
            pb.Tensor(contract.TEXT, np.array([text.encode()], dtype=object)),
            pb.Tensor(contract.EVENT, np.array([json.dumps(event).encode()], dtype=object)),
            pb.Tensor(contract.INDEX, np.array([next(self._indexes)], dtype=np.int64)),
        ]
        self._sender.send(pb.InferenceResponse(outputs))

    def fail(self, error: SpeechError) -> None:
        if self._open:
            self._open = False
            response = pb.InferenceResponse([], pb.TritonError(error.wire()))
            self._sender.send(response, flags=pb.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._sender.send(flags=pb.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

    def is_cancelled(self) -> bool:
        return bool(self._open and self._sender.is_cancelled())


class TranscribeModel:
    """The Triton model `transcribe`: one process, one scheduler, every engine named in WHISPER_MODEL.

    Its environment: ENGINES_DIR, WHISPER_MODEL and BEAM_SIZE, as in frontend/settings.py.
    """

    def initialize(self, args: dict[str, str]) -> None:
        store = EngineStore(Path(os.environ["ENGINES_DIR"]))
        names = [name.strip() for name in os.environ["WHISPER_MODEL"].split(",")]
        rows = int(os.environ["BEAM_SIZE"])
        vad = OnnxEngine(store.open("silero-vad").file("model.onnx"), threads=1)
        self._scheduler = Scheduler([Whisper.load(store.open(name), rows) for name in names], vad)
        self._streams: dict[int, tuple[Stream, Iterator[int]]] = {}
        self._scheduler.start()

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            audio = np.array(_input(request, contract.AUDIO), dtype=np.float32).reshape(-1)
            self._scheduler.submit(
                _Arrival(
                    self,
                    sequence=int(_input(request, "CORRID").reshape(-1)[0]),
                    audio=audio,
                    first=bool(_input(request, "START").reshape(-1)[0]),
                    last=bool(_input(request, "END").reshape(-1)[0]),
                    parameters=json.loads(request.parameters() or "{}"),
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
            self._push(stream, arrival, TritonReply(arrival.sender, indexes))
            return
        reply = TritonReply(arrival.sender, itertools.count())
        if not arrival.last:
            reply.fail(BadParameter(f"sequence {arrival.sequence} is closed; start a new one"))
        reply.close()

    def _open(self, arrival: _Arrival) -> None:
        indexes = itertools.count()
        reply = TritonReply(arrival.sender, indexes)
        previous = self._streams.get(arrival.sequence)
        if previous is not None:
            self._scheduler.fail(previous[0], Cancelled(f"sequence {arrival.sequence} was started again"))
        try:
            parameters = contract.TRANSCRIBE.read_parameters(arrival.parameters)
            if parameters["describe"]:
                reply.send(self._describe())
                reply.close()
                return
            options = contract.transcribe_options(parameters)
            whisper = self._choose(options)
        except SpeechError as error:
            reply.fail(error)
            return
        stream = Stream(whisper, self._scheduler.vad, options, on_closed=lambda: self._forget(arrival.sequence, stream))
        self._streams[arrival.sequence] = (stream, indexes)
        self._scheduler.add(stream)
        self._push(stream, arrival, reply)

    def _push(self, stream: Stream, arrival: _Arrival, reply: TritonReply) -> None:
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

    def _describe(self) -> dict[str, Any]:
        models = self._scheduler.models.values()
        default_first = sorted(models, key=lambda whisper: whisper.name != self._scheduler.default)
        return {
            "type": "models",
            "models": [{"name": w.name, "languages": list(w.tokenizer.languages) or ["en"]} for w in default_first],
        }


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


def _input(request: Any, name: str) -> NDArray[Any]:
    array: NDArray[Any] = pb.get_input_tensor_by_name(request, name).as_numpy()
    return array
