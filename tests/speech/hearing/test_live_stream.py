"""A live stream without a scheduler: real sound and VAD, results that the test makes up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from speech.engines import EngineStore, OnnxEngine
from speech.events import Event
from speech.hearing.admission import Urgency
from speech.hearing.decoding import Hypothesis
from speech.hearing.live_stream import LiveStream
from speech.hearing.stream import BACKLOG
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import Decoded, WindowTask
from speech.sound import decoder
from speech.types import LiveOptions, TranscribeOptions

Float = NDArray[np.float32]

RATE = 16_000


class Kept:
    """A reply that keeps the events."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.closed = False

    def send(self, event: Event) -> None:
        self.events.append({"type": event.type, **event.to_dict()})

    def fail(self, error: Exception) -> None:
        raise error

    def close(self) -> None:
        self.closed = True

    def is_cancelled(self) -> bool:
        return False


@pytest.fixture(scope="module")
def whisper(engines_dir: Path) -> Whisper:
    return Whisper.load(EngineStore(engines_dir).open("whisper-tiny.en"))


Open = Callable[..., LiveStream]


@pytest.fixture
def reply() -> Kept:
    return Kept()


@pytest.fixture
def start(whisper: Whisper, engines_dir: Path) -> Open:
    vad = OnnxEngine(EngineStore(engines_dir).open("silero-vad").file("model.onnx"), threads=1)

    def start(**options: Any) -> LiveStream:
        return LiveStream(whisper, vad, TranscribeOptions(), LiveOptions(**options), on_closed=lambda: None)

    return start


@pytest.fixture(scope="module")
def fox(samples: dict[str, Any]) -> Float:
    with samples["en-fox.wav"].path.open("rb") as file:
        return np.concatenate(list(decoder.decode(file)))


SILENCE = np.zeros(RATE, np.float32)


def hear(stream: LiveStream, reply: Kept, sound: Float, last: bool = False) -> None:
    stream.push(sound, reply, last)
    stream.listen()
    stream.report()


def result(stream: LiveStream, task: WindowTask, text: str, logprob: float = -0.2, no_speech: float = 0.0) -> Decoded:
    """What the decoder would say: `text`, spoken evenly over the window."""
    tokenizer = stream.whisper.tokenizer
    tokens = [tokenizer.timestamp_begin, *tokenizer.encode(" " + text)]
    frames = round(task.duration_s / 0.02)
    attention = []
    for at in range(len(tokens)):
        row = np.zeros((1, frames), np.float32)
        row[0, at * frames // len(tokens) : (at + 1) * frames // len(tokens)] = 1
        attention.append(row)
    return Decoded(Hypothesis(tokens, [logprob] * (len(tokens) + 1), attention, ended=True), text, 0.0, no_speech)


def partial(stream: LiveStream, text: str, **figures: float) -> None:
    task = stream.next_task(0)
    assert stream.in_flight == 1
    stream.settle(task, result(stream, task, text, **figures))


def kinds(reply: Kept) -> list[str]:
    return [event["type"] for event in reply.events if event["type"] != "progress"]


def test_a_newer_partial_replaces_an_older_one_that_waits(start: Open, reply: Kept, fox: Float) -> None:
    stream = start()
    hear(stream, reply, fox[: 2 * RATE])
    assert stream.urgency is Urgency.PARTIAL
    task = stream.next_task(0)
    assert task.duration_s > 1.5
    assert stream.urgency is None


def test_the_final_drops_the_partial_that_is_being_made(start: Open, reply: Kept, fox: Float) -> None:
    stream = start()
    hear(stream, reply, fox[:RATE])
    running = stream.next_task(0)
    hear(stream, reply, np.concatenate([fox[RATE:], SILENCE]))
    assert running.obsolete
    assert stream.in_flight == 0
    assert stream.urgency is Urgency.FINAL
    assert not stream.next_task(1).obsolete


def test_what_two_partials_agree_on_is_forced_from_then_on(start: Open, reply: Kept, fox: Float) -> None:
    stream = start()
    hear(stream, reply, fox[: RATE * 3 // 2])
    partial(stream, "The quick brown box")
    hear(stream, reply, fox[RATE * 3 // 2 : RATE * 5 // 2])
    partial(stream, "The quick brown fox jumped over the")
    hear(stream, reply, np.concatenate([fox[RATE * 5 // 2 :], SILENCE]), last=True)
    task = stream.next_task(0)
    assert stream.whisper.tokenizer.decode(task.prefix.tokens) == " The quick brown"
    stream.settle(task, result(stream, task, "The quick brown fox jumps over the lazy dog."))
    stream.report()
    partials = [event for event in reply.events if event["type"] == "partial"]
    assert [(event["text"], event["stable"]) for event in partials] == [
        ("The quick brown box", ""),
        ("The quick brown fox jumped over the", "The quick brown"),
    ]
    assert kinds(reply) == ["speech_started", "partial", "partial", "speech_stopped", "final", "done"]
    assert reply.closed


def test_stable_words_stay_when_the_final_hears_nothing(start: Open, reply: Kept, fox: Float) -> None:
    stream = start()
    hear(stream, reply, fox[: RATE * 3 // 2])
    partial(stream, "The quick brown box")
    hear(stream, reply, fox[RATE * 3 // 2 : RATE * 5 // 2])
    partial(stream, "The quick brown fox jumped over the")
    hear(stream, reply, SILENCE, last=True)
    task = stream.next_task(0)
    while (rest := result(stream, task, "The quick brown noise", logprob=-3.0, no_speech=0.9)) is not None:
        stream.settle(task, rest)
        if stream.urgency is None:
            break
        task = stream.next_task(0)
    stream.report()
    assert [event["text"] for event in reply.events if event["type"] == "final"] == ["The quick brown"]


def test_marks_alone_are_not_stable(start: Open, reply: Kept, fox: Float) -> None:
    stream = start()
    hear(stream, reply, fox[: RATE * 3 // 2])
    partial(stream, "... yes yes")
    hear(stream, reply, fox[RATE * 3 // 2 : RATE * 5 // 2])
    partial(stream, "... no no no no")
    stream.report()
    partials = [event for event in reply.events if event["type"] == "partial"]
    assert [(event["text"], event["stable"]) for event in partials] == [("... yes yes", ""), ("... no no no no", "")]


def test_doubtful_partials_are_not_told(start: Open, reply: Kept, fox: Float) -> None:
    stream = start()
    hear(stream, reply, fox[: RATE * 3 // 2])
    partial(stream, "Thank you for watching", logprob=-1.5)
    stream.report()
    assert kinds(reply) == ["speech_started"]


def test_an_utterance_without_words_has_an_empty_final(start: Open, reply: Kept, fox: Float) -> None:
    stream = start(partials=False)
    hear(stream, reply, np.concatenate([fox, SILENCE]), last=True)
    task = stream.next_task(0)
    stream.settle(task, result(stream, task, "...", logprob=-3.0, no_speech=0.9))
    stream.report()
    (final,) = [event for event in reply.events if event["type"] == "final"]
    assert (final["id"], final["text"], final["words"]) == (0, "", [])


def test_finals_come_in_order(start: Open, reply: Kept, fox: Float) -> None:
    stream = start(partials=False)
    hear(stream, reply, np.concatenate([fox, SILENCE, fox, SILENCE]), last=True)
    first, second = stream.next_task(0), stream.next_task(1)
    stream.settle(second, result(stream, second, "Two."))
    stream.report()
    assert "final" not in kinds(reply)
    stream.settle(first, result(stream, first, "One."))
    stream.report()
    assert [event["text"] for event in reply.events if event["type"] == "final"] == ["One.", "Two."]
    assert kinds(reply)[-1] == "done"


def test_a_stream_that_is_ahead_is_not_acknowledged(start: Open, reply: Kept, fox: Float) -> None:
    """Memory is bounded: what is not decoded holds up what comes after it."""
    stream = start()
    sound = np.concatenate([fox, SILENCE])
    for _ in range(100):
        hear(stream, reply, sound)
    heard = [event["received_s"] for event in reply.events if event["type"] == "progress"]
    assert heard[-1] < BACKLOG / RATE + 30
    assert not stream.busy or stream.urgency is Urgency.FINAL


def test_a_stream_that_has_had_its_duration_waits_for_its_end(whisper: Whisper, engines_dir: Path, fox: Float) -> None:
    vad = OnnxEngine(EngineStore(engines_dir).open("silero-vad").file("model.onnx"), threads=1)
    closed: list[bool] = []
    stream = LiveStream(whisper, vad, TranscribeOptions(), LiveOptions(), lambda: closed.append(True), duration_s=0.5)
    early, late, last = Kept(), Kept(), Kept()
    hear(stream, early, SILENCE)
    assert [event["type"] for event in early.events] == ["progress", "done"]
    assert early.events[-1]["duration"] == 0.5
    hear(stream, late, fox)
    assert [event["type"] for event in late.events] == ["progress"]
    assert early.closed and late.closed and not closed
    hear(stream, last, fox, last=True)
    assert last.closed and closed == [True]
