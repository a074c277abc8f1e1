"""The one thread that runs the engines: it hears every stream and decodes the windows of all of them together.

Fair and early: a stream's first window is decoded before its second is encoded, and each finished window lets it have
one more in flight; a free place goes to the stream with the fewest windows in flight.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from speech.decoding import Hypothesis, Search
from speech.engines import Engine
from speech.errors import BadParameter, SpeechError
from speech.stream import Stream
from speech.transcribe import Decoded, WindowTask
from speech.whisper import Whisper

log = logging.getLogger("tritone")

MAX_WINDOWS = 4
"""Windows that one model decodes together. More gain little on two cores and delay every stream."""
POLL_S = 0.1
IDLE_S = 300.0
"""A stream that sends nothing for so long is ended: its client is gone."""


@dataclass
class _Running:
    stream: Stream
    task: WindowTask
    no_speech_prob: float


class _Lane:
    """One model, and the windows that it is decoding."""

    def __init__(self, whisper: Whisper) -> None:
        self.whisper = whisper
        self.batch = whisper.batch()
        self.running: dict[int, tuple[Search, _Running]] = {}


class Scheduler:
    """Owns the models and the streams. Other threads may call `start`, `stop` and `submit`."""

    def __init__(self, models: Sequence[Whisper], vad: Engine) -> None:
        self._lanes = {whisper.name: _Lane(whisper) for whisper in models}
        self._vad = vad
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._streams: list[Stream] = []
        self._next_poll = 0.0
        self._turns = itertools.count()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)
        self.default = models[0].name
        self.models: Mapping[str, Whisper] = {whisper.name: whisper for whisper in models}

    @property
    def vad(self) -> Engine:
        return self._vad

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._calls.put(lambda: None)
        self._thread.join()

    def submit(self, call: Callable[[], None]) -> None:
        """Run `call` on the scheduler's thread."""
        self._calls.put(call)

    def add(self, stream: Stream) -> None:
        """Take a stream in (scheduler's thread only)."""
        self._streams.append(stream)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:
                # Whatever it was, the streams that are left must still be served.
                log.exception("scheduler")

    def _turn(self) -> None:
        busy = any(lane.running for lane in self._lanes.values()) or any(stream.busy for stream in self._streams)
        self._take_calls(wait=not busy)
        self._poll()
        for stream in list(self._streams):
            self._guard(stream, stream.listen)
        for lane in self._lanes.values():
            self._admit(lane)
            if lane.running:
                self._step(lane)
        for stream in list(self._streams):
            self._guard(stream, stream.report)
            if stream.finished:
                self._streams.remove(stream)

    def _step(self, lane: _Lane) -> None:
        try:
            self._settle(lane, lane.batch.step())
        except Exception as error:
            self._break(lane, error)

    def _break(self, lane: _Lane, error: Exception) -> None:
        """Begin again with an empty batch, as its state is unknown; the streams that were in it fail."""
        log.exception("the decoder failed")
        streams = {id(running.stream): running.stream for _, running in lane.running.values()}
        lane.running.clear()
        lane.batch = lane.whisper.batch()
        for stream in streams.values():
            self.fail(stream, SpeechError(f"the model failed: {error!r}"))

    def _take_calls(self, wait: bool) -> None:
        try:
            self._calls.get(timeout=POLL_S)() if wait else self._calls.get_nowait()()
            while True:
                self._calls.get_nowait()()
        except queue.Empty:
            pass

    def _poll(self) -> None:
        """Let go of streams whose client has gone."""
        now = time.monotonic()
        if now < self._next_poll:
            return
        self._next_poll = now + POLL_S
        for stream in list(self._streams):
            if stream.is_cancelled():
                self._drop(stream)
                stream.close()
            elif stream.idle_s(now) > IDLE_S:
                self.fail(stream, BadParameter(f"no audio and no END for {IDLE_S:.0f} s: the sequence is closed"))

    def _guard(self, stream: Stream, act: Callable[[], None]) -> None:
        try:
            act()
        except SpeechError as error:
            self.fail(stream, error)

    def fail(self, stream: Stream, error: SpeechError) -> None:
        """End a stream with an error (scheduler's thread only)."""
        self._drop(stream)
        try:
            stream.fail(error)
        except Exception:
            log.exception("a client could not be told: %s", error.wire())

    def _drop(self, stream: Stream) -> None:
        if stream in self._streams:
            self._streams.remove(stream)
        for lane in self._lanes.values():
            gone = [search for search, running in lane.running.values() if running.stream is stream]
            if gone:
                lane.batch.drop(gone)
                for search in gone:
                    del lane.running[id(search)]

    def _admit(self, lane: _Lane) -> None:
        """Encode and start as many windows as there are places and turns for."""
        while len(lane.running) < MAX_WINDOWS:
            waiting = [s for s in self._streams if s.whisper is lane.whisper and s.wants_turn]
            if not waiting:
                return
            stream = min(waiting, key=lambda candidate: (candidate.in_flight, candidate.last_turn))
            task = stream.next_task(turn=next(self._turns))
            try:
                self._start(lane, stream, task)
            except Exception as error:
                log.exception("a window could not be started")
                self.fail(stream, SpeechError(f"the model failed: {error!r}"))

    def _start(self, lane: _Lane, stream: Stream, task: WindowTask) -> None:
        whisper, tokenizer = lane.whisper, lane.whisper.tokenizer
        options, transcription = stream.options, stream.transcription
        if task.cross is None:
            task.cross = whisper.encode(task.window.pcm, task.attempt.context_s)
        if transcription.language is None:
            first = lane.batch.prefill([task.cross], [[tokenizer.sot]])
            probabilities = whisper.language_probabilities(first.logits[0])
            transcription.language = max(probabilities, key=lambda language: probabilities[language])
            transcription.language_probability = probabilities[transcription.language]
        started = lane.batch.prefill([task.cross], [[*whisper.prompt(options.prompt), tokenizer.sot]])
        no_speech = whisper.no_speech_probability(started.logits[0])
        if tokenizer.multilingual:
            started.feed([[tokenizer.languages[transcription.language], tokenizer.tasks[options.task]]])
        search = Search(
            whisper.rules,
            tokenizer.eot,
            whisper.rows,
            task.attempt.temperature,
            task.duration_s,
            min(whisper.max_tokens, whisper.shape.text_positions - started.length),
            attention=options.timestamps == "word",
        )
        lane.running[id(search)] = (search, _Running(stream, task, no_speech))
        try:
            self._settle(lane, lane.batch.join(started, [search]))
        except Exception as error:
            self._break(lane, error)

    def _settle(self, lane: _Lane, ended: Sequence[Search]) -> None:
        for search in ended:
            _, running = lane.running.pop(id(search))
            decoded = _decoded(lane, running, search.best)
            running.stream.settle(running.task, running.task.judge(decoded))


def _decoded(lane: _Lane, running: _Running, hypothesis: Hypothesis) -> Decoded:
    text = lane.whisper.tokenizer.decode(hypothesis.tokens)
    return Decoded(hypothesis, text.strip(), running.task.attempt.temperature, running.no_speech_prob)
