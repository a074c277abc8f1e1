"""The one thread that runs Kokoro for all clients: it decides whose text gets the next step of synthesis.

The next step goes to the text whose listener would run out of audio first. So a new text starts at once, nobody hears a
gap while the machine is fast enough for all, and long texts share the rest. The steps are in synthesizer.py.
"""

from __future__ import annotations

import logging
import threading
import time
from functools import partial

from speech.errors import BadParameter, SpeechError
from speech.speaking.kokoro import Kokoro
from speech.speaking.synthesizer import resolve_options, synthesize
from speech.speaking.text_queue import SynthesisRequest, TextQueue

log = logging.getLogger("tritone")

SequenceId = int | str
"""Id of a sequence. Clients of Triton choose a number or a string."""

POLL_S = 0.1
"""Seconds between two checks for sequences whose client has gone."""
IDLE_S = 300.0
"""Seconds after which a sequence without new requests is closed."""
ENSEMBLE_IDLE_S = 3600.0
"""The same for an unfinished sequence of an ensemble.

It is longer because `transcribe` may serve other clients first, and because `transcribe` itself closes sequences whose
client has gone.
"""


class SynthesisScheduler:
    """Owns the engine and a queue of texts for each sequence. Any thread may call it."""

    def __init__(self, kokoro: Kokoro) -> None:
        self.kokoro = kokoro
        self._changed = threading.Condition()
        self._queues: dict[SequenceId, TextQueue] = {}
        self._stopping = False
        self._next_poll = 0.0
        self._thread = threading.Thread(target=self._loop, name="synthesizer", daemon=True)

    def start(self) -> None:
        """Start the scheduler's thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the scheduler's thread and wait for it. Requests that are open get no answer."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def submit(self, sequence: SequenceId, index: int, request: SynthesisRequest) -> None:
        """Queue a request of a sequence. `index` 0 starts the sequence; if it was running, its work is dropped.

        The request's event is answered on the caller's thread, its text on the scheduler's.
        """
        with self._changed:
            queue = self._queues.get(sequence)
            if queue is not None and index == 0 and queue.has_begun:
                queue.close()
                queue = None
            if queue is None:
                queue = TextQueue(partial(resolve_options, self.kokoro), partial(synthesize, self.kokoro))
                self._queues[sequence] = queue
            queue.push(index, request)
            self._changed.notify()

    def close_sequence(self, sequence: SequenceId) -> None:
        """Drop the work of a sequence and complete its open requests."""
        with self._changed:
            queue = self._queues.pop(sequence, None)
            if queue is not None:
                queue.close()

    def _loop(self) -> None:
        while not self._stopping:
            try:
                self._run_step()
            except Exception:
                # Whatever failed, the other sequences must still be served.
                log.exception("synthesizer")

    def _run_step(self) -> None:
        """One step for the most urgent sequence. If there is no work, wait up to POLL_S for some."""
        with self._changed:
            self._poll()
            busy = [queue for queue in self._queues.values() if queue.busy]
            if not busy:
                self._changed.wait(POLL_S)
                return
        queue = min(busy, key=lambda candidate: candidate.playback_ends_at)
        try:
            queue.step()
        except SpeechError as error:
            queue.fail(error)
        except Exception as error:
            log.exception("a text could not be synthesized")
            queue.fail(SpeechError(f"the model failed: {error!r}"))

    def _poll(self) -> None:
        """Close the sequences whose client has gone, and forget those that have been idle for too long."""
        now = time.monotonic()
        if now < self._next_poll:
            return
        self._next_poll = now + POLL_S
        for sequence, queue in list(self._queues.items()):
            if queue.is_cancelled():
                queue.close()
            max_idle_s = ENSEMBLE_IDLE_S if queue.expects_more else IDLE_S
            if not queue.busy and now - queue.last_activity > max_idle_s:
                del self._queues[sequence]
                queue.fail(BadParameter(f"no request for {max_idle_s:.0f} s: the sequence is closed"))
