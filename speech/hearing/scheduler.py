"""The one thread that runs the engines: it detects speech in every stream and decodes all streams' windows together.

Each turn starts at most one window: the most urgent kind (speech/hearing/admission.py), of the stream with the fewest
windows in flight. Live windows are short. They decode in a batch of their own, where long files do not slow them.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from speech.engines import Engine
from speech.errors import BadParameter, SpeechError
from speech.hearing.admission import AdmissionPolicy, Urgency
from speech.hearing.decoding import Search
from speech.hearing.decoding_task import DecodingTask
from speech.hearing.stream import Stream
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import WindowTask

log = logging.getLogger("tritone")

MAX_WINDOWS = 4
"""Windows of files, and finals of live streams, that one model decodes together.

On two cores more of them add little throughput and delay each other.
"""
MAX_PARTIALS = 2
"""Partials of live streams that one model decodes together."""
URGENT_STEPS = 4
"""Decoder steps in a turn for a batch that holds a final; a batch without one takes a single step.

After an encode, which costs as much as four steps or more, every batch takes this many.
"""
POLL_S = 0.1
"""Seconds between two checks for streams whose client has gone."""
IDLE_S = 300.0
"""Seconds after which a stream that sends nothing is closed, because its client must be gone."""


@dataclass(frozen=True)
class _RunningWindow:
    stream: Stream
    urgency: Urgency
    decoding: DecodingTask


class _DecodingPool:
    """The windows that one model decodes together: those of files (beam search), or those of live streams (greedy)."""

    def __init__(self, whisper: Whisper, live: bool) -> None:
        self._whisper = whisper
        self._rows = 1 if live else whisper.rows
        self.running: dict[Search, _RunningWindow] = {}
        self.reset()

    def reset(self) -> None:
        """Begin again with an empty batch."""
        self.batch = self._whisper.batch(self._rows)
        self.running.clear()

    def drop(self, is_unwanted: Callable[[_RunningWindow], bool]) -> None:
        """Stop decoding the windows that `is_unwanted` picks."""
        unwanted = [search for search, window in self.running.items() if is_unwanted(window)]
        if unwanted:
            self.batch.drop(unwanted)
        for search in unwanted:
            del self.running[search]

    @property
    def urgencies(self) -> list[Urgency]:
        return [window.urgency for window in self.running.values()]

    def has_room(self, urgency: Urgency) -> bool:
        """Whether one more window of this urgency may start. Partials and other windows have limits of their own."""
        is_partial = urgency is Urgency.PARTIAL
        running = sum((other is Urgency.PARTIAL) == is_partial for other in self.urgencies)
        return running < (MAX_PARTIALS if is_partial else MAX_WINDOWS)


class TranscriptionScheduler:
    """Owns the models and the streams. Other threads may call `start`, `stop` and `submit`.

    `vad` is shared by all streams; the first of `models` is the default.
    """

    def __init__(self, models: Sequence[Whisper], vad: Engine) -> None:
        self._pools = {(model.name, live): _DecodingPool(model, live) for model in models for live in (True, False)}
        self._vad = vad
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._streams: list[Stream] = []
        self._next_poll = 0.0
        self._admission = AdmissionPolicy()
        self._turn_numbers = itertools.count()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="scheduler", daemon=True)
        self.default = models[0].name
        self.models: Mapping[str, Whisper] = {whisper.name: whisper for whisper in models}

    @property
    def vad(self) -> Engine:
        """The voice activity detector's engine; its calls belong on the scheduler's thread."""
        return self._vad

    def start(self) -> None:
        """Start the scheduler's thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the scheduler's thread and wait for it. Streams that are open get no answer."""
        self._stopping.set()
        self._calls.put(lambda: None)
        self._thread.join()

    def submit(self, call: Callable[[], None]) -> None:
        """Run `call` on the scheduler's thread."""
        self._calls.put(call)

    def add(self, stream: Stream) -> None:
        """Serve a new stream (scheduler's thread only)."""
        self._streams.append(stream)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:
                # Whatever failed, the other streams must still be served.
                log.exception("scheduler")

    def _turn(self) -> None:
        busy = any(pool.running for pool in self._pools.values()) or any(stream.busy for stream in self._streams)
        self._run_calls(wait=not busy)
        self._poll()
        for stream in list(self._streams):
            self._guard(stream, stream.listen)
        self._report()
        for pool in self._pools.values():
            pool.drop(lambda window: window.decoding.window_task.obsolete)
        encoded = self._admit()
        for pool in self._pools.values():
            urgent = encoded or Urgency.FINAL in pool.urgencies
            for _ in range(URGENT_STEPS if urgent else 1):
                self._step(pool)
        self._report()

    def _report(self) -> None:
        for stream in list(self._streams):
            self._guard(stream, stream.report)
            if stream.finished:
                self._streams.remove(stream)

    def _step(self, pool: _DecodingPool) -> None:
        """Generate one token for each window of `pool`."""
        if not pool.running:
            return
        try:
            self._settle(pool, pool.batch.step())
        except Exception as error:
            self._fail_pool(pool, error)

    def _fail_pool(self, pool: _DecodingPool, error: Exception) -> None:
        """Begin again with an empty batch, as its state is unknown; fail the streams that had windows in it."""
        log.exception("the decoder failed")
        streams = {id(window.stream): window.stream for window in pool.running.values()}
        pool.reset()
        for stream in streams.values():
            self.fail(stream, SpeechError(f"the model failed: {error!r}"))

    def _run_calls(self, wait: bool) -> None:
        """Run all submitted calls. If `wait` and there is none, wait for one, at most POLL_S."""
        try:
            call = self._calls.get(timeout=POLL_S) if wait else self._calls.get_nowait()
            while True:
                call()
                call = self._calls.get_nowait()
        except queue.Empty:
            pass

    def _poll(self) -> None:
        """Close the streams whose client has gone."""
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
        """Call `act`; if it raises, fail `stream` and no other."""
        try:
            act()
        except SpeechError as error:
            self.fail(stream, error)
        except Exception as error:  # for example a response that could not be sent: later ones would make no sense
            log.exception("a stream failed")
            self.fail(stream, SpeechError(f"the model failed: {error!r}"))

    def let_go(self, stream: Stream) -> None:
        """End a stream without an event (scheduler's thread only)."""
        self._drop(stream)
        stream.close()

    def fail(self, stream: Stream, error: SpeechError) -> None:
        """End a stream with an error (scheduler's thread only)."""
        self._drop(stream)
        try:
            stream.fail(error)
        except Exception:
            log.exception("could not send this error to the client: %s", error.wire())

    def _drop(self, stream: Stream) -> None:
        if stream in self._streams:
            self._streams.remove(stream)
        for pool in self._pools.values():
            pool.drop(lambda window: window.stream is stream)

    def _pool(self, stream: Stream) -> _DecodingPool:
        return self._pools[stream.whisper.name, stream.live]

    def _admit(self) -> bool:
        """Encode and start one window, if one may start now. Returns whether one was encoded."""
        waiting: dict[Urgency, list[Stream]] = {}
        for stream in self._streams:
            urgency = stream.urgency
            if urgency is not None and self._pool(stream).has_room(urgency):
                waiting.setdefault(urgency, []).append(stream)
        running = {urgency for pool in self._pools.values() for urgency in pool.urgencies}
        chosen = self._admission.choose(waiting, running)
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
        """Encode a window and let it join the batch of its pool."""
        pool = self._pool(stream)
        decoding = DecodingTask(stream.whisper, task)
        prefill = decoding.prefill(pool.batch)
        pool.running[decoding.search] = _RunningWindow(stream, urgency, decoding)
        try:
            self._settle(pool, pool.batch.join(prefill, [decoding.search]))
        except Exception as error:
            self._fail_pool(pool, error)

    def _settle(self, pool: _DecodingPool, ended: Sequence[Search]) -> None:
        """Hand the results of the searches that have ended to their streams."""
        for search in ended:
            window = pool.running.pop(search)
            task = window.decoding.window_task
            window.stream.settle(task, task.judge(window.decoding.result()))
