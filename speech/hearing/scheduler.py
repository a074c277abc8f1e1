"""The one thread that runs the engines: it hears every stream and decodes the windows of all of them together.

Fair and early: one window is encoded a turn, the most urgent one (speech/hearing/turns.py), of the stream with
the fewest windows in flight. Live windows are short: they decode in a batch of their own, where no file's length slows
them.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from speech.engines import Engine
from speech.errors import BadParameter, SpeechError
from speech.hearing.decoding import Hypothesis, Search
from speech.hearing.stream import Stream
from speech.hearing.transcription import Decoded, WindowTask
from speech.hearing.turns import Turns, Urgency
from speech.hearing.whisper import Whisper

log = logging.getLogger("tritone")

MAX_WINDOWS = 4
"""Windows of files, and finals, that one model decodes together. More gain little on two cores and delay them all."""
MAX_PARTIALS = 2
HURRY = 4
"""Tokens that finals take for each one of files; all take so many after an encode, which costs as much or more."""
POLL_S = 0.1
IDLE_S = 300.0
"""A stream that sends nothing for so long is ended: its client is gone."""


@dataclass
class _Running:
    stream: Stream
    task: WindowTask
    urgency: Urgency
    no_speech_prob: float


class _Lane:
    """One model, and the windows of files, or of live speech, that it is decoding. Live speech is decoded greedily."""

    def __init__(self, whisper: Whisper, live: bool) -> None:
        self.whisper = whisper
        self.rows = 1 if live else whisper.rows
        self.running: dict[int, tuple[Search, _Running]] = {}
        self.empty()

    def empty(self) -> None:
        self.batch = self.whisper.batch(self.rows)
        self.running.clear()

    def drop(self, unwanted: Callable[[_Running], bool]) -> None:
        gone = [search for search, running in self.running.values() if unwanted(running)]
        if gone:
            self.batch.drop(gone)
        for search in gone:
            del self.running[id(search)]

    @property
    def urgencies(self) -> list[Urgency]:
        return [running.urgency for _, running in self.running.values()]

    def has_place(self, urgency: Urgency) -> bool:
        partial = urgency is Urgency.PARTIAL
        alike = sum((other is Urgency.PARTIAL) == partial for other in self.urgencies)
        return alike < (MAX_PARTIALS if partial else MAX_WINDOWS)


class TranscriptionScheduler:
    """Owns the models and the streams. Other threads may call `start`, `stop` and `submit`."""

    def __init__(self, models: Sequence[Whisper], vad: Engine) -> None:
        self._lanes = {(whisper.name, live): _Lane(whisper, live) for whisper in models for live in (True, False)}
        self._vad = vad
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._streams: list[Stream] = []
        self._next_poll = 0.0
        self._turns = Turns()
        self._turn_numbers = itertools.count()
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
        self._report()
        for lane in self._lanes.values():
            lane.drop(lambda running: running.task.obsolete)
        started = self._admit()
        for lane in self._lanes.values():
            hurry = started or Urgency.FINAL in lane.urgencies
            for _ in range(HURRY if hurry else 1):
                self._step(lane)
        self._report()

    def _report(self) -> None:
        for stream in list(self._streams):
            self._guard(stream, stream.report)
            if stream.finished:
                self._streams.remove(stream)

    def _step(self, lane: _Lane) -> None:
        if not lane.running:
            return
        try:
            self._settle(lane, lane.batch.step())
        except Exception as error:
            self._break(lane, error)

    def _break(self, lane: _Lane, error: Exception) -> None:
        """Begin again with an empty batch, as its state is unknown; the streams that were in it fail."""
        log.exception("the decoder failed")
        streams = {id(running.stream): running.stream for _, running in lane.running.values()}
        lane.empty()
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
                self.let_go(stream)
            elif stream.idle_s(now) > IDLE_S:
                self.fail(stream, BadParameter(f"no audio and no END for {IDLE_S:.0f} s: the sequence is closed"))

    def _guard(self, stream: Stream, act: Callable[[], None]) -> None:
        try:
            act()
        except SpeechError as error:
            self.fail(stream, error)
        except Exception as error:  # a response that could not be sent, say: what comes after it would make no sense
            log.exception("a stream failed")
            self.fail(stream, SpeechError(f"the model failed: {error!r}"))

    def let_go(self, stream: Stream) -> None:
        """End a stream without a word (scheduler's thread only)."""
        self._drop(stream)
        stream.close()

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
            lane.drop(lambda running: running.stream is stream)

    def _lane(self, stream: Stream) -> _Lane:
        return self._lanes[stream.whisper.name, stream.live]

    def _admit(self) -> bool:
        """Encode and start one window, if there is a place and a turn for one."""
        waiting: dict[Urgency, list[Stream]] = {}
        for stream in self._streams:
            urgency = stream.urgency
            if urgency is not None and self._lane(stream).has_place(urgency):
                waiting.setdefault(urgency, []).append(stream)
        running = {urgency for lane in self._lanes.values() for urgency in lane.urgencies}
        chosen = self._turns.choose(waiting, running)
        if chosen is None:
            return False
        stream = min(waiting[chosen], key=lambda candidate: (candidate.in_flight, candidate.last_turns[chosen]))
        task = stream.next_task(turn=next(self._turn_numbers))
        try:
            self._start(stream, task, chosen)
        except Exception as error:
            log.exception("a window could not be started")
            self.fail(stream, SpeechError(f"the model failed: {error!r}"))
        return True

    def _start(self, stream: Stream, task: WindowTask, urgency: Urgency) -> None:
        lane, whisper, tokenizer = self._lane(stream), stream.whisper, stream.whisper.tokenizer
        options, prefix = task.options, task.prefix
        if task.cross is None:
            task.cross = whisper.encode(task.window.pcm, task.attempt.context_s)
        prompt = whisper.prompt(options.prompt)
        started = lane.batch.prefill([task.cross], [[*prompt, tokenizer.sot]])
        no_speech = whisper.no_speech_probability(started.logits[0])
        if task.language.code is None:
            unprompted = lane.batch.prefill([task.cross], [[tokenizer.sot]]) if prompt else started
            probabilities = whisper.language_probabilities(unprompted.logits[0])
            task.language.code = max(probabilities, key=lambda language: probabilities[language])
            task.language.probability = probabilities[task.language.code]
        spoken = tokenizer.languages.get(task.language.code)
        forced = [*([] if spoken is None else [spoken, tokenizer.tasks[options.task]]), *prefix.tokens]
        room = whisper.shape.text_positions - started.length - len(forced) + len(prefix.tokens)
        if forced:
            started.feed([forced])
        search = Search(
            whisper.rules,
            tokenizer.eot,
            lane.rows,
            task.attempt.temperature,
            task.duration_s,
            min(task.max_tokens or whisper.max_tokens, room),
            attention=options.timestamps == "word",
            prefix=replace(prefix, attention=started.attention(len(prefix.tokens))),
        )
        lane.running[id(search)] = (search, _Running(stream, task, urgency, no_speech))
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
