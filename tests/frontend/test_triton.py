"""The connection to Triton, against the real tritonserver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from frontend.triton import MAX_UNACKNOWLEDGED, MAX_UNACKNOWLEDGED_CHUNKS, Triton
from speech.contract import TRANSCRIBE
from speech.errors import BadAudio, BadParameter, NotReady, UnknownModel
from speech.events import Event
from speech.types import INPUT_RATE_HZ
from tritone.ports import free_port

Float = NDArray[np.float32]


@pytest.fixture
async def connection(triton: str) -> AsyncIterator[Triton]:
    connection = Triton(triton)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def pcm(fox: Path) -> Float:
    """The recording `fox` as float32 [samples], 16 kHz."""
    samples, rate = soundfile.read(fox, dtype="float32")
    return np.asarray(soxr.resample(samples, rate, INPUT_RATE_HZ), np.float32)


async def pieces(*chunks: Float) -> AsyncGenerator[Float, None]:
    for chunk in chunks:
        yield chunk


async def collect(events: AsyncGenerator[Event, None]) -> list[Event]:
    async with aclosing(events):
        return [event async for event in events]


async def test_events_of_a_file(connection: Triton, pcm: Float) -> None:
    chunks = np.array_split(pcm, 3)
    events = await collect(connection.stream(TRANSCRIBE, pieces(*chunks), {"language": "en", "temperature": 0.0}))
    kinds = [event.type for event in events]
    assert kinds.count("progress") == 3
    assert kinds[-1] == "done" and kinds.count("done") == 1
    assert "fox" in "".join(event.get("text") for event in events if event.type == "segment")
    assert events[-1].get("duration") == pytest.approx(len(pcm) / INPUT_RATE_HZ, abs=0.01)


async def test_no_audio_at_all(connection: Triton) -> None:
    events = await collect(connection.stream(TRANSCRIBE, pieces(), {}))
    assert events[-1].type == "done"
    assert events[-1].get("duration") == 0


async def test_description(connection: Triton) -> None:
    (event,) = await collect(connection.stream(TRANSCRIBE, pieces(), {"describe": True}))
    assert event.type == "models"
    assert [model.name for model in event.get("models")] == ["whisper-base", "whisper-tiny.en"]


@pytest.mark.parametrize(
    ("parameters", "kind", "param"),
    [
        ({"temperature": 2.0}, BadParameter, "temperature"),
        ({"task": "sing"}, BadParameter, "task"),
        ({"model": "nobody"}, UnknownModel, "model"),
        ({"colour": "red"}, BadParameter, "colour"),
    ],
)
async def test_errors_cross_the_wire(
    connection: Triton, pcm: Float, parameters: dict[str, object], kind: type[Exception], param: str
) -> None:
    with pytest.raises(kind) as caught:
        await collect(connection.stream(TRANSCRIBE, pieces(pcm), parameters))
    assert getattr(caught.value, "param", None) == param


async def test_an_error_of_the_chunks_is_raised(connection: Triton, pcm: Float) -> None:
    async def broken() -> AsyncGenerator[Float, None]:
        yield pcm
        yield pcm
        raise BadAudio("the disc is broken")

    with pytest.raises(BadAudio, match="the disc is broken"):
        await collect(connection.stream(TRANSCRIBE, broken(), {}))


@pytest.mark.parametrize(("chunk", "total"), [(20 * INPUT_RATE_HZ, 10), (INPUT_RATE_HZ // 10, 2000), (1, 2000)])
async def test_unacknowledged_audio_is_limited(connection: Triton, chunk: int, total: int) -> None:
    taken = acknowledged = ahead = 0

    async def silence() -> AsyncGenerator[Float, None]:
        nonlocal taken, ahead
        for _ in range(total):
            taken += 1
            ahead = max(ahead, taken - acknowledged)
            yield np.zeros(chunk, np.float32)

    async with aclosing(connection.stream(TRANSCRIBE, silence(), {"language": "en"})) as events:
        async for event in events:
            acknowledged += event.type == "progress"
    assert acknowledged == total
    # Three chunks above the limit: the one that exceeds it, one read ahead, and one that waits to be sent. Small chunks
    # may be acknowledged out of order, and then their events wait for their turn.
    assert 2 < ahead <= min(MAX_UNACKNOWLEDGED // chunk + 3, MAX_UNACKNOWLEDGED_CHUNKS + 20)


async def test_a_duration_ends_the_sequence(connection: Triton) -> None:
    """Run more sequences than Triton has places for; the model is done with each before its end is sent."""
    forever = asyncio.Event()

    async def endless() -> AsyncGenerator[Float, None]:
        yield np.zeros(INPUT_RATE_HZ, np.float32)
        await forever.wait()

    parameters = {"language": "en", "live": True, "duration_s": 0.5}
    for _ in range(70):
        async with asyncio.timeout(60):
            events = await collect(connection.stream(TRANSCRIBE, endless(), parameters, live=True))
        assert events[-1].type == "done"


async def test_leaving_early_stops_the_work(connection: Triton, pcm: Float, rest: Callable[[], None]) -> None:
    """Abandon more sequences than Triton has places for, each before its end is sent. None may keep its place."""
    forever = asyncio.Event()

    async def endless() -> AsyncGenerator[Float, None]:
        for _ in range(4):
            yield pcm
        await forever.wait()

    async def abandon() -> None:
        async with aclosing(connection.stream(TRANSCRIBE, endless(), {"language": "en"})) as events:
            await anext(events)

    for _ in range(20):
        await asyncio.gather(*(abandon() for _ in range(5)))
    events = await collect(connection.stream(TRANSCRIBE, pieces(pcm), {"language": "en"}))
    assert events[-1].type == "done"
    await asyncio.to_thread(rest)


async def test_a_cancelled_task_is_cancelled(connection: Triton, pcm: Float) -> None:
    task = asyncio.create_task(collect(connection.stream(TRANSCRIBE, pieces(*[pcm] * 20), {"language": "en"})))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_health(connection: Triton) -> None:
    async with asyncio.timeout(60):
        while not (await connection.is_live() and await connection.is_ready(TRANSCRIBE.name)):
            await asyncio.sleep(0.1)
    assert not await connection.is_ready("nobody")
    assert await connection.device(TRANSCRIBE.name) == "cpu"


async def test_no_tritonserver() -> None:
    connection = Triton(f"127.0.0.1:{free_port('127.0.0.1')}")
    assert not await connection.is_live()
    assert not await connection.is_ready(TRANSCRIBE.name)
    assert await connection.device(TRANSCRIBE.name) is None
    with pytest.raises(NotReady, match="does not answer"):
        await collect(connection.stream(TRANSCRIBE, pieces(), {}))
    await connection.close()


async def test_a_model_that_is_not_loaded(connection: Triton) -> None:
    with pytest.raises(NotReady, match="not loaded"):
        await collect(connection.stream(replace(TRANSCRIBE, name="nobody"), pieces(), {}))
