"""Which words of an unfinished utterance are stable: those on which two successive results agree.

Reference: LocalAgreement-2 of Macháček, Dabre and Bojar 2023, "Turning Whisper into Real-Time Transcription System".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from speech.hearing.decoding import Hypothesis


class LocalAgreement:
    """Compares successive results for one utterance. Each is for more audio than the last, and begins with `stable`.

    `is_text` tells text tokens from timestamps. `stable` is the hypothesis that will not change any more.
    """

    def __init__(self, is_text: Callable[[int], bool]) -> None:
        self._is_text = is_text
        self._previous: list[int] = []
        self.stable = Hypothesis()

    def hear(self, hypothesis: Hypothesis, word_ends: Sequence[int]) -> None:
        """Take the next result.

        `word_ends` lists, in ascending order, the numbers of tokens at which a word ends: only up to one of these may
        the result become stable.
        """
        text = [token for token in hypothesis.tokens if self._is_text(token)]
        agreed = _common_prefix(text, self._previous)
        self._previous = text
        for end in word_ends:
            if end > len(self.stable.tokens) and sum(map(self._is_text, hypothesis.tokens[:end])) <= agreed:
                self.stable = hypothesis.prefix(end)


def _common_prefix(first: Sequence[int], second: Sequence[int]) -> int:
    """Length of the common prefix."""
    for at, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return at
    return min(len(first), len(second))
