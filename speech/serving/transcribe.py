"""The Triton model `transcribe`: sequences of audio chunks in, events out."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

from speech.engines import EngineStore, OnnxEngine
from speech.environment import ModelEnvironment
from speech.hearing.scheduler import TranscriptionScheduler
from speech.hearing.whisper import Whisper
from speech.serving.requests import AudioRequest
from speech.serving.sequences import Sequences


class TranscribeModel:
    """The Triton model `transcribe`: one process, one scheduler, every Whisper engine that `ModelEnvironment` names."""

    def initialize(self, args: dict[str, str]) -> None:
        environment = ModelEnvironment.from_environ(os.environ)
        store, names = EngineStore(environment.engines_dir), environment.whisper_model
        vad = OnnxEngine(store.open("silero-vad").file("model.onnx"), threads=1)
        self._scheduler = TranscriptionScheduler(
            [Whisper.load(store.open(name), environment.beam_size) for name in names], vad
        )
        self._sequences = Sequences(self._scheduler)
        self._scheduler.start()

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            self._scheduler.submit(partial(self._sequences.handle, AudioRequest.read(request)))

    def finalize(self) -> None:
        self._scheduler.stop()
