"""The sound of one stream that is still needed, by its position in the stream."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]


class Tape:
    """float32 [samples]; positions are samples from the start of the stream."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[int, Float]] = deque()
        self._end = 0

    def __len__(self) -> int:
        """Samples that are kept."""
        return self._end - self._pieces[0][0] if self._pieces else 0

    @property
    def end(self) -> int:
        """Samples received."""
        return self._end

    def push(self, pcm: Float) -> None:
        if len(pcm):
            self._pieces.append((self._end, pcm))
            self._end += len(pcm)

    def drop(self, position: int) -> None:
        """Forget the pieces that end at `position` or before it."""
        while self._pieces and self._pieces[0][0] + len(self._pieces[0][1]) <= position:
            self._pieces.popleft()

    def copy(self, start: int, stop: int) -> Float:
        return np.concatenate([pcm[max(start - at, 0) : max(stop - at, 0)] for at, pcm in self._pieces])
