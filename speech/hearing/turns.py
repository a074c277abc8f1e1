"""Whose turn it is: urgent work first, but nothing waits for ever."""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum


class Urgency(IntEnum):
    """What a window is to the one who waits for it, the most urgent first."""

    FINAL = 0
    """An utterance that has just ended."""
    FIRST = 1
    """The first window of a file: with most files, all of it."""
    REST = 2
    """The later windows of a long file."""
    PARTIAL = 3
    """What was said up to now; the next one will replace it."""


PATIENCE = {Urgency.FINAL: 1, Urgency.FIRST: 2, Urgency.REST: 4, Urgency.PARTIAL: 8}
"""Turns that others may take while such a window could be started."""


class Turns:
    def __init__(self) -> None:
        self._passed = dict.fromkeys(Urgency, 0)

    def choose(self, waiting: Collection[Urgency], running: Collection[Urgency]) -> Urgency | None:
        """What to start now; None if what runs is better than all that waits."""
        overdue = [urgency for urgency in sorted(waiting) if self._passed[urgency] >= PATIENCE[urgency]]
        chosen = min(overdue or waiting, default=None)
        if chosen is not None and not overdue and self._disturbs(chosen, running):
            chosen = None
        for urgency in waiting:
            self._passed[urgency] = 0 if urgency is chosen else self._passed[urgency] + 1
        return chosen

    @staticmethod
    def _disturbs(urgency: Urgency, running: Collection[Urgency]) -> bool:
        """Whether the encode of such a window holds up what should not wait: a final, or by a partial anything."""
        if urgency is Urgency.FINAL:
            return False
        if urgency is Urgency.PARTIAL:
            return any(other < urgency for other in running)
        return Urgency.FINAL in running
