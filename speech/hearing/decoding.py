"""From logits to tokens for one window: which tokens are allowed, and the search for the best sequence.

Reference: openai/whisper, decoding.py (SuppressTokens, ApplyTimestampRules, GreedyDecoder, BeamSearchDecoder).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from speech.hearing.tokenizer import TIMESTAMP_STEP_S, Tokenizer

Float = NDArray[np.float32]

NEVER = -3e4
"""Additive mask; within half precision, and exp(NEVER) is 0."""

MAX_INITIAL_TIMESTAMP_S = 1.0
_LOOP_TOKENS = 48
_LOOP_PERIOD = 12


class TokenRules:
    """Which tokens may come next. `last_s`: no timestamp may lie beyond it (the end of the window's sound)."""

    def __init__(self, tokenizer: Tokenizer, suppress: tuple[int, ...], begin_suppress: tuple[int, ...]) -> None:
        self._tokenizer = tokenizer
        self._suppress = np.array(sorted({*suppress, *tokenizer.special}), dtype=np.int64)
        self._begin_suppress = np.array(begin_suppress, dtype=np.int64)

    def apply(self, logits: Float, tokens: list[int], last_s: float) -> None:
        """Mask `logits` [vocabulary] in place for the token after `tokens`."""
        begin, eot = self._tokenizer.timestamp_begin, self._tokenizer.eot
        logits[self._suppress] = NEVER
        logits[begin + int(np.ceil(last_s / TIMESTAMP_STEP_S)) + 1 :] = NEVER
        if not tokens:
            logits[self._begin_suppress] = NEVER
            logits[:begin] = NEVER
            logits[begin + round(MAX_INITIAL_TIMESTAMP_S / TIMESTAMP_STEP_S) + 1 :] = NEVER
            return
        after_timestamp = tokens[-1] >= begin
        if after_timestamp and (len(tokens) < 2 or tokens[-2] >= begin):
            logits[begin:] = NEVER
        elif after_timestamp:
            logits[:eot] = NEVER
        stamps = [token for token in tokens if token >= begin]
        if stamps:
            # A segment may not be empty: only its opening timestamp may equal the closing one before it.
            first = stamps[-1] if after_timestamp and len(tokens) > 1 and tokens[-2] < begin else stamps[-1] + 1
            logits[begin:first] = NEVER
        best_text = logits[:begin].max()
        if _log_sum_exp(logits[begin:]) > best_text:
            logits[:begin] = NEVER


@dataclass
class Hypothesis:
    """A sequence of generated tokens with its log-probabilities; `attention` has one [A,S] array a token.

    `ended`: the model itself ended the text, and not a limit.
    """

    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    attention: list[Float] = field(default_factory=list)
    ended: bool = False

    @property
    def logprob(self) -> float:
        return sum(self.logprobs)

    @property
    def score(self) -> float:
        """Mean log-probability, the end of text counted as a token."""
        return self.logprob / (len(self.tokens) + 1)

    def prefix(self, count: int) -> Hypothesis:
        """The first `count` tokens."""
        return Hypothesis(self.tokens[:count], self.logprobs[:count], self.attention[:count])

    def extended(self, token: int, logprob: float, attention: Float | None) -> Hypothesis:
        more = [attention] if attention is not None else []
        return Hypothesis([*self.tokens, token], [*self.logprobs, logprob], [*self.attention, *more])


class Search:
    """The rows of one window: beam search at temperature 0 (greedy with one row), else independent samples.

    All of them go on from `prefix`, which the decoder has been fed already.
    """

    def __init__(
        self,
        rules: TokenRules,
        eot: int,
        rows: int,
        temperature: float,
        last_s: float,
        max_tokens: int,
        attention: bool,
        prefix: Hypothesis | None = None,
    ) -> None:
        self._rules = rules
        self._eot = eot
        self._temperature = temperature
        self._last_s = last_s
        self._max_tokens = max_tokens
        self._attention = attention
        # Sampling is repeatable: the same audio with the same options gives the same text.
        self._random = np.random.default_rng(0)
        self._given = prefix or Hypothesis()
        self.rows = [self._given] * rows
        self.finished: list[Hypothesis] = []

    def advance(self, logits: Float, attention: Float) -> list[int]:
        """Take one token per row. logits [rows, vocabulary] (overwritten), attention [A, rows, S].

        Returns, for each row as it is now, the row that it continues; empty when the window is done.
        """
        for scores, row in zip(logits, self.rows, strict=True):
            self._rules.apply(scores, row.tokens, self._last_s)
        logprobs = logits - _log_sum_exp(logits)[:, None]
        kept = attention if self._attention else None
        parents = self._sample(logprobs, kept) if self._temperature > 0 else self._widen(logprobs, kept)
        if self.rows and (len(self.rows[0].tokens) >= self._max_tokens or all(map(_loops, self.rows))):
            self.finished += self.rows
            parents = []
        return parents

    @property
    def best(self) -> Hypothesis:
        return max(self.finished, key=lambda hypothesis: hypothesis.score)

    def _widen(self, logprobs: Float, attention: Float | None) -> list[int]:
        beams = len(self.rows)
        fresh = len(self.rows[0].tokens) == len(self._given.tokens)
        candidates: list[tuple[float, int, int]] = []
        for at in range(1 if fresh else beams):
            total = self.rows[at].logprob
            for token in _largest(logprobs[at], beams + 1 if beams > 1 else 1):
                candidates.append((total + float(logprobs[at, token]), at, token))
        candidates.sort(reverse=True)
        rows: list[Hypothesis] = []
        parents: list[int] = []
        for _, at, token in candidates:
            parent, logprob = self.rows[at], float(logprobs[at, token])
            if token == self._eot:
                self._finish(parent, logprob)
            else:
                rows.append(parent.extended(token, logprob, attention[:, at] if attention is not None else None))
                parents.append(at)
            if len(rows) == beams:
                break
        if len(self.finished) >= beams:
            self.rows = []
            return []
        self.rows = rows
        return parents

    def _sample(self, logprobs: Float, attention: Float | None) -> list[int]:
        rows: list[Hypothesis] = []
        parents: list[int] = []
        for at, row in enumerate(self.rows):
            noise = self._random.gumbel(size=logprobs.shape[1]).astype(np.float32)
            token = int(np.argmax(logprobs[at] / self._temperature + noise))
            if token == self._eot:
                self._finish(row, float(logprobs[at, token]))
                continue
            kept = attention[:, at] if attention is not None else None
            rows.append(row.extended(token, float(logprobs[at, token]), kept))
            parents.append(at)
        if len(self.finished) >= len(self.rows):
            self.rows = []
            return []
        missing = len(self.rows) - len(rows)  # the rows of a window keep their number; a copy takes a path of its own
        self.rows = rows + rows[-1:] * missing
        return parents + parents[-1:] * missing

    def _finish(self, row: Hypothesis, logprob: float) -> None:
        self.finished.append(Hypothesis(row.tokens, [*row.logprobs, logprob], row.attention, ended=True))


def _largest(values: Float, count: int) -> list[int]:
    """Indices of the `count` largest values; repeated argmax beats a partition of 51,865 values for small counts."""
    values = values.copy() if count > 1 else values
    found: list[int] = []
    for _ in range(count):
        found.append(int(values.argmax()))
        if count > 1:
            values[found[-1]] = -np.inf
    return found


def _log_sum_exp(values: Float) -> Float:
    peak = values.max(axis=-1, keepdims=True)
    total: Float = np.log(np.exp(values - peak).sum(axis=-1)) + peak[..., 0]
    return total


def _loops(row: Hypothesis) -> bool:
    """Whether the last tokens are one short phrase over and over: the decoder is stuck and will not stop."""
    tail = row.tokens[-_LOOP_TOKENS:]
    if len(tail) < _LOOP_TOKENS:
        return False
    return any(tail[period:] == tail[:-period] for period in range(1, _LOOP_PERIOD + 1))
