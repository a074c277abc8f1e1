"""The Triton model `synthesize`: texts in, speech out piece by piece."""

from __future__ import annotations

import itertools
import os
from collections import deque
from contextlib import suppress
from typing import Any

from speech import contract
from speech.emotions import EMOTIONS
from speech.engines import EngineStore
from speech.environment import ModelEnvironment
from speech.errors import BadParameter, EngineUnusable, SpeechError
from speech.events import Models, SynthesisEngine
from speech.serving.replies import TritonSynthesisReply
from speech.serving.requests import event_of, optional_tensor, parameters, text_of
from speech.speaking.kokoro import Kokoro
from speech.speaking.scheduler import SequenceId, SynthesisScheduler
from speech.speaking.synthesizer import speaker, synthesize
from speech.speaking.text_queue import SynthesisRequest
from speech.speaking.voices import ALIASES
from speech.types import SynthesizeOptions


class SynthesizeModel:
    """The Triton model `synthesize`: one process, one thread, one engine. It reads `ModelEnvironment`."""

    def initialize(self, args: dict[str, str]) -> None:
        self._kokoro = Kokoro.load(EngineStore(ModelEnvironment.from_environ(os.environ).engines_dir).open("kokoro"))
        self._synthesizer = SynthesisScheduler(self._kokoro)
        self._anonymous = itertools.count(1)
        # The lexicons, American and British, and ONNX Runtime's memory are seconds that no request should pay.
        for voice in ("af_heart", "bf_emma"):
            with suppress(EngineUnusable):  # the language is not installed: a request for it will say so
                deque(synthesize(self._kokoro, "Hello.", speaker(self._kokoro, SynthesizeOptions(voice))), maxlen=0)
        self._synthesizer.start()

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            reply = TritonSynthesisReply(request.get_response_sender())
            sequence = request.correlation_id()
            try:
                self._take(request, sequence, reply)
            except SpeechError as error:
                self._synthesizer.drop(sequence)
                reply.fail(error)

    def finalize(self) -> None:
        self._synthesizer.stop()

    def _take(self, request: Any, sequence: SequenceId, reply: TritonSynthesisReply) -> None:
        text, event, index = text_of(request), event_of(request), optional_tensor(request, contract.INDEX)
        given = parameters(request)
        if event is None and contract.SYNTHESIZE.read_parameters(given)["describe"]:
            self._synthesizer.drop(sequence)
            reply.send(0, self._describe())
            reply.close()
            return
        if not text and event is None:
            raise BadParameter("TEXT is empty and there is no EVENT to send back", contract.TEXT)
        place = 0 if index is None or not sequence else int(index.reshape(-1)[0])
        self._synthesizer.say(sequence or -next(self._anonymous), place, SynthesisRequest(text, event, given, reply))

    def _describe(self) -> Models:
        voices = self._kokoro.voices.described
        engine = SynthesisEngine(
            name="kokoro",
            precisions=tuple(self._kokoro.precisions),
            languages=tuple(sorted({voice.language for voice in voices.values()})),
            emotions={name: emotion.description for name, emotion in EMOTIONS.items()},
            voices=voices,
            aliases=ALIASES,
        )
        return Models(models=(engine,))
