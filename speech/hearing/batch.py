"""Windows that decode together: one run of the decoder generates a token for all of them.

Windows join and leave between any two tokens (in-flight batching). Rows have histories of unequal length, so their K/V
caches are padded on the left and masked. Windows have audio of unequal length, so their cross-attention K/V are padded
on the right and masked.

Shapes: W windows, R rows (W times `rows`), L decoder layers, H heads, D head size, A alignment heads, S encoder frames,
T positions of the K/V cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from speech.engines import Engine
from speech.hearing.decoding import NEVER, Search

Array = NDArray[Any]
Float = NDArray[np.float32]


@dataclass(frozen=True)
class EncodedAudio:
    """The encoder's output for one window: cross-attention K and V of each decoder layer, 2L arrays [1,H,S,D]."""

    arrays: tuple[Array, ...]

    @property
    def frames(self) -> int:
        return int(self.arrays[0].shape[2])


@dataclass
class _Member:
    search: Search
    frames: int


class Batch:
    """The decoder's state for the windows in flight. Each window has `rows` rows: its beams or samples.

    `_past` and `_cross` hold K and V of each layer in turn: 2L arrays [R,H,T,D] and 2L arrays [W,H,S,D]. `_valid` [R,T]
    is False where the cache is padded; `_cross_bias` [W,1,1,S] is NEVER where the audio is padded.
    """

    def __init__(self, decoder: Engine, layers: int, heads: int, head_size: int, rows: int) -> None:
        self._decoder = decoder
        self._layers = layers
        self._rows = rows
        self._members: list[_Member] = []
        self._past = [np.zeros((0, heads, 0, head_size), np.float32)] * (2 * layers)
        self._valid = np.zeros((0, 0), dtype=bool)
        self._cross: list[Array] = [np.zeros((0, heads, 0, head_size), np.float32)] * (2 * layers)
        self._cross_bias = np.zeros((0, 1, 1, 0), np.float32)

    def __len__(self) -> int:
        return len(self._members)

    @property
    def rows(self) -> int:
        """Rows of each window."""
        return self._rows

    def prefill(self, encoded: Sequence[EncodedAudio], prompts: Sequence[Sequence[int]]) -> Prefill:
        """Start windows outside the batch, one row each, by feeding them their `prompts` (token ids)."""
        return Prefill(self._decoder, self._layers, encoded).feed(prompts)

    def join(self, started: Prefill, searches: Sequence[Search]) -> list[Search]:
        """Add started windows to the batch; each search chooses its first token.

        `started` must not be used afterwards. Returns the searches that have ended with that token.
        """
        joined = started.repeat_rows(self._rows)
        self._members += [_Member(search, frames) for search, frames in zip(searches, started.frames, strict=True)]
        self._past = [_stack(old, new, axis=2, left=True) for old, new in zip(self._past, joined.past, strict=True)]
        self._valid = _stack(self._valid, joined.valid, axis=1, left=True)
        self._cross = [_stack(old, new, axis=2) for old, new in zip(self._cross, joined.cross, strict=True)]
        self._cross_bias = _stack(self._cross_bias, joined.cross_bias, axis=3, fill=NEVER)
        first = len(self._members) - len(searches)
        return self._choose_tokens(joined.logits, joined.alignment, first)

    def step(self) -> list[Search]:
        """Generate one token for every row. Returns the searches that have ended; their windows have left the batch."""
        tokens = np.array([[row.tokens[-1]] for member in self._members for row in member.search.rows], np.int64)
        self._valid = np.concatenate([self._valid, np.ones((len(tokens), 1), bool)], axis=1)
        positions = self._valid.sum(axis=1, keepdims=True) - 1
        bias = np.where(self._valid, np.float32(0), np.float32(NEVER))[:, None, None, :]
        logits, alignment, self._past = _run(
            self._decoder, tokens, positions, bias, self._past, self._cross, self._cross_bias
        )
        return self._choose_tokens(logits, alignment, first=0)

    def drop(self, searches: Sequence[Search]) -> None:
        """Remove the windows of `searches` before they have ended."""
        dropped = set(searches)
        keep = [at for at, member in enumerate(self._members) if member.search not in dropped]
        self._select(keep, [at * self._rows + row for at in keep for row in range(self._rows)])

    def _choose_tokens(self, logits: Float, alignment: Float, first: int) -> list[Search]:
        """Let the searches from index `first` on choose tokens, then order the rows as the searches did.

        `logits` [rows,vocabulary] and `alignment` [windows,A,rows of a window,S] are those of these searches.
        Returns the searches that have ended.
        """
        done: list[Search] = []
        keep = list(range(first))
        rows = list(range(first * self._rows))
        for at, member in enumerate(self._members[first:], start=first):
            at_row = (at - first) * self._rows
            parents = member.search.advance(
                logits[at_row : at_row + self._rows], alignment[at - first, :, :, : member.frames]
            )
            if parents:
                keep.append(at)
                rows += [at * self._rows + parent for parent in parents]
            else:
                done.append(member.search)
        self._select(keep, rows)
        return done

    def _select(self, windows: list[int], rows: list[int]) -> None:
        """Keep the windows and rows with these indices, in this order, and cut off padding that is no longer needed."""
        if rows != list(range(len(self._valid))):
            self._past = [past[rows] for past in self._past]
            self._valid = self._valid[rows]
        if len(windows) == len(self._members):
            return
        self._members = [self._members[at] for at in windows]
        frames = max((member.frames for member in self._members), default=0)
        self._cross = [cross[windows, :, :frames] for cross in self._cross]
        self._cross_bias = self._cross_bias[windows, :, :, :frames]
        unused = int(self._valid.any(axis=0).argmax()) if rows else self._valid.shape[1]
        if unused:
            self._past = [np.ascontiguousarray(past[:, :, unused:]) for past in self._past]
            self._valid = self._valid[:, unused:]


class Prefill:
    """Windows that are being started, one row each; prompts of unequal length are padded on the left.

    `logits` [W,vocabulary] are those after the last token that was fed; `alignment` [W,A,tokens fed,S] is the attention
    of the alignment heads. `past`, `valid`, `cross` and `cross_bias` are as in Batch.
    """

    def __init__(self, decoder: Engine, layers: int, encoded: Sequence[EncodedAudio]) -> None:
        self._decoder = decoder
        self.frames = [audio.frames for audio in encoded]
        widest = max(self.frames)
        self.cross = [
            np.concatenate([_pad(audio.arrays[part], 2, widest) for audio in encoded]) for part in range(2 * layers)
        ]
        outside = np.arange(widest) >= np.array(self.frames)[:, None]
        self.cross_bias = np.where(outside, np.float32(NEVER), np.float32(0))[:, None, None, :]
        heads, size = self.cross[0].shape[1], self.cross[0].shape[3]
        self.past = [np.zeros((len(encoded), heads, 0, size), np.float32)] * (2 * layers)
        self.valid = np.zeros((len(encoded), 0), dtype=bool)
        self.logits: Float = np.zeros((len(encoded), 0), np.float32)
        self.alignment: Float = np.zeros((len(encoded), 0, 0, 0), np.float32)

    @property
    def length(self) -> int:
        """Tokens that the longest of the windows has been fed."""
        return int(self.valid.sum(axis=1).max())

    def feed(self, prompts: Sequence[Sequence[int]]) -> Prefill:
        """Feed each window one more list of tokens; `logits` are then those after its last token. Returns itself."""
        length = max(map(len, prompts))
        tokens = np.zeros((len(prompts), length), np.int64)
        new = np.zeros((len(prompts), length), bool)
        for row, prompt in enumerate(prompts):
            tokens[row, length - len(prompt) :] = prompt
            new[row, length - len(prompt) :] = True
        past = self.valid.shape[1]
        self.valid = np.concatenate([self.valid, new], axis=1)
        positions = np.maximum(self.valid.cumsum(axis=1)[:, past:] - 1, 0)
        later = np.arange(past + length) > np.arange(past, past + length)[:, None]
        masked = ~self.valid[:, None, None, :] | later
        bias = np.where(masked, np.float32(NEVER), np.float32(0))
        self.logits, alignment, self.past = _run(
            self._decoder, tokens, positions, bias, self.past, self.cross, self.cross_bias
        )
        self.alignment = np.concatenate([self.alignment, alignment], axis=2) if past else alignment
        return self

    def attention(self, count: int) -> list[Float]:
        """The attention [A,S] of each of the last `count` tokens of the only window.

        It is the attention of the step before the token is fed, which would have chosen it if it had been generated.
        """
        return [self.alignment[0, :, at] for at in range(-1 - count, -1)]

    def repeat_rows(self, rows: int) -> Prefill:
        """Give each window `rows` equal rows, and keep the alignment of the last token only. Returns itself."""
        if rows > 1:
            self.past = [np.repeat(past, rows, axis=0) for past in self.past]
            self.valid = np.repeat(self.valid, rows, axis=0)
            self.logits = np.repeat(self.logits, rows, axis=0)
        self.alignment = np.repeat(self.alignment[:, :, -1:], rows, axis=2)
        return self


def _run(
    decoder: Engine,
    tokens: Array,
    positions: Array,
    self_bias: Float,
    past: list[Array],
    cross: list[Array],
    cross_bias: Float,
) -> tuple[Float, Float, list[Array]]:
    """Run the decoder on `tokens` [R,T']. Returns logits, alignment and the caches that have grown by T' positions."""
    caches = {f"past_{part}_{i // 2}": past[i] for i, part in _parts(past)}
    crosses = {f"cross_{part}_{i // 2}": cross[i] for i, part in _parts(cross)}
    out = decoder.run(
        tokens=tokens, positions=positions, self_bias=self_bias, cross_bias=cross_bias, **caches, **crosses
    )
    return out["logits"], out["alignment"], [out[f"{part}_{i // 2}"] for i, part in _parts(past)]


def _parts(arrays: list[Array]) -> list[tuple[int, str]]:
    """The index of each array, and whether it holds K or V."""
    return [(i, "kv"[i % 2]) for i in range(len(arrays))]


def _pad(array: Array, axis: int, size: int, *, left: bool = False, fill: float = 0) -> Array:
    """Fill `array` up to `size` along `axis`."""
    missing = size - array.shape[axis]
    if not missing:
        return array
    widths = [(0, 0)] * array.ndim
    widths[axis] = (missing, 0) if left else (0, missing)
    return np.pad(array, widths, constant_values=fill)


def _stack(old: Array, new: Array, axis: int, *, left: bool = False, fill: float = 0) -> Array:
    """The rows of `old`, then those of `new`, padded to the same size along `axis`."""
    if not len(old):
        return new
    size = max(old.shape[axis], new.shape[axis])
    return np.concatenate([_pad(part, axis, size, left=left, fill=fill) for part in (old, new)])
