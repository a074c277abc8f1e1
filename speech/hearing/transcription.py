"""One transcription: windows in, segments out in order; the guards against silence, loops and lost words.

Reference: openai/whisper, transcribe.py (temperature fallback, no-speech rule, seeking by timestamps).
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from speech.events import Segment, Word
from speech.hearing.alignment import spell_words, token_starts
from speech.hearing.batch import Cross
from speech.hearing.decoding import Hypothesis
from speech.hearing.tokenizer import Tokenizer
from speech.hearing.whisper import Whisper
from speech.hearing.windows import Window
from speech.types import INPUT_RATE_HZ, TranscribeOptions

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
SHORT_PADDING_S = 4.0
"""Silence encoded after a window's sound: 4 s changed 4 of 568 English words, 2 s made Whisper run on without end."""
LOST_S = 1.5
"""Speech between two segments, or after the last one, that counts as not transcribed."""
MIN_PROGRESS_S = 0.2
CUT_MARGIN_S = 0.5
"""A segment that ends nearer than this to the end of an open window may lack a part of its last word."""


@dataclass(frozen=True)
class Decoded:
    """A window's best hypothesis at one temperature, with the figures that the guards look at."""

    hypothesis: Hypothesis
    text: str
    temperature: float
    no_speech_prob: float

    @property
    def compression_ratio(self) -> float:
        data = self.text.encode()
        return len(data) / len(zlib.compress(data)) if data else 0.0

    def is_silence(self, options: TranscribeOptions) -> bool:
        unlikely = self.hypothesis.score < options.logprob_threshold
        return self.no_speech_prob > options.no_speech_threshold and unlikely

    def is_good(self, options: TranscribeOptions) -> bool:
        if self.is_silence(options):
            return True
        repetitive = self.compression_ratio > options.compression_ratio_threshold
        return not repetitive and self.hypothesis.score >= options.logprob_threshold


@dataclass(frozen=True)
class Attempt:
    """One way to decode a window: how much context to encode, and the temperature."""

    context_s: float
    temperature: float


@dataclass
class DetectedLanguage:
    """The language of some speech, which all its windows share; `code` is None until the first of them tells it."""

    code: str | None
    probability: float

    @classmethod
    def expected(cls, whisper: Whisper, options: TranscribeOptions) -> DetectedLanguage:
        code = options.language or (None if whisper.tokenizer.multilingual else "en")
        return cls(code, 1.0 if code else 0.0)


class WindowTask:
    """A window on its way through the decoder, attempt by attempt.

    `prefix` is what its tokens begin with whatever is heard; `max_tokens` bounds them, None: the model does.
    """

    def __init__(
        self,
        window: Window,
        options: TranscribeOptions,
        language: DetectedLanguage,
        attempts: Iterable[Attempt],
        prefix: Hypothesis | None = None,
        max_tokens: int | None = None,
    ) -> None:
        self.window = window
        self.options = options
        self.language = language
        self.prefix = prefix or Hypothesis()
        self.max_tokens = max_tokens
        self.cross: Cross | None = None
        self.obsolete = False
        self._attempts = deque(attempts)
        self._tried: list[Decoded] = []

    @property
    def attempt(self) -> Attempt:
        return self._attempts[0]

    @property
    def duration_s(self) -> float:
        return len(self.window.pcm) / INPUT_RATE_HZ

    def judge(self, decoded: Decoded) -> Decoded | None:
        """The result if it is good, or the best one if nothing is left to try; else None: decode the next attempt."""
        if decoded.is_good(self.options):
            return decoded
        self._tried.append(decoded)
        failed = self._attempts.popleft()
        if not self._attempts:
            return max(self._tried, key=self._preference)
        if self.attempt.context_s != failed.context_s:
            self.cross = None
        return None

    def _preference(self, decoded: Decoded) -> tuple[bool, float]:
        repetitive = decoded.compression_ratio > self.options.compression_ratio_threshold
        return (not repetitive, decoded.hypothesis.score)


def first_attempt(window: Window, temperature: float, window_s: float) -> Attempt:
    return Attempt(min(len(window.pcm) / INPUT_RATE_HZ + SHORT_PADDING_S, window_s), temperature)


def all_attempts(window: Window, temperature: float, window_s: float) -> list[Attempt]:
    """A short context first, then the whole window; then, from temperature 0, hotter."""
    short = first_attempt(window, temperature, window_s)
    temperatures = TEMPERATURES if temperature == 0 else (temperature,)
    return ([short] if short.context_s < window_s else []) + [Attempt(window_s, t) for t in temperatures]


@dataclass(frozen=True)
class WindowSegment:
    """A segment of a window before it has its place in the transcript; times from the start of the window."""

    start: float
    end: float
    first: int
    tokens: tuple[int, ...]


def split_at_timestamps(tokenizer: Tokenizer, tokens: list[int], duration_s: float) -> list[WindowSegment]:
    """Segments of a window's tokens: text between two timestamps; what follows the last one ends with the window."""

    def time(token: int) -> float:
        return min(tokenizer.seconds(token), duration_s)

    pieces: list[WindowSegment] = []
    opened = 0
    for at, token in enumerate(tokens):
        if not tokenizer.is_timestamp(token):
            continue
        if at > opened and not tokenizer.is_timestamp(tokens[at - 1]):
            start = time(tokens[opened]) if tokenizer.is_timestamp(tokens[opened]) else 0.0
            pieces.append(WindowSegment(start, max(time(token), start), opened, tuple(tokens[opened : at + 1])))
        opened = at
    rest = tuple(tokens[opened:])
    if any(token < tokenizer.eot for token in rest):
        start = time(rest[0]) if tokenizer.is_timestamp(rest[0]) else 0.0
        pieces.append(WindowSegment(start, duration_s, opened, rest))
    return pieces


def pieces_before_loss(pieces: list[WindowSegment], window: Window, certain: int = 0) -> list[WindowSegment]:
    """The pieces up to where Whisper skipped speech, not within the first `certain`; the rest is decoded again."""
    for at, (before, after) in enumerate(pairwise(pieces), start=1):
        if at >= certain and before.end >= MIN_PROGRESS_S and _speech_s(window, before.end, after.start) > LOST_S:
            return pieces[:at]
    return pieces


def _speech_s(window: Window, start_s: float, end_s: float) -> float:
    """How much of the time from `start_s` to `end_s` of a window is speech."""
    start, end = (window.start + seconds * INPUT_RATE_HZ for seconds in (start_s, end_s))
    return sum(max(0, min(stop, end) - max(begin, start)) for begin, stop in window.speech) / INPUT_RATE_HZ


def complete_pieces(pieces: list[WindowSegment], duration_s: float) -> list[WindowSegment]:
    """The pieces of an open window that cannot have been cut off at its end; all of them if there are no such."""
    safe = [piece for piece in pieces if piece.end <= duration_s - CUT_MARGIN_S]
    return safe or pieces


class Transcription:
    """The windows of one file, or utterance, put back in order, and their segments."""

    def __init__(self, whisper: Whisper, options: TranscribeOptions, language: DetectedLanguage) -> None:
        self.whisper = whisper
        self.options = options
        self.language = language
        self.finished_windows = 0
        self._segments = 0
        self._slots: deque[_Slot] = deque()

    def start(self, window: Window, prefix: Hypothesis | None = None) -> WindowTask:
        """A task for the next window; its tokens begin with `prefix`."""
        slot = _Slot(self._task(window, prefix))
        self._slots.append(slot)
        return slot.task

    def _task(self, window: Window, prefix: Hypothesis | None = None) -> WindowTask:
        attempts = all_attempts(window, self.options.temperature, self.whisper.window_s)
        return WindowTask(window, self.options, self.language, attempts, prefix)

    def finish(self, task: WindowTask, decoded: Decoded) -> tuple[WindowTask | None, float]:
        """Take a window's result.

        Returns a further task if speech was left at the end of the window, and the position (seconds from the start of
        the window) up to which an open window's text is complete.
        """
        slot = next(slot for slot in self._slots if slot.task is task)
        self.finished_windows += 1
        given = len(task.prefix.tokens)
        if decoded.is_silence(self.options):
            if not given:
                slot.done = True
                return None, task.duration_s
            decoded = replace(decoded, hypothesis=replace(decoded.hypothesis.prefix(given), ended=True))
        pieces = split_at_timestamps(self.whisper.tokenizer, decoded.hypothesis.tokens, task.duration_s)
        certain = sum(piece.first < given for piece in pieces)
        if not decoded.hypothesis.ended:
            # What a limit cut off says nothing of where it ends: it is decoded again, if something came before it.
            pieces = pieces[: max(len(pieces) - 1, certain)] or pieces
        pieces = pieces_before_loss(pieces, task.window, certain)
        complete_s = task.duration_s
        rest: Window | None = None
        if task.window.open:
            pieces = complete_pieces(pieces, task.duration_s)
            complete_s = max(pieces[-1].end, MIN_PROGRESS_S) if pieces else task.duration_s
        else:
            rest = self._rest(task, pieces, LOST_S if decoded.hypothesis.ended else 0.0)
        slot.add(self, task, decoded, pieces)
        slot.done = rest is None
        if rest is not None:
            slot.task = self._task(rest)
            return slot.task, complete_s
        return None, complete_s

    def _rest(self, task: WindowTask, pieces: list[WindowSegment], lost_s: float) -> Window | None:
        """The end of a closed window if more than `lost_s` of its speech has no text: Whisper sometimes stops early."""
        if not pieces or pieces[-1].end < MIN_PROGRESS_S:
            return None
        if _speech_s(task.window, pieces[-1].end, task.duration_s) <= lost_s:
            return None
        return task.window.after(task.window.start + round(pieces[-1].end * INPUT_RATE_HZ))

    def ready(self) -> list[Segment]:
        """Segments whose turn has come, numbered."""
        segments: list[Segment] = []
        while self._slots:
            slot = self._slots[0]
            segments += [replace(s, id=self._segments + i) for i, s in enumerate(slot.segments)]
            self._segments += len(slot.segments)
            slot.segments = []
            if not slot.done:
                break
            self._slots.popleft()
        return segments


class _Slot:
    """A window's place in the order: its segments so far, and the task that makes the next ones."""

    def __init__(self, task: WindowTask) -> None:
        self.task = task
        self.segments: list[Segment] = []
        self.done = False

    def add(self, owner: Transcription, task: WindowTask, decoded: Decoded, pieces: list[WindowSegment]) -> None:
        tokenizer, hypothesis = owner.whisper.tokenizer, decoded.hypothesis
        language = owner.language.code or "en"
        starts: list[float] | None = None
        if owner.options.timestamps == "word":
            starts = token_starts(hypothesis.tokens, tokenizer.eot, hypothesis.attention, task.duration_s)
        offset_s = task.window.start / INPUT_RATE_HZ
        for piece in pieces:
            text = tokenizer.decode(piece.tokens)
            if not text.strip():
                continue
            words = None
            if starts is not None:
                last = piece.first + len(piece.tokens)
                spelled = spell_words(
                    tokenizer,
                    piece.tokens,
                    hypothesis.logprobs[piece.first : last],
                    starts[piece.first : last + 1],
                    language,
                )
                words = tuple(_place(word, piece, task.window) for word in spelled)
            self.segments.append(
                Segment(
                    id=0,
                    seek=round(100 * offset_s),
                    start=round(offset_s + piece.start, 3),
                    end=round(offset_s + piece.end, 3),
                    text=text,
                    tokens=piece.tokens,
                    temperature=decoded.temperature,
                    avg_logprob=hypothesis.score,
                    compression_ratio=decoded.compression_ratio,
                    no_speech_prob=decoded.no_speech_prob,
                    words=words,
                    language=language,
                )
            )


def _place(word: Word, piece: WindowSegment, window: Window) -> Word:
    """The word's times inside its segment, without the pauses that attention gives to it, from the stream's start."""
    offset_s = window.start / INPUT_RATE_HZ
    start = min(max(word.start, piece.start), piece.end) + offset_s
    end = min(max(word.end + offset_s, start), piece.end + offset_s)
    voiced = [
        (max(start, begin / INPUT_RATE_HZ), min(end, stop / INPUT_RATE_HZ))
        for begin, stop in window.speech
        if begin / INPUT_RATE_HZ < end and stop / INPUT_RATE_HZ > start
    ]
    if voiced:
        start, end = max(voiced, key=lambda stretch: stretch[1] - stretch[0])
    return replace(word, start=round(start, 3), end=round(end, 3))
