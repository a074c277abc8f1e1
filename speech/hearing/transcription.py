"""One transcription: windows in, segments out in order.

Reference: openai/whisper, transcribe.py.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from speech.events import Segment
from speech.hearing.decoding import Hypothesis
from speech.hearing.segments import (
    LOST_S,
    MIN_PROGRESS_S,
    complete_segments,
    lost_ending,
    place_segments,
    segments_before_loss,
    split_at_timestamps,
)
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import Decoded, DetectedLanguage, WindowTask, all_attempts
from speech.hearing.windows import Window
from speech.types import TranscribeOptions


class Transcription:
    """The windows of one file or utterance and their segments.

    Windows may be decoded side by side and finish in any order; the segments come out in the order of the audio.
    """

    def __init__(self, whisper: Whisper, options: TranscribeOptions, language: DetectedLanguage) -> None:
        self.whisper = whisper
        self.options = options
        self.language = language
        self.finished_windows = 0
        self._numbered = 0
        self._results: deque[_WindowResult] = deque()

    def start(self, window: Window, prefix: Hypothesis | None = None) -> WindowTask:
        """A task for the next window; its tokens begin with `prefix`."""
        result = _WindowResult(self._task(window, prefix))
        self._results.append(result)
        return result.task

    def _task(self, window: Window, prefix: Hypothesis | None = None) -> WindowTask:
        attempts = all_attempts(window, self.options.temperature, self.whisper.window_s)
        return WindowTask(window, self.options, self.language, attempts, prefix)

    def finish(self, task: WindowTask, decoded: Decoded) -> tuple[WindowTask | None, float]:
        """Take a window's result.

        Returns a further task if speech at the end of the window has no text yet, else None, and the position (seconds
        from the start of the window) up to which an open window's text is complete.
        """
        result = next(result for result in self._results if result.task is task)
        self.finished_windows += 1
        given = len(task.prefix.tokens)
        if decoded.is_silence(self.options):
            if not given:
                result.complete = True
                return None, task.duration_s
            decoded = replace(decoded, hypothesis=replace(decoded.hypothesis.prefix(given), ended=True))
        segments = split_at_timestamps(self.whisper.tokenizer, decoded.hypothesis.tokens, task.duration_s)
        certain = sum(segment.first < given for segment in segments)
        if not decoded.hypothesis.ended:
            # A limit cut off the last segment, so its end is unknown: decode it again, unless it is the only one.
            segments = segments[: max(len(segments) - 1, certain)] or segments
        segments = segments_before_loss(segments, task.window, certain)
        complete_s = task.duration_s
        rest: Window | None = None
        if task.window.open:
            segments = complete_segments(segments, task.duration_s)
            complete_s = max(segments[-1].end, MIN_PROGRESS_S) if segments else task.duration_s
        else:
            rest = lost_ending(task, segments, LOST_S if decoded.hypothesis.ended else 0.0)
        result.segments += place_segments(self.whisper.tokenizer, task, decoded, segments)
        if rest is None:
            result.complete = True
            return None, complete_s
        result.task = self._task(rest)
        return result.task, complete_s

    def ready(self) -> list[Segment]:
        """Take the segments that are next in order, up to the first one that is missing, numbered from 0."""
        ready: list[Segment] = []
        while self._results:
            first = self._results[0]
            ready += first.segments
            first.segments = []
            if not first.complete:
                break
            self._results.popleft()
        numbered = [replace(segment, id=self._numbered + i) for i, segment in enumerate(ready)]
        self._numbered += len(numbered)
        return numbered


class _WindowResult:
    """A window's place in the order: its segments so far, and the task that makes the next ones."""

    def __init__(self, task: WindowTask) -> None:
        self.task = task
        self.segments: list[Segment] = []
        self.complete = False
