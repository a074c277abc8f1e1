"""The Triton model `synthesize`: text in, speech out, chunk by chunk."""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from typing import Any

from speech import contract
from speech.emotions import EMOTIONS
from speech.engines import EngineStore
from speech.environment import ModelEnvironment
from speech.errors import BadParameter, EngineUnusable, SpeechError
from speech.events import Models, SynthesisEngine
from speech.serving.replies import TritonSynthesisReply
from speech.serving.requests import raw_parameters, read_event, read_index, read_text
from speech.speaking.kokoro import Kokoro
from speech.speaking.scheduler import SequenceId, SynthesisScheduler
from speech.speaking.synthesizer import resolve_options, synthesize
from speech.speaking.text_queue import SynthesisRequest
from speech.speaking.voices import ALIASES
from speech.types import SynthesizeOptions

WARM_UP_VOICES = ("af_heart", "bf_emma")
"""An American and a British voice, because each loads a lexicon of its own."""


class SynthesizeModel:
    """The Triton model `synthesize`: one process, one thread, one engine. It reads `ModelEnvironment`."""

    def initialize(self, args: dict[str, str]) -> None:
        environment = ModelEnvironment.from_environ(os.environ)
        self._kokoro = Kokoro.load(EngineStore(environment.engines_dir).open("kokoro"))
        self._scheduler = SynthesisScheduler(self._kokoro)
        self._negative_ids = itertools.count(-1, -1)
        self._warm_up()
        self._scheduler.start()

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            reply = TritonSynthesisReply(request.get_response_sender())
            sequence = request.correlation_id()
            try:
                self._handle(request, sequence, reply)
            except SpeechError as error:
                self._scheduler.close_sequence(sequence)
                reply.fail(error)

    def finalize(self) -> None:
        self._scheduler.stop()

    def _warm_up(self) -> None:
        """Speak once, so that no request waits seconds for lexicons to load and ONNX Runtime to allocate memory."""
        for voice in WARM_UP_VOICES:
            with suppress(EngineUnusable):  # the language is not installed; a request for it will get this error
                options = resolve_options(self._kokoro, SynthesizeOptions(voice))
                for _ in synthesize(self._kokoro, "Hello.", options):
                    pass

    def _handle(self, request: Any, sequence: SequenceId, reply: TritonSynthesisReply) -> None:
        """Answer a question for `describe`, or hand the request to the scheduler."""
        text, event, index = read_text(request), read_event(request), read_index(request)
        parameters = raw_parameters(request)
        if event is None and contract.SYNTHESIZE.read_parameters(parameters)["describe"]:
            self._scheduler.close_sequence(sequence)
            reply.send(0, self._describe())
            reply.close()
            return
        if not text and event is None:
            raise BadParameter("TEXT is empty and there is no EVENT to send back", contract.TEXT)
        if not sequence:  # a single request: the scheduler gets an id that no client can have chosen
            sequence, index = next(self._negative_ids), 0
        self._scheduler.submit(sequence, index, SynthesisRequest(text, event, parameters, reply))

    def _describe(self) -> Models:
        """The answer to `describe`."""
        voices = self._kokoro.voices.facts
        engine = SynthesisEngine(
            name="kokoro",
            precisions=tuple(self._kokoro.precisions),
            languages=tuple(sorted({voice.language for voice in voices.values()})),
            emotions={name: emotion.description for name, emotion in EMOTIONS.items()},
            voices=voices,
            aliases=ALIASES,
        )
        return Models(models=(engine,))
