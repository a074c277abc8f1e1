"""The one thread that runs Kokoro: of all texts it works on the one whose listener would first run out of speech.

So a new text begins at once, nobody hears a gap while the machine is fast enough for all, and long texts share what
is left.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from speech.errors import Cancelled, SpeechError
from speech.kokoro import Kokoro
from speech.speaking import Saying, Speaking
from speech.synthesize import synthesize

log = logging.getLogger("tritone")

POLL_S = 0.1
IDLE_S = 300.0
"""A sequence that has nothing to say for so long is forgotten."""


class Synthesizer:
    """Owns the engine and the sequences. Other threads may call `start`, `stop` and `submit`."""

    def __init__(self, kokoro: Kokoro) -> None:
        self.kokoro = kokoro
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._open: dict[int, Speaking] = {}
        self._stopping = threading.Event()
        self._next_poll = 0.0
        self._thread = threading.Thread(target=self._loop, name="synthesizer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._calls.put(lambda: None)
        self._thread.join()

    def submit(self, call: Callable[[], None]) -> None:
        """Run `call` on the synthesizer's thread."""
        self._calls.put(call)

    def say(self, sequence: int, index: int, saying: Saying) -> None:
        """Take a text in (synthesizer's thread only); `index` 0 begins its sequence, and drops what is left of it."""
        if index == 0:
            self.drop(sequence)
        if sequence not in self._open:
            self._open[sequence] = Speaking(lambda text, speaker: synthesize(self.kokoro, text, speaker), index)
        self._open[sequence].push(index, saying)

    def drop(self, sequence: int) -> None:
        """Let go of a sequence, whose open requests end with Cancelled (synthesizer's thread only)."""
        if old := self._open.pop(sequence, None):
            old.fail(Cancelled(f"sequence {sequence} was started again"))

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:
                # Whatever it was, the texts that are left must still be said.
                log.exception("synthesizer")

    def _turn(self) -> None:
        busy = [(sequence, speaking) for sequence, speaking in self._open.items() if speaking.busy]
        self._take_calls(wait=not busy)
        self._poll()
        busy = [(sequence, speaking) for sequence, speaking in self._open.items() if speaking.busy]
        if busy:
            sequence, speaking = min(busy, key=lambda item: item[1].runs_dry)
            self._step(sequence, speaking)

    def _step(self, sequence: int, speaking: Speaking) -> None:
        try:
            speaking.step()
        except SpeechError as error:
            del self._open[sequence]
            speaking.fail(error)
        except Exception as error:
            log.exception("a text could not be said")
            del self._open[sequence]
            speaking.fail(SpeechError(f"the model failed: {error!r}"))

    def _take_calls(self, wait: bool) -> None:
        try:
            self._calls.get(timeout=POLL_S)() if wait else self._calls.get_nowait()()
            while True:
                self._calls.get_nowait()()
        except queue.Empty:
            pass

    def _poll(self) -> None:
        """Let go of sequences whose client has gone, and of those that are long done."""
        now = time.monotonic()
        if now < self._next_poll:
            return
        self._next_poll = now + POLL_S
        for sequence, speaking in list(self._open.items()):
            if speaking.is_cancelled() or (not speaking.busy and now - speaking.touched > IDLE_S):
                del self._open[sequence]
                speaking.close()
