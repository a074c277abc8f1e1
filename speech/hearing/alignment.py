"""Times of tokens and words, from the attention heads that follow the audio (the alignment heads).

Reference: openai/whisper, timing.py (find_alignment); dynamic time warping: Sakoe and Chiba 1978.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from speech.events import Word
from speech.hearing.features import ENCODER_FRAME_S
from speech.hearing.tokenizer import Tokenizer

Float = NDArray[np.float32]

_MEDIAN_FRAMES = 7
"""Encoder frames of the median filter that smooths the attention. Source: openai/whisper, timing.py."""


def token_starts(tokens: Sequence[int], eot: int, attention: Sequence[Float], duration_s: float) -> list[float]:
    """When each token begins, in seconds from the start of the window, and `duration_s` as one more item at the end.

    `attention` has one float32 array [alignment heads, encoder frames] for each token: the cross-attention of the step
    that chose it. Frames after `duration_s` are ignored. A token that is not text begins with the next text token.
    """
    text = [i for i, token in enumerate(tokens) if token < eot]
    starts = [duration_s] * (len(tokens) + 1)
    if not text:
        return starts
    frames = max(1, min(attention[0].shape[1], round(duration_s / ENCODER_FRAME_S)))
    weights = np.stack([attention[i][:, :frames] for i in text], axis=1)
    first_frames = dict(zip(text, path_starts(-_sharpen(weights).mean(axis=0)).tolist(), strict=True))
    for i in reversed(range(len(tokens))):
        starts[i] = min(first_frames[i] * ENCODER_FRAME_S, duration_s) if i in first_frames else starts[i + 1]
    return starts


def spell_words(
    tokenizer: Tokenizer, tokens: Sequence[int], logprobs: Sequence[float], starts: Sequence[float], language: str
) -> list[Word]:
    """The words of a segment with their times in seconds.

    `logprobs` has one item for each of `tokens`; `starts` is what `token_starts` gave for them, and one item more.
    """
    text = [i for i, token in enumerate(tokens) if token < tokenizer.eot]
    words: list[Word] = []
    at = 0
    for word, count in tokenizer.words([tokens[i] for i in text], language):
        own = text[at : at + count]
        probability = float(np.exp(np.mean([logprobs[i] for i in own])))
        words.append(Word(word=word, start=starts[own[0]], end=starts[own[-1] + 1], probability=probability))
        at += count
    return words


def _sharpen(weights: Float) -> Float:
    """Attention [heads, tokens, frames], standardised over tokens and smoothed over frames with a median filter."""
    deviation = weights.std(axis=1, keepdims=True)
    weights = (weights - weights.mean(axis=1, keepdims=True)) / np.maximum(deviation, 1e-8)
    half = _MEDIAN_FRAMES // 2
    padded = np.pad(weights, ((0, 0), (0, 0), (half, half)), mode="edge")
    smooth: Float = np.median(np.lib.stride_tricks.sliding_window_view(padded, _MEDIAN_FRAMES, axis=2), axis=-1)
    return smooth


def path_starts(cost: Float) -> NDArray[np.int64]:
    """First frame of each token, int64 [tokens], on the cheapest monotonic path through `cost` [tokens, frames].

    The cells of an anti-diagonal depend only on the two anti-diagonals before it, so each takes one vector operation.
    """
    tokens, frames = cost.shape
    total = np.full((tokens + 1, frames + 1), np.inf)
    total[0, 0] = 0
    step = np.zeros((tokens + 1, frames + 1), dtype=np.int8)
    for diagonal in range(2, tokens + frames + 1):
        row = np.arange(max(1, diagonal - frames), min(tokens, diagonal - 1) + 1)
        column = diagonal - row
        before = np.stack([total[row - 1, column - 1], total[row - 1, column], total[row, column - 1]])
        best = before.argmin(axis=0)
        total[row, column] = cost[row - 1, column - 1] + before[best, np.arange(len(row))]
        step[row, column] = best
    starts = np.zeros(tokens, dtype=np.int64)
    i, j = tokens, frames
    while i > 0 and j > 0:
        starts[i - 1] = j - 1
        move = step[i, j]
        i, j = i - (move != 2), j - (move != 1)
    return starts
