"""The Adapter between Triton's Python backend and the domain: the only file that imports triton_python_backend_utils.

`execute()` only enqueues; the scheduler's thread does the work and answers on each request's response sender.
"""

from __future__ import annotations

import itertools
import json
import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import triton_python_backend_utils as pb
from numpy.typing import NDArray

from speech import contract
from speech.engines import EngineStore, OnnxEngine
from speech.errors import BadParameter, Cancelled, EngineUnusable, SpeechError, TooLong, UnknownModel
from speech.kokoro import Kokoro
from speech.live import LiveStream
from speech.prosody import EMOTIONS
from speech.recording import Recording
from speech.scheduler import Scheduler
from speech.speaking import NO_AUDIO, Saying
from speech.stream import Stream
from speech.synthesize import speaker, synthesize
from speech.synthesizer import Sequence, Synthesizer
from speech.types import SPEECH_RATE_HZ, SynthesizeOptions, TranscribeOptions
from speech.voices import ALIASES
from speech.whisper import Whisper

Float = NDArray[np.float32]


class _TritonReply:
    """Answers one Triton request, and completes it once."""

    def __init__(self, sender: Any) -> None:
        self._sender = sender
        self._open = True

    def _send(self, index: int, event: dict[str, Any], text: str, *more: Any) -> None:
        outputs = [
            pb.Tensor(contract.TEXT, np.array([text.encode()], dtype=object)),
            pb.Tensor(contract.EVENT, np.array([json.dumps(event).encode()], dtype=object)),
            pb.Tensor(contract.INDEX, np.array([index], dtype=np.int64)),
        ]
        self._sender.send(pb.InferenceResponse([*more, *outputs]))

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


class TranscriptReply(_TritonReply):
    """Answers one request of `transcribe`; `indexes` numbers the responses of its sequence."""

    def __init__(self, sender: Any, indexes: Iterator[int]) -> None:
        super().__init__(sender)
        self._indexes = indexes

    def send(self, event: dict[str, Any], text: str = "") -> None:
        self._send(next(self._indexes), event, text)


class SpeechReply(_TritonReply):
    """Answers one request of `synthesize`."""

    def send(self, index: int, event: dict[str, Any], text: str, audio: Float) -> None:
        rate = pb.Tensor(contract.SAMPLE_RATE, np.array([SPEECH_RATE_HZ], dtype=np.int32))
        self._send(index, event, text, pb.Tensor(contract.AUDIO, np.ascontiguousarray(audio)), rate)


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
            self._push(stream, arrival, TranscriptReply(arrival.sender, indexes))
            return
        reply = TranscriptReply(arrival.sender, itertools.count())
        if not arrival.last:
            reply.fail(BadParameter(f"sequence {arrival.sequence} is closed; start a new one"))
        reply.close()

    def _open(self, arrival: _Arrival) -> None:
        indexes = itertools.count()
        reply = TranscriptReply(arrival.sender, indexes)
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
            stream = Recording(whisper, vad, options, closed, duration_s)
        else:
            stream = LiveStream(whisper, vad, options, live, closed, duration_s)
        return stream

    def _push(self, stream: Stream, arrival: _Arrival, reply: TranscriptReply) -> None:
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


class SynthesizeModel:
    """The Triton model `synthesize`: one process, one thread, one engine. Its environment: ENGINES_DIR."""

    def initialize(self, args: dict[str, str]) -> None:
        self._kokoro = Kokoro.load(EngineStore(Path(os.environ["ENGINES_DIR"])).open("kokoro"))
        self._synthesizer = Synthesizer(self._kokoro)
        self._anonymous = itertools.count(1)
        # The lexicons, American and British, and ONNX Runtime's memory are seconds that no request should pay.
        for voice in ("af_heart", "bf_emma"):
            with suppress(EngineUnusable):  # the language is not installed: a request for it will say so
                deque(synthesize(self._kokoro, "Hello.", speaker(self._kokoro, SynthesizeOptions(voice))), maxlen=0)
        self._synthesizer.start()

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            reply = SpeechReply(request.get_response_sender())
            sequence = request.correlation_id()
            try:
                self._take(request, sequence, reply)
            except SpeechError as error:
                self._synthesizer.drop(sequence)
                reply.fail(error)

    def finalize(self) -> None:
        self._synthesizer.stop()

    def _take(self, request: Any, sequence: Sequence, reply: SpeechReply) -> None:
        text, event, index = _text(request), _event(request), pb.get_input_tensor_by_name(request, contract.INDEX)
        parameters = json.loads(request.parameters() or "{}")
        if event is None and contract.SYNTHESIZE.read_parameters(parameters)["describe"]:
            self._synthesizer.drop(sequence)
            reply.send(0, self._describe(), "", NO_AUDIO)
            reply.close()
            return
        if not text and event is None:
            raise BadParameter("TEXT is empty and there is no EVENT to send back", contract.TEXT)
        place = 0 if index is None or not sequence else int(index.as_numpy().reshape(-1)[0])
        self._synthesizer.say(sequence or -next(self._anonymous), place, Saying(text, event, parameters, reply))

    def _describe(self) -> dict[str, Any]:
        voices = self._kokoro.voices.described
        model = {
            "name": "kokoro",
            "precisions": self._kokoro.precisions,
            "languages": sorted({voice["language"] for voice in voices.values()}),
            "emotions": {name: emotion.description for name, emotion in EMOTIONS.items()},
            "voices": voices,
            "aliases": ALIASES,
        }
        return {"type": "models", "models": [model]}


def _text(request: Any) -> str:
    text = bytes(_input(request, contract.TEXT).reshape(-1)[0]).decode(errors="replace")
    if len(text) > contract.MAX_TEXT:
        raise TooLong(f"TEXT has {len(text)} characters; at most {contract.MAX_TEXT} are said at once", contract.TEXT)
    return text


def _event(request: Any) -> dict[str, Any] | None:
    tensor = pb.get_input_tensor_by_name(request, contract.EVENT)
    if tensor is None:
        return None
    try:
        event = json.loads(bytes(tensor.as_numpy().reshape(-1)[0]))
    except (ValueError, RecursionError) as error:
        raise BadParameter(f"EVENT is no JSON: {error}", contract.EVENT) from None
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise BadParameter('EVENT must be a JSON object with a "type"', contract.EVENT)
    if not isinstance(event.get("language", ""), str):
        raise BadParameter("EVENT: language must be a string", contract.EVENT)
    return event


def _input(request: Any, name: str) -> NDArray[Any]:
    array: NDArray[Any] = pb.get_input_tensor_by_name(request, name).as_numpy()
    return array
