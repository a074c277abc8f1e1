"""From logits to tokens, for one window: which tokens are allowed, and the search for the best sequence.

Reference: openai/whisper, decoding.py (SuppressTokens, ApplyTimestampRules, GreedyDecoder, BeamSearchDecoder).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from speech.hearing.tokenizer import TIMESTAMP_STEP_S, Tokenizer

Float = NDArray[np.float32]

NEVER = -3e4
"""Added to a logit or an attention score to mask it. It fits half precision, and exp(NEVER) is 0."""

MAX_INITIAL_TIMESTAMP_S = 1.0
"""Seconds from the start of a window within which its text must begin. Source: openai/whisper, decoding.py."""
_LOOP_TOKENS = 48
"""Last tokens of a hypothesis that are searched for repetition."""
_LOOP_PERIOD = 12
"""Longest phrase, in tokens, whose repetition counts as a loop."""


class TokenRules:
    """Which tokens may come next.

    `suppress` lists tokens that are never allowed, `begin_suppress` those that are not allowed first.
    """

    def __init__(self, tokenizer: Tokenizer, suppress: tuple[int, ...], begin_suppress: tuple[int, ...]) -> None:
        self._tokenizer = tokenizer
        self._suppress = np.array(sorted({*suppress, *tokenizer.special}), dtype=np.int64)
        self._begin_suppress = np.array(begin_suppress, dtype=np.int64)

    def apply(self, logits: Float, tokens: list[int], last_s: float) -> None:
        """Mask `logits`, float32 [vocabulary], in place for the token that follows `tokens`.

        `last_s` is the end of the window's audio in seconds; timestamps after it are masked.
        """
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
            # A segment must not be empty; only its opening timestamp may equal the closing one of the segment before.
            first = stamps[-1] if after_timestamp and len(tokens) > 1 and tokens[-2] < begin else stamps[-1] + 1
            logits[begin:first] = NEVER
        best_text = logits[:begin].max()
        if _log_sum_exp(logits[begin:]) > best_text:
            logits[:begin] = NEVER


@dataclass
class Hypothesis:
    """A sequence of generated tokens.

    `logprobs` has their natural log-probabilities, and that of <|endoftext|> if the model generated it. `attention` is
    empty or has one float32 array [alignment heads, encoder frames] for each token. `ended`: the model ended the text
    itself, and no limit cut it off.
    """

    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    attention: list[Float] = field(default_factory=list)
    ended: bool = False

    @property
    def logprob(self) -> float:
        """Log-probability of the whole sequence."""
        return sum(self.logprobs)

    @property
    def score(self) -> float:
        """Mean log-probability of a token; the end of the text counts as one."""
        return self.logprob / (len(self.tokens) + 1)

    def prefix(self, count: int) -> Hypothesis:
        """The hypothesis of the first `count` tokens."""
        return Hypothesis(self.tokens[:count], self.logprobs[:count], self.attention[:count])

    def extended(self, token: int, logprob: float, attention: Float | None) -> Hypothesis:
        """This hypothesis and one more token."""
        more = [attention] if attention is not None else []
        return Hypothesis([*self.tokens, token], [*self.logprobs, logprob], [*self.attention, *more])


class Search:
    """The search for the best hypothesis of one window.

    At temperature 0 a beam search with `rows` beams (greedy with one row), above it `rows` independent samples. All of
    them continue `prefix`, which the decoder has been fed already. `last_s` is the end of the window's audio in
    seconds; `max_tokens` limits a hypothesis, prefix included; `attention`: whether to keep the attention of each
    token.

    `rows` are the unfinished hypotheses, `finished` those that have ended.
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
        # A fixed seed: the same audio with the same options gives the same text.
        self._random = np.random.default_rng(0)
        self._prefix = prefix or Hypothesis()
        self.rows = [self._prefix] * rows
        self.finished: list[Hypothesis] = []

    def advance(self, logits: Float, attention: Float) -> list[int]:
        """Choose one token for each row.

        `logits`: float32 [rows, vocabulary], overwritten. `attention`: float32 [alignment heads, rows, encoder frames].
        Returns, for each row as it is now, the index of the row that it continues; empty when the search has ended.
        """
        for scores, row in zip(logits, self.rows, strict=True):
            self._rules.apply(scores, row.tokens, self._last_s)
        logprobs = logits - _log_sum_exp(logits)[:, None]
        kept = attention if self._attention else None
        parents = self._extend_samples(logprobs, kept) if self._temperature > 0 else self._extend_beams(logprobs, kept)
        if self.rows and (len(self.rows[0].tokens) >= self._max_tokens or all(map(_is_looping, self.rows))):
            self.finished += self.rows
            parents = []
        return parents

    @property
    def best(self) -> Hypothesis:
        """The finished hypothesis with the highest score; the search must have ended."""
        return max(self.finished, key=lambda hypothesis: hypothesis.score)

    def _extend_beams(self, logprobs: Float, attention: Float | None) -> list[int]:
        beams = len(self.rows)
        all_equal = len(self.rows[0].tokens) == len(self._prefix.tokens)
        candidates: list[tuple[float, int, int]] = []
        for at in range(1 if all_equal else beams):
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

    def _extend_samples(self, logprobs: Float, attention: Float | None) -> list[int]:
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
        missing = len(self.rows) - len(rows)  # the number of rows is fixed, so repeat the last one; the copies diverge
        self.rows = rows + rows[-1:] * missing
        return parents + parents[-1:] * missing

    def _finish(self, row: Hypothesis, logprob: float) -> None:
        self.finished.append(Hypothesis(row.tokens, [*row.logprobs, logprob], row.attention, ended=True))


def _largest(values: Float, count: int) -> list[int]:
    """Indices of the `count` largest values, the largest first.

    For a small count, repeated argmax is faster than partitioning 51,865 values.
    """
    values = values.copy() if count > 1 else values
    found: list[int] = []
    for _ in range(count):
        found.append(int(values.argmax()))
        if count > 1:
            values[found[-1]] = -np.inf
    return found


def _log_sum_exp(values: Float) -> Float:
    """log(sum(exp(values))) over the last axis."""
    peak = values.max(axis=-1, keepdims=True)
    total: Float = np.log(np.exp(values - peak).sum(axis=-1)) + peak[..., 0]
    return total


def _is_looping(row: Hypothesis) -> bool:
    """Whether the last tokens repeat one short phrase: the decoder is stuck and will not stop by itself."""
    tail = row.tokens[-_LOOP_TOKENS:]
    if len(tail) < _LOOP_TOKENS:
        return False
    return any(tail[period:] == tail[:-period] for period in range(1, _LOOP_PERIOD + 1))
