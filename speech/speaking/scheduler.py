"""The one thread that runs Kokoro: of all texts it works on the one whose listener would first run out of speech.

So a new text begins at once, nobody hears a gap while the machine is fast enough for all, and long texts share what
is left.
"""

from __future__ import annotations

import logging
import threading
import time
from functools import partial

from speech.errors import BadParameter, SpeechError
from speech.speaking.kokoro import Kokoro
from speech.speaking.synthesizer import speaker, synthesize
from speech.speaking.text_queue import SynthesisRequest, TextQueue

log = logging.getLogger("tritone")

SequenceId = int | str
"""Its id, as Triton's clients may choose it."""

POLL_S = 0.1
IDLE_S = 300.0
"""A sequence that has had nothing to say for so long is forgotten; but"""
PATIENCE_S = 3600.0
"""if it is an ensemble's, `transcribe` may have others to serve first, and it is that model that sees who has gone."""


class SynthesisScheduler:
    """Owns the engine and the sequences. Any thread may call; events are answered on the caller's."""

    def __init__(self, kokoro: Kokoro) -> None:
        self.kokoro = kokoro
        self._changed = threading.Condition()
        self._open: dict[SequenceId, TextQueue] = {}
        self._stopping = False
        self._next_poll = 0.0
        self._thread = threading.Thread(target=self._loop, name="synthesizer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def say(self, sequence: SequenceId, index: int, saying: SynthesisRequest) -> None:
        """Take a text in; `index` 0 begins its sequence, and drops what is left of it."""
        with self._changed:
            speaking = self._open.get(sequence)
            if speaking is not None and index == 0 and speaking.begun:
                speaking.close()
                speaking = None
            if speaking is None:
                speaking = self._open[sequence] = TextQueue(
                    partial(speaker, self.kokoro), lambda text, by: synthesize(self.kokoro, text, by)
                )
            speaking.push(index, saying)
            self._changed.notify()

    def drop(self, sequence: SequenceId) -> None:
        """Let go of a sequence, and complete its open requests."""
        with self._changed:
            if old := self._open.pop(sequence, None):
                old.close()

    def _loop(self) -> None:
        while not self._stopping:
            try:
                self._turn()
            except Exception:
                # Whatever it was, the texts that are left must still be said.
                log.exception("synthesizer")

    def _turn(self) -> None:
        with self._changed:
            self._poll()
            busy = [speaking for speaking in self._open.values() if speaking.busy]
            if not busy:
                self._changed.wait(POLL_S)
                return
        self._step(min(busy, key=lambda speaking: speaking.runs_dry))

    def _step(self, speaking: TextQueue) -> None:
        try:
            speaking.step()
        except SpeechError as error:
            speaking.fail(error)
        except Exception as error:
            log.exception("a text could not be said")
            speaking.fail(SpeechError(f"the model failed: {error!r}"))

    def _poll(self) -> None:
        """Let go of sequences whose client has gone, and of those that are long done."""
        now = time.monotonic()
        if now < self._next_poll:
            return
        self._next_poll = now + POLL_S
        for sequence, speaking in list(self._open.items()):
            if speaking.is_cancelled():
                speaking.close()
            patience_s = PATIENCE_S if speaking.unfinished else IDLE_S
            if not speaking.busy and now - speaking.touched > patience_s:
                del self._open[sequence]
                speaking.fail(BadParameter(f"nothing new for {patience_s:.0f} s: the sequence is closed"))
