"""Replies to Triton requests, sent on their response senders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import triton_python_backend_utils as pb

from speech import contract
from speech.errors import SpeechError
from speech.events import Audio, Event, Final, Segment
from speech.types import OUTPUT_RATE_HZ

NO_AUDIO = np.empty(0, np.float32)


class TritonReply:
    """The reply to one Triton request: any number of responses, then an error or the final flag, once."""

    def __init__(self, sender: Any) -> None:
        self._sender = sender
        self._open = True

    def _send(self, index: int, event: Event, text: str, *further_outputs: Any) -> None:
        outputs = [
            *further_outputs,
            pb.Tensor(contract.TEXT, np.array([text.encode()], dtype=object)),
            pb.Tensor(contract.EVENT, np.array([event.to_json().encode()], dtype=object)),
            pb.Tensor(contract.INDEX, np.array([index], dtype=np.int64)),
        ]
        self._sender.send(pb.InferenceResponse(outputs))

    def fail(self, error: SpeechError) -> None:
        """Send an error and complete the request, unless it is complete."""
        if self._open:
            self._open = False
            response = pb.InferenceResponse([], pb.TritonError(error.wire()))
            self._sender.send(response, flags=pb.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

    def close(self) -> None:
        """Complete the request, unless it is complete."""
        if self._open:
            self._open = False
            self._sender.send(flags=pb.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

    def is_cancelled(self) -> bool:
        """Whether the client has gone and the request is not complete."""
        return bool(self._open and self._sender.is_cancelled())


class TritonTranscriptionReply(TritonReply):
    """The reply to one request of `transcribe`. `indexes` numbers the responses of its whole sequence."""

    def __init__(self, sender: Any, indexes: Iterator[int]) -> None:
        super().__init__(sender)
        self._indexes = indexes

    def send(self, event: Event) -> None:
        """Send an event, with its text in TEXT if it is a finished segment or utterance."""
        text = event.text if isinstance(event, Segment | Final) else ""
        self._send(next(self._indexes), event, text)


class TritonSynthesisReply(TritonReply):
    """The reply to one request of `synthesize`."""

    def send(self, index: int, event: Event) -> None:
        """Send an event, with its samples in AUDIO and its text in TEXT if it is an `audio` event."""
        text, pcm = "", NO_AUDIO
        if isinstance(event, Audio):
            text, pcm = event.text or "", event.pcm
        audio = pb.Tensor(contract.AUDIO, np.ascontiguousarray(pcm))
        rate = pb.Tensor(contract.SAMPLE_RATE, np.array([OUTPUT_RATE_HZ], dtype=np.int32))
        self._send(index, event, text, audio, rate)
