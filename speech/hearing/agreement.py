"""Which words of an unfinished utterance will stay: those on which two decodes in a row agree.

Reference: LocalAgreement-2 of Macháček, Dabre and Bojar 2023, "Turning Whisper into Real-Time Transcription System".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from speech.hearing.decoding import Hypothesis


class LocalAgreement:
    """The decodes of one utterance, each over more sound than the one before and beginning with `stable`."""

    def __init__(self, is_text: Callable[[int], bool]) -> None:
        self._is_text = is_text
        self._previous: list[int] = []
        self.stable = Hypothesis()

    def hear(self, hypothesis: Hypothesis, word_ends: Sequence[int]) -> None:
        """Take the next decode. `word_ends`: numbers of its tokens after which a word ends that may become stable."""
        text = [token for token in hypothesis.tokens if self._is_text(token)]
        agreed = _common(text, self._previous)
        self._previous = text
        for end in word_ends:
            if end > len(self.stable.tokens) and sum(map(self._is_text, hypothesis.tokens[:end])) <= agreed:
                self.stable = hypothesis.prefix(end)


def _common(first: Sequence[int], second: Sequence[int]) -> int:
    """Number of tokens that both begin with."""
    for at, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return at
    return min(len(first), len(second))
