"""The scheduler under load and under faults: real engines and speech, replies that a test can watch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from speech.engines import Array, EngineStore, OnnxEngine
from speech.errors import BadParameter, SpeechError
from speech.events import Event, Final, Segment
from speech.hearing.decoding import NEVER, TokenRules
from speech.hearing.file_stream import FileStream
from speech.hearing.live_stream import LiveStream
from speech.hearing.scheduler import MAX_WINDOWS, TranscriptionScheduler
from speech.hearing.stream import Stream
from speech.hearing.whisper import Whisper
from speech.sound import decoder
from speech.types import LiveOptions, TranscribeOptions

Float = NDArray[np.float32]


class Watched:
    """A reply that keeps what it was told."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.error: SpeechError | None = None
        self.over = threading.Event()
        self.started_at = self.over_at = 0.0
        self.cancelled = False

    def send(self, event: Event) -> None:
        self.events.append({"type": event.type, **event.to_dict()})
        if isinstance(event, Segment | Final) and event.text and not self.started_at:
            self.started_at = time.monotonic()

    def fail(self, error: SpeechError) -> None:
        self.error = error
        self.close()

    def close(self) -> None:
        if not self.over.is_set():
            self.over_at = time.monotonic()
            self.over.set()

    def is_cancelled(self) -> bool:
        return self.cancelled

    @property
    def text(self) -> str:
        return "".join(event["text"] for event in self.events if event["type"] == "segment").strip()


class Broken(Watched):
    """A reply whose client cannot be told anything."""

    def send(self, event: Event) -> None:
        raise RuntimeError("no client")

    def fail(self, error: SpeechError) -> None:
        raise RuntimeError("no client")


class Fragile:
    """A decoder that breaks when told to."""

    def __init__(self, engine: OnnxEngine) -> None:
        self._engine = engine
        self.broken = False

    def run(self, **inputs: Array) -> dict[str, Array]:
        if self.broken:
            self.broken = False
            raise RuntimeError("the decoder broke")
        return self._engine.run(**inputs)


Run = Callable[..., Watched]


@pytest.fixture(scope="module")
def whisper(engines_dir: Path) -> Whisper:
    whisper = Whisper.load(EngineStore(engines_dir).open("whisper-tiny.en"))
    assert isinstance(whisper.decoder, OnnxEngine)
    whisper.decoder = Fragile(whisper.decoder)
    return whisper


@pytest.fixture
def scheduler(whisper: Whisper, engines_dir: Path) -> Iterator[TranscriptionScheduler]:
    vad = OnnxEngine(EngineStore(engines_dir).open("silero-vad").file("model.onnx"), threads=1)
    scheduler = TranscriptionScheduler([whisper], vad)
    scheduler.start()
    yield scheduler
    scheduler.stop()


@pytest.fixture
def run(scheduler: TranscriptionScheduler, whisper: Whisper) -> Run:
    def start(pcm: Float, reply: Watched | None = None, **options: Any) -> Watched:
        reply = reply or Watched()
        stream = FileStream(whisper, scheduler.vad, TranscribeOptions(**options), on_closed=lambda: None)

        def arrive() -> None:
            scheduler.add(stream)
            try:
                stream.push(pcm, reply, last=True)
            except SpeechError as error:
                scheduler.fail(stream, error)

        scheduler.submit(arrive)
        return reply

    return start


@pytest.fixture(scope="module")
def fox(samples: dict[str, Any]) -> Float:
    with samples["en-fox.wav"].path.open("rb") as file:
        return np.concatenate(list(decoder.decode(file)))


def test_long_files_do_not_starve_a_short_one(run: Run, fox: Float) -> None:
    """As many long streams as there are places: the short one still takes the next turn."""
    long = [run(np.tile(fox, 40)) for _ in range(MAX_WINDOWS)]
    time.sleep(0.5)
    short = run(fox)
    assert short.over.wait(60)
    assert "quick brown fox" in short.text.lower()
    assert not any(reply.over.is_set() for reply in long)
    for reply in long:
        reply.cancelled = True
        assert reply.over.wait(60)


def test_live_streams_and_files_all_get_on(
    scheduler: TranscriptionScheduler, whisper: Whisper, run: Run, fox: Float
) -> None:
    """Eight people have said three sentences each while two files wait: nobody waits for the others' end."""
    long, replies = run(np.tile(fox, 12)), [Watched() for _ in range(8)]
    spoken = np.tile(np.concatenate([fox, np.zeros(16_000, np.float32)]), 3)
    for reply in replies:
        stream = LiveStream(whisper, scheduler.vad, TranscribeOptions(), LiveOptions(), on_closed=lambda: None)
        scheduler.submit(partial(scheduler.add, stream))
        scheduler.submit(partial(stream.push, spoken, reply, last=True))
    short = run(fox)
    for reply in [long, short, *replies]:
        assert reply.over.wait(120)
        assert reply.error is None
    for reply in replies:
        finals = [event["text"].lower() for event in reply.events if event["type"] == "final"]
        assert len(finals) == 3
        assert all("quick brown fox" in text for text in finals)
    last_final = max(reply.over_at for reply in replies)
    assert short.over_at < last_final
    assert last_final < long.over_at
    assert long.text.lower().count("fox") >= 10


def test_the_longest_prompt_leaves_the_decoder_inside_its_positions(
    run: Run, fox: Float, whisper: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = TokenRules.apply

    def endless(self: TokenRules, logits: Float, tokens: list[int], last_s: float) -> None:
        apply(self, logits, tokens, last_s)
        logits[whisper.tokenizer.eot] = 2 * NEVER
        if tokens:  # other words every time, so that no loop is found
            logits[len(tokens) * 7] = 100.0

    monkeypatch.setattr(TokenRules, "apply", endless)
    prompt = " ".join(f"word{i}" for i in range(900))
    assert len(whisper.prompt(prompt)) == whisper.max_tokens
    reply = run(fox, prompt=prompt, temperature=0.5)
    assert reply.over.wait(60)
    assert reply.error is None
    assert reply.events[-1]["type"] == "done"


def test_prompt_and_keywords_share_the_room(whisper: Whisper) -> None:
    tokenizer, room = whisper.tokenizer, whisper.max_tokens - 1
    prompt, keywords = " ".join(f"word{i}" for i in range(900)), "Quilter,  Mary Ann, Quilter,"
    listed = tokenizer.encode(" Quilter, Mary Ann.")
    assert whisper.prompt("", " , ") == whisper.prompt(" ") == []
    assert whisper.prompt("", keywords) == [tokenizer.prev, *listed]
    assert whisper.prompt("A talk.", keywords) == [tokenizer.prev, *tokenizer.encode(" A talk."), *listed]
    both = whisper.prompt(prompt, keywords)
    assert len(both) == whisper.max_tokens
    assert tokenizer.decode(both[1:]).endswith("word898 word899 Quilter, Mary Ann.")
    many = ", ".join(f"Quilter{i}" for i in range(30))
    assert room // 2 < len(tokenizer.encode(many)) < room
    assert whisper.prompt("A talk.", many)
    with pytest.raises(BadParameter, match=f"there is room for {room - room // 2}"):
        whisper.prompt(prompt, many)
    with pytest.raises(BadParameter, match=f"there is room for {room};"):
        whisper.prompt("", ", ".join(f"Quilter{i}" for i in range(60)))


def test_a_fault_of_the_engine_ends_its_streams_and_no_others(run: Run, fox: Float, whisper: Whisper) -> None:
    assert isinstance(whisper.decoder, Fragile)
    whisper.decoder.broken = True
    failed = run(fox)
    assert failed.over.wait(30)
    assert failed.error is not None and "the decoder broke" in failed.error.message
    after = run(fox)
    assert after.over.wait(30)
    assert "quick brown fox" in after.text.lower()


def test_a_client_that_cannot_be_told_does_not_stop_the_scheduler(run: Run, fox: Float) -> None:
    run(fox, Broken())
    after = run(fox)
    assert after.over.wait(30)
    assert "quick brown fox" in after.text.lower()


def test_a_stream_that_cannot_be_told_is_closed(
    scheduler: TranscriptionScheduler, whisper: Whisper, fox: Float
) -> None:
    reply, closed = Broken(), threading.Event()
    stream = FileStream(whisper, scheduler.vad, TranscribeOptions(), on_closed=closed.set)

    def arrive() -> None:
        scheduler.add(stream)
        stream.push(fox, reply, last=True)

    scheduler.submit(arrive)
    assert closed.wait(60)
    assert reply.over.wait(60)


@pytest.mark.parametrize("live", [False, True])
def test_a_stream_that_sends_nothing_more_is_closed(
    scheduler: TranscriptionScheduler, whisper: Whisper, fox: Float, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    monkeypatch.setattr("speech.hearing.scheduler.IDLE_S", 0.3)
    reply, closed = Watched(), threading.Event()
    stream: Stream
    if live:
        stream = LiveStream(whisper, scheduler.vad, TranscribeOptions(), LiveOptions(), on_closed=closed.set)
    else:
        stream = FileStream(whisper, scheduler.vad, TranscribeOptions(), on_closed=closed.set)

    def arrive() -> None:
        scheduler.add(stream)
        stream.push(fox, reply, last=False)

    scheduler.submit(arrive)
    assert reply.over.wait(60) and closed.wait(20)
    assert reply.error is not None and "no END" in reply.error.message


def test_samples_that_are_no_numbers_are_refused(run: Run) -> None:
    reply = run(np.array([0.0, np.nan], np.float32))
    assert reply.over.wait(60)
    assert isinstance(reply.error, BadParameter)
    assert reply.error.param == "AUDIO"


def test_text_that_a_limit_cut_off_is_decoded_again(
    run: Run, fox: Float, whisper: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for few tokens a window, the sentences still come, one window after the other."""
    monkeypatch.setattr(Whisper, "max_tokens", 30)
    reply = run(np.tile(fox, 4))
    assert reply.over.wait(60)
    assert reply.text.lower().count("fox") == 4
