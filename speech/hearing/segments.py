"""Segments: a window's tokens are split at timestamps, checked for lost speech, and placed in the stream.

Reference: openai/whisper, transcribe.py (seeking by timestamps) and timing.py (times of words).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from speech.events import Segment, Word
from speech.hearing.alignment import spell_words, token_starts
from speech.hearing.tokenizer import Tokenizer
from speech.hearing.window_task import Decoded, WindowTask
from speech.hearing.windows import Window
from speech.token_logprobs import TokenLogprob
from speech.types import INPUT_RATE_HZ

LOST_S = 1.5
"""Seconds of speech between two segments, or after the last one, above which speech counts as not transcribed."""
MIN_PROGRESS_S = 0.2
"""Seconds of a window that its segments must cover before the rest of it may be decoded as a new window.

It keeps the same audio from being decoded again and again.
"""
CUT_MARGIN_S = 0.5
"""Seconds before the end of an open window: a segment that ends later may lack a part of its last word."""


@dataclass(frozen=True)
class WindowSegment:
    """A segment before it is placed in the stream.

    `start` and `end` are seconds from the start of the window; `first` is the index of its first token among the
    window's tokens. `tokens` includes its timestamps.
    """

    start: float
    end: float
    first: int
    tokens: tuple[int, ...]


def split_at_timestamps(tokenizer: Tokenizer, tokens: list[int], duration_s: float) -> list[WindowSegment]:
    """The segments of a window that lasts `duration_s`: the text between two timestamps.

    Text after the last timestamp is a segment that ends with the window.
    """

    def seconds(token: int) -> float:
        return min(tokenizer.seconds(token), duration_s)

    segments: list[WindowSegment] = []
    first = 0
    for at, token in enumerate(tokens):
        if not tokenizer.is_timestamp(token):
            continue
        if at > first and not tokenizer.is_timestamp(tokens[at - 1]):
            start = seconds(tokens[first]) if tokenizer.is_timestamp(tokens[first]) else 0.0
            segments.append(WindowSegment(start, max(seconds(token), start), first, tuple(tokens[first : at + 1])))
        first = at
    rest = tuple(tokens[first:])
    if any(token < tokenizer.eot for token in rest):
        start = seconds(rest[0]) if tokenizer.is_timestamp(rest[0]) else 0.0
        segments.append(WindowSegment(start, duration_s, first, rest))
    return segments


def segments_before_loss(segments: list[WindowSegment], window: Window, certain: int = 0) -> list[WindowSegment]:
    """The segments up to the first place where Whisper skipped speech; what follows must be decoded again.

    The first `certain` segments are always kept.
    """
    for count, (before, after) in enumerate(pairwise(segments), start=1):
        if count >= certain and before.end >= MIN_PROGRESS_S and window.speech_s(before.end, after.start) > LOST_S:
            return segments[:count]
    return segments


def complete_segments(segments: list[WindowSegment], duration_s: float) -> list[WindowSegment]:
    """The segments of an open window that its end cannot have cut off; all segments if there is none such."""
    complete = [segment for segment in segments if segment.end <= duration_s - CUT_MARGIN_S]
    return complete or segments


def lost_ending(task: WindowTask, segments: list[WindowSegment], lost_s: float) -> Window | None:
    """The end of a closed window, if more than `lost_s` seconds of its speech have no text.

    Whisper sometimes stops early. None if the segments do not cover MIN_PROGRESS_S.
    """
    if not segments or segments[-1].end < MIN_PROGRESS_S:
        return None
    if task.window.speech_s(segments[-1].end, task.duration_s) <= lost_s:
        return None
    return task.window.after(task.window.start + round(segments[-1].end * INPUT_RATE_HZ))


def place_segments(
    tokenizer: Tokenizer, task: WindowTask, decoded: Decoded, window_segments: list[WindowSegment]
) -> list[Segment]:
    """The segments that have text, with times in seconds from the start of the stream.

    They have words and log-probabilities if the task's options ask for them. Their `id` is 0: the transcription numbers
    them.
    """
    hypothesis, language = decoded.hypothesis, task.language.code or "en"
    starts: list[float] | None = None
    if task.options.timestamps == "word":
        starts = token_starts(hypothesis.tokens, tokenizer.eot, hypothesis.attention, task.duration_s)
    offset_s = task.window.start / INPUT_RATE_HZ
    placed: list[Segment] = []
    for segment in window_segments:
        text = tokenizer.decode(segment.tokens)
        if not text.strip():
            continue
        end = segment.first + len(segment.tokens)
        logprobs = hypothesis.logprobs[segment.first : end]
        words: tuple[Word, ...] | None = None
        if starts is not None:
            spelled = spell_words(tokenizer, segment.tokens, logprobs, starts[segment.first : end + 1], language)
            words = tuple(_place_word(word, segment, task.window) for word in spelled)
        placed.append(
            Segment(
                id=0,
                seek=round(100 * offset_s),
                start=round(offset_s + segment.start, 3),
                end=round(offset_s + segment.end, 3),
                text=text,
                tokens=segment.tokens,
                temperature=decoded.temperature,
                avg_logprob=hypothesis.score,
                compression_ratio=decoded.compression_ratio,
                no_speech_prob=decoded.no_speech_prob,
                language=language,
                words=words,
                logprobs=_token_logprobs(tokenizer, segment.tokens, logprobs) if task.options.logprobs else None,
            )
        )
    return placed


def _token_logprobs(tokenizer: Tokenizer, tokens: Sequence[int], logprobs: Sequence[float]) -> tuple[TokenLogprob, ...]:
    """The text tokens with their log-probabilities; `logprobs` has one item for each of `tokens`."""
    pairs = zip(tokens, logprobs, strict=True)
    return tuple(
        TokenLogprob.of(tokenizer.spelling(token), logprob) for token, logprob in pairs if token < tokenizer.eot
    )


def _place_word(word: Word, segment: WindowSegment, window: Window) -> Word:
    """The word with times from the start of the stream, inside its segment.

    Attention often counts the pause beside a word as part of it. So the word is reduced to the longest stretch of
    speech that it overlaps.
    """
    offset_s = window.start / INPUT_RATE_HZ
    start = min(max(word.start, segment.start), segment.end) + offset_s
    end = min(max(word.end + offset_s, start), segment.end + offset_s)
    voiced = [
        (max(start, begin / INPUT_RATE_HZ), min(end, stop / INPUT_RATE_HZ))
        for begin, stop in window.speech
        if begin / INPUT_RATE_HZ < end and stop / INPUT_RATE_HZ > start
    ]
    if voiced:
        start, end = max(voiced, key=lambda stretch: stretch[1] - stretch[0])
    return replace(word, start=round(start, 3), end=round(end, 3))
