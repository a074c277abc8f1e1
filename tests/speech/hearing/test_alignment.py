"""Dynamic time warping against the textbook's loops, and token times on made-up attention."""

import numpy as np
import pytest
from numpy.typing import NDArray

from speech.hearing.alignment import path_starts, token_starts

Float = NDArray[np.float32]


def textbook(cost: Float) -> list[int]:
    """The reference's O(tokens x frames) loops (openai/whisper, timing.py, dtw_cpu)."""
    n, m = cost.shape
    total = np.full((n + 1, m + 1), np.inf)
    trace = np.zeros((n + 1, m + 1), int)
    total[0, 0] = 0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            options = [total[i - 1, j - 1], total[i - 1, j], total[i, j - 1]]
            trace[i, j] = int(np.argmin(options))
            total[i, j] = cost[i - 1, j - 1] + options[trace[i, j]]
    starts = [0] * n
    i, j = n, m
    while i and j:
        starts[i - 1] = j - 1
        move = trace[i, j]
        i, j = i - (move != 2), j - (move != 1)
    return starts


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 3), (12, 40), (30, 31)])
def test_the_path_is_the_textbooks(shape: tuple[int, int]) -> None:
    cost = np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)
    assert path_starts(cost).tolist() == textbook(cost)


def test_tokens_begin_where_attention_peaks() -> None:
    peaks = [5, 30, 31, 80]
    frames = np.arange(100)
    attention = [np.stack([np.exp(-0.5 * ((frames - peak) / 3) ** 2)] * 2).astype(np.float32) for peak in peaks]
    eot, timestamp = 1000, 1001
    tokens = [timestamp, 1, 2, 3, 4]
    starts = token_starts(tokens, eot, [attention[0], *attention], 2.0)
    assert starts[0] == starts[1]
    assert starts[-1] == 2.0
    assert sorted(starts) == starts
    assert 0.7 < starts[4] <= 1.6


def test_no_text_has_no_times() -> None:
    assert token_starts([1001, 1002], 1000, [np.zeros((1, 10), np.float32)] * 2, 0.2) == [0.2] * 3
