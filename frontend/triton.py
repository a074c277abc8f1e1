"""Triton over gRPC: the only file that imports tritonclient."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Mapping
from contextlib import aclosing, suppress
from typing import Any

import grpc
import numpy as np
from numpy.typing import NDArray
from tritonclient.grpc import InferInput, InferResult
from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.utils import InferenceServerException

from speech.contract import AUDIO, EVENT, INDEX, TEXT, Model
from speech.errors import NotReady, SpeechError
from speech.types import INPUT_RATE_HZ, Event

Float = NDArray[np.float32]
Chunk = Float | str
"""What a model takes piece by piece: sound or text."""

MAX_UNACKNOWLEDGED, MAX_CHUNKS = 60 * INPUT_RATE_HZ, 600
"""Samples, and chunks, of a sequence on their way to the model above which no further chunk is sent."""
_BROKEN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)
"""What gRPC itself says of a connection that ended in the middle of a stream; Triton's own errors are messages."""
HEALTH_TIMEOUT_S = 2.0
LINGER_S = 60.0
"""How long a stream that nobody listens to may take to end by itself."""
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_CHANNEL = [
    ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
    ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
    # By default a channel waits up to two minutes before it looks again for a server that was restarted.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]
_WIRE_START = re.compile(r"\b[a-z_]+(?:\([A-Za-z_.]+\))?: ")


class Triton:
    """A connection to one tritonserver; make it in a running event loop, and close it there."""

    def __init__(self, url: str) -> None:
        self._client = InferenceServerClient(url, channel_args=_CHANNEL)
        self._streams: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Let the streams end that were given up a moment ago, and disconnect."""
        if self._streams:
            await asyncio.wait(self._streams, timeout=HEALTH_TIMEOUT_S)
        await self._client.close()

    async def is_live(self) -> bool:
        return bool(await _or_none(self._client.is_server_live(client_timeout=HEALTH_TIMEOUT_S)))

    async def is_ready(self, model: str) -> bool:
        return bool(await _or_none(self._client.is_model_ready(model, client_timeout=HEALTH_TIMEOUT_S)))

    async def device(self, model: str) -> str | None:
        """What the model runs on, "cuda" or "cpu"; None while Triton cannot say."""
        answer = await _or_none(
            self._client.get_model_config(model, as_json=True, client_timeout=HEALTH_TIMEOUT_S),
        )
        if answer is None:
            return None
        return "cuda" if answer["config"]["instance_group"][0]["kind"] == "KIND_GPU" else "cpu"

    async def stream(
        self, model: Model, chunks: AsyncGenerator[Chunk, None], parameters: Mapping[str, Any], *, live: bool = False
    ) -> AsyncGenerator[Event, None]:
        """Send float32 [samples] chunks (or texts) as one sequence; yield its events in order, up to the last one.

        Closing the generator stops the work in Triton. An error of `chunks` is raised here.
        """
        sequence = _Sequence(self._client, model, parameters)
        receiving = asyncio.ensure_future(sequence.receive())
        self._streams.add(receiving)
        receiving.add_done_callback(self._streams.discard)
        sending = asyncio.ensure_future(sequence.send_live(chunks) if live else sequence.send(chunks))
        done = False
        try:
            async for event in _in_order(sequence.events()):
                done = event.type in model.last_events
                yield event
                if done:
                    return
        finally:
            sending.cancel()
            sequence.finish(done)
            await asyncio.wait({sending})


class _Sequence:
    """One sequence on a gRPC stream of its own.

    The stream is never cancelled, but read to its end, because cancelling one kills the tritonserver of the wheel
    (2.51) about once in a thousand times (server issues 7368 and 8034). Work that nobody wants any more is stopped
    by starting the sequence anew, with a question that is answered at once.
    """

    def __init__(self, client: InferenceServerClient, model: Model, parameters: Mapping[str, Any]) -> None:
        self._model = model
        self._parameters = dict(parameters)
        self._id = secrets.randbits(63) or 1  # protobuf carries it as int64
        self._started = self._ended = False
        self._on_their_way: deque[int] = deque()
        self._acknowledged = asyncio.Event()
        self._requests: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._answers: asyncio.Queue[Event | Exception] = asyncio.Queue()
        self._call = client.stream_infer(self._take_requests())
        self._last_resort: asyncio.TimerHandle | None = None

    async def events(self) -> AsyncIterator[Event]:
        """Events as Triton delivers them; raises what goes wrong in either direction."""
        while True:
            answer = await self._answers.get()
            if isinstance(answer, Exception):
                raise answer
            if answer.type == "progress":
                self._on_their_way.popleft()
                self._acknowledged.set()
            yield answer

    async def send(self, chunks: AsyncGenerator[Chunk, None]) -> None:
        """A request for each chunk; the last one, which is known by looking one ahead, ends the sequence."""
        try:
            async with aclosing(chunks):
                chunk, parameters = await anext(chunks, None), self._parameters
                while True:
                    following = None if chunk is None else await anext(chunks, None)
                    await self._room()
                    self._put(chunk, first=not self._started, last=following is None, parameters=parameters)
                    if following is None:
                        return
                    chunk, parameters = following, {}
        except Exception as error:
            self._answers.put_nowait(error)

    async def send_live(self, chunks: AsyncGenerator[Chunk, None]) -> None:
        """The same without looking ahead, between two requests without sound: the first one has the parameters checked
        before anything is said, the last one ends the sequence."""
        try:
            async with aclosing(chunks):
                await self._room()
                self._put(None, first=True, last=False, parameters=self._parameters)
                async for chunk in chunks:
                    await self._room()
                    self._put(chunk, first=False, last=False, parameters={})
                await self._room()
                self._put(None, first=False, last=True, parameters={})
        except Exception as error:
            self._answers.put_nowait(error)

    async def receive(self) -> None:
        """Read the stream to its end."""
        try:
            async for result, error in self._call:
                self._answers.put_nowait(_event(result) if error is None else _domain_error(error.message()))
            self._answers.put_nowait(NotReady("tritonserver ended the stream before the model was done"))
        except grpc.aio.AioRpcError as error:
            self._answers.put_nowait(_unreachable(error))
        except Exception as error:  # an answer that cannot be read
            self._answers.put_nowait(SpeechError(f"the model's answer makes no sense: {error!r}"))
        finally:
            if self._last_resort is not None:
                self._last_resort.cancel()

    def finish(self, done: bool) -> None:
        """Close the request side; before it stop what is not done, and end what the model was done with too early."""
        if self._started and not (done and self._ended):
            self._put(None, first=True, last=True, parameters={"describe": True})
        self._requests.put_nowait(None)
        self._last_resort = asyncio.get_running_loop().call_later(LINGER_S, self._call.cancel)

    async def _room(self) -> None:
        """Wait while the model has much to take in."""
        while sum(self._on_their_way) > MAX_UNACKNOWLEDGED or len(self._on_their_way) >= MAX_CHUNKS:
            self._acknowledged.clear()
            await self._acknowledged.wait()

    def _put(self, chunk: Chunk | None, *, first: bool, last: bool, parameters: Mapping[str, Any]) -> None:
        request = {
            "model_name": self._model.name,
            "inputs": [_input(self._model, chunk)],
            "sequence_id": self._id,
            "sequence_start": first,
            "sequence_end": last,
            "parameters": parameters,
        }
        self._started, self._ended = True, last
        self._on_their_way.append(0 if chunk is None else len(chunk))
        self._requests.put_nowait(request)

    async def _take_requests(self) -> AsyncIterator[dict[str, Any]]:
        while (request := await self._requests.get()) is not None:
            yield request


def _input(model: Model, chunk: Chunk | None) -> InferInput:
    """The tensor of a chunk, by the model's first input: sound or text."""
    tensor = model.inputs[0]
    if tensor.name == TEXT:
        array = np.array([str(chunk or "").encode()], dtype=object)
        tensor_input = InferInput(tensor.name, [1], "BYTES")
    else:
        array = np.empty(0, np.float32) if chunk is None else np.asarray(chunk)
        tensor_input = InferInput(tensor.name, [len(array)], "FP32")
    tensor_input.set_data_from_numpy(array)
    return tensor_input


async def _in_order(events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    """Events by INDEX: Triton may deliver the responses of a decoupled model out of order."""
    early: dict[int, Event] = {}
    expected = 0
    async for event in events:
        early[event.index] = event
        while expected in early:
            yield early.pop(expected)
            expected += 1


def _event(result: InferResult) -> Event | SpeechError:
    fields = json.loads(result.as_numpy(EVENT)[0])
    if fields["type"] == "error":
        return SpeechError.of(fields["code"], fields["message"], fields["param"])
    return Event(fields.pop("type"), fields, int(result.as_numpy(INDEX)[0]), result.as_numpy(AUDIO))


def _domain_error(message: str) -> SpeechError:
    """The SpeechError inside a message of Triton, which may put its own words in front."""
    for start in _WIRE_START.finditer(message):
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


def _unreachable(error: grpc.aio.AioRpcError) -> SpeechError:
    if error.code() in _BROKEN:
        return NotReady("tritonserver does not answer; it may be starting, try again in a moment")
    return SpeechError(f"gRPC {error.code().name}: {error.details()}")


async def _or_none(question: Awaitable[Any]) -> Any:
    """The answer, or None if there is none."""
    with suppress(InferenceServerException):
        return await question
    return None
