"""The audio of one stream that is still needed, addressed by its position in the stream."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]


class AudioBuffer:
    """Mono float32 audio. Positions are samples from the start of the stream."""

    def __init__(self) -> None:
        self._chunks: deque[tuple[int, Float]] = deque()
        self._end = 0

    def __len__(self) -> int:
        """Number of samples that are kept."""
        return self._end - self._chunks[0][0] if self._chunks else 0

    @property
    def end(self) -> int:
        """Position after the last sample received."""
        return self._end

    def push(self, pcm: Float) -> None:
        """Append `pcm`, [samples]."""
        if len(pcm):
            self._chunks.append((self._end, pcm))
            self._end += len(pcm)

    def drop(self, position: int) -> None:
        """Forget the chunks that end at `position` or before it."""
        while self._chunks and self._chunks[0][0] + len(self._chunks[0][1]) <= position:
            self._chunks.popleft()

    def copy(self, start: int, stop: int) -> Float:
        """The samples [stop - start] from position `start` up to `stop`; fewer where they were dropped or not yet sent.

        At least one chunk must be kept.
        """
        return np.concatenate([pcm[max(start - at, 0) : max(stop - at, 0)] for at, pcm in self._chunks])
