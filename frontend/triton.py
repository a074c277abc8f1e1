"""Triton over gRPC: the only file that imports tritonclient."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

import grpc
import numpy as np
from numpy.typing import NDArray
from tritonclient.grpc import InferInput, InferResult
from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.utils import InferenceServerException

from frontend.request_id import current_request_id
from speech.contract import AUDIO, EVENT, INDEX, TEXT, Model
from speech.errors import NotReady, SpeechError
from speech.events import Audio, Event, Failure, Progress, from_json
from speech.types import INPUT_RATE_HZ

Float = NDArray[np.float32]
Chunk = Float | str
"""A piece of a model's input: audio, float32 [samples], or text."""

MAX_UNACKNOWLEDGED = 60 * INPUT_RATE_HZ
"""Samples that may be sent without an acknowledgement (an event `progress`). Above it, sending waits."""
MAX_UNACKNOWLEDGED_CHUNKS = 600
"""The same limit in chunks, for many small ones."""
_CONNECTION_LOST = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)
"""Status codes of gRPC when the connection is lost. Triton's own errors arrive as messages in the stream instead."""
HEALTH_TIMEOUT_S = 2.0
"""Seconds to wait for the answer to a health check and, before disconnecting, for streams that are about to end."""
ABANDONED_STREAM_S = 60.0
"""Seconds an abandoned stream may take to end before it is cancelled."""
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_CHANNEL = [
    ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
    ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
    # The default is to wait up to two minutes before reconnecting to a server that was restarted.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]
_ERROR_START = re.compile(r"\b[a-z_]+(?:\([A-Za-z_.]+\))?: ")
"""Where the text of a SpeechError may start: `code: ` or `code(param): `."""


class Triton:
    """A connection to one tritonserver. Create and close it in the same running event loop."""

    def __init__(self, url: str) -> None:
        self._client = InferenceServerClient(url, channel_args=_CHANNEL)
        self._streams: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Wait up to HEALTH_TIMEOUT_S for abandoned streams to end, and disconnect."""
        if self._streams:
            await asyncio.wait(self._streams, timeout=HEALTH_TIMEOUT_S)
        await self._client.close()

    async def is_live(self) -> bool:
        """Whether tritonserver answers."""
        return bool(await _none_if_it_fails(self._client.is_server_live(client_timeout=HEALTH_TIMEOUT_S)))

    async def is_ready(self, model: str) -> bool:
        """Whether tritonserver has loaded the model."""
        return bool(await _none_if_it_fails(self._client.is_model_ready(model, client_timeout=HEALTH_TIMEOUT_S)))

    async def device(self, model: str) -> str | None:
        """The device that the model runs on, "cuda" or "cpu"; None if Triton does not answer."""
        reply = await _none_if_it_fails(
            self._client.get_model_config(model, as_json=True, client_timeout=HEALTH_TIMEOUT_S),
        )
        if reply is None:
            return None
        return "cuda" if reply["config"]["instance_group"][0]["kind"] == "KIND_GPU" else "cpu"

    async def stream(
        self, model: Model, chunks: AsyncGenerator[Chunk, None], parameters: Mapping[str, Any], *, live: bool = False
    ) -> AsyncGenerator[Event, None]:
        """Send the chunks as one sequence, and yield the model's events in order, up to its last one.

        With `live`, each chunk is sent at once, and the parameters are checked before the first one. Closing the
        generator stops the work in Triton. Raises: the model's SpeechError, NotReady if Triton or the model is not
        there, and errors of `chunks`.
        """
        sequence = _Sequence(self._client, model, parameters)
        receiving = asyncio.ensure_future(sequence.receive())
        self._streams.add(receiving)
        receiving.add_done_callback(self._streams.discard)
        sending = asyncio.ensure_future(sequence.send_live(chunks) if live else sequence.send(chunks))
        done = False
        try:
            async for event in _in_order(sequence.events()):
                done = isinstance(event, model.last_events)
                yield event
                if done:
                    return
        finally:
            sending.cancel()
            sequence.finish(done)
            await asyncio.wait({sending})


class _Sequence:
    """One sequence, on a gRPC stream of its own.

    The stream is read to its end and not cancelled, because cancelling one kills tritonserver 2.51 (the version in the
    wheel) about once in a thousand times (issues 7368 and 8034 of triton-inference-server/server). To stop the work on
    an abandoned stream, the sequence is started again with a request that is answered at once.
    """

    def __init__(self, client: InferenceServerClient, model: Model, parameters: Mapping[str, Any]) -> None:
        self._model = model
        self._parameters = dict(parameters)
        self._id = secrets.randbits(63) or 1  # an int64 in the protocol, and 0 means no sequence
        self._started = self._ended = False
        self._unacknowledged: deque[int] = deque()
        """Length of each chunk that was sent and not acknowledged, in samples (or characters)."""
        self._acknowledged = asyncio.Event()
        self._requests: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._responses: asyncio.Queue[tuple[int, Event] | Exception] = asyncio.Queue()
        self._call = client.stream_infer(self._queued_requests())
        self._cancel_timer: asyncio.TimerHandle | None = None

    async def events(self) -> AsyncIterator[tuple[int, Event]]:
        """Events with their INDEX, in the order of their delivery. Raises errors of sending and of receiving."""
        while True:
            response = await self._responses.get()
            if isinstance(response, Exception):
                raise response
            index, event = response
            if isinstance(event, Progress):
                self._unacknowledged.popleft()
                self._acknowledged.set()
            yield index, event

    async def send(self, chunks: AsyncGenerator[Chunk, None]) -> None:
        """Send a request for each chunk. The last chunk ends the sequence; to know it, one chunk is read ahead."""
        try:
            async with aclosing(chunks):
                chunk, parameters = await anext(chunks, None), self._parameters
                while True:
                    following = None if chunk is None else await anext(chunks, None)
                    await self._wait_for_acknowledgements()
                    self._queue_request(chunk, first=not self._started, last=following is None, parameters=parameters)
                    if following is None:
                        return
                    chunk, parameters = following, {}
        except Exception as error:
            self._responses.put_nowait(error)

    async def send_live(self, chunks: AsyncGenerator[Chunk, None]) -> None:
        """Send a request for each chunk at once, without reading ahead.

        An empty request before the first chunk makes the model check the parameters; another one after the last
        chunk ends the sequence.
        """
        try:
            async with aclosing(chunks):
                await self._wait_for_acknowledgements()
                self._queue_request(None, first=True, last=False, parameters=self._parameters)
                async for chunk in chunks:
                    await self._wait_for_acknowledgements()
                    self._queue_request(chunk, first=False, last=False, parameters={})
                await self._wait_for_acknowledgements()
                self._queue_request(None, first=False, last=True, parameters={})
        except Exception as error:
            self._responses.put_nowait(error)

    async def receive(self) -> None:
        """Read the stream to its end, and queue its responses."""
        try:
            async for result, error in self._call:
                self._responses.put_nowait(_indexed_event(result) if error is None else _domain_error(error.message()))
            self._responses.put_nowait(NotReady("tritonserver ended the stream before the model was done"))
        except grpc.aio.AioRpcError as error:
            self._responses.put_nowait(_connection_error(error))
        except Exception as error:  # a response that cannot be parsed
            self._responses.put_nowait(SpeechError(f"the model's response cannot be read: {error!r}"))
        finally:
            if self._cancel_timer is not None:
                self._cancel_timer.cancel()

    def finish(self, done: bool) -> None:
        """Stop the work unless it is `done`, and close the sending side of the stream.

        A sequence that the model finished before END was sent is ended too, or it would keep its place in Triton.
        """
        if self._started and not (done and self._ended):
            self._queue_request(None, first=True, last=True, parameters={"describe": True})
        self._requests.put_nowait(None)
        self._cancel_timer = asyncio.get_running_loop().call_later(ABANDONED_STREAM_S, self._call.cancel)

    async def _wait_for_acknowledgements(self) -> None:
        """Wait while too much is unacknowledged."""
        while sum(self._unacknowledged) > MAX_UNACKNOWLEDGED or len(self._unacknowledged) >= MAX_UNACKNOWLEDGED_CHUNKS:
            self._acknowledged.clear()
            await self._acknowledged.wait()

    def _queue_request(self, chunk: Chunk | None, *, first: bool, last: bool, parameters: Mapping[str, Any]) -> None:
        request = {
            "model_name": self._model.name,
            "request_id": current_request_id(),
            "inputs": [_input(self._model, chunk)],
            "sequence_id": self._id,
            "sequence_start": first,
            "sequence_end": last,
            "parameters": parameters,
        }
        self._started, self._ended = True, last
        self._unacknowledged.append(0 if chunk is None else len(chunk))
        self._requests.put_nowait(request)

    async def _queued_requests(self) -> AsyncIterator[dict[str, Any]]:
        while (request := await self._requests.get()) is not None:
            yield request


def _input(model: Model, chunk: Chunk | None) -> InferInput:
    """The chunk as the model's first input, which is TEXT or AUDIO."""
    tensor = model.inputs[0]
    if tensor.name == TEXT:
        array = np.array([str(chunk or "").encode()], dtype=object)
        tensor_input = InferInput(tensor.name, [1], "BYTES")
    else:
        array = np.empty(0, np.float32) if chunk is None else np.asarray(chunk)
        tensor_input = InferInput(tensor.name, [len(array)], "FP32")
    tensor_input.set_data_from_numpy(array)
    return tensor_input


async def _in_order(events: AsyncIterator[tuple[int, Event]]) -> AsyncIterator[Event]:
    """Sort events by INDEX. Triton may deliver the responses of a decoupled model out of order."""
    early: dict[int, Event] = {}
    expected = 0
    async for index, event in events:
        early[index] = event
        while expected in early:
            yield early.pop(expected)
            expected += 1


def _indexed_event(result: InferResult) -> tuple[int, Event] | SpeechError:
    """The INDEX and the event of a response, or its error. An `audio` event gets the samples of the tensor AUDIO."""
    event = from_json(result.as_numpy(EVENT)[0])
    if isinstance(event, Failure):
        return SpeechError.of(event.code, event.message, event.param)
    if isinstance(event, Audio):
        event = replace(event, pcm=result.as_numpy(AUDIO))
    return int(result.as_numpy(INDEX)[0]), event


def _domain_error(message: str) -> SpeechError:
    """The SpeechError in an error message of Triton, which may begin with a prefix by Triton."""
    for start in _ERROR_START.finditer(message):
        error = SpeechError.parse(message[start.start() :])
        if type(error) is not SpeechError:
            return error
    if (
        "is not healthy" in message
        or "is not ready" in message
        or "is not found" in message
        or "unavailable" in message
    ):
        return NotReady(f"the model is not loaded ({message})")
    return SpeechError(message)


def _connection_error(error: grpc.aio.AioRpcError) -> SpeechError:
    if error.code() in _CONNECTION_LOST:
        return NotReady("tritonserver does not answer; it may be starting, try again in a moment")
    return SpeechError(f"gRPC {error.code().name}: {error.details()}")


async def _none_if_it_fails(call: Awaitable[Any]) -> Any:
    """The result of a call to tritonserver; None if it does not answer, or answers with an error."""
    with suppress(InferenceServerException):
        return await call
    return None
