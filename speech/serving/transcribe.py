"""The Triton model `transcribe`: sequences of audio chunks in, events out."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

from speech.engines import EngineStore, OnnxEngine
from speech.hearing.scheduler import TranscriptionScheduler
from speech.hearing.whisper import Whisper
from speech.serving.requests import AudioRequest
from speech.serving.sequences import Sequences


class TranscribeModel:
    """The Triton model `transcribe`: one process, one scheduler, every engine named in WHISPER_MODEL.

    Its environment: ENGINES_DIR, WHISPER_MODEL and BEAM_SIZE, as in frontend/settings.py.
    """

    def initialize(self, args: dict[str, str]) -> None:
        store = EngineStore(Path(os.environ["ENGINES_DIR"]))
        names = [name.strip() for name in os.environ["WHISPER_MODEL"].split(",")]
        rows = int(os.environ["BEAM_SIZE"])
        vad = OnnxEngine(store.open("silero-vad").file("model.onnx"), threads=1)
        self._scheduler = TranscriptionScheduler([Whisper.load(store.open(name), rows) for name in names], vad)
        self._sequences = Sequences(self._scheduler)
        self._scheduler.start()

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            self._scheduler.submit(partial(self._sequences.handle, AudioRequest.read(request)))

    def finalize(self) -> None:
        self._scheduler.stop()
