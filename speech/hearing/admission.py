"""Which kind of window is decoded next: urgent ones first, but none waits for ever."""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum


class Urgency(IntEnum):
    """How urgent a window is, the most urgent first."""

    FINAL = 0
    """An utterance that has just ended."""
    FIRST = 1
    """The first window of a file. Most files have no other."""
    REST = 2
    """A later window of a long file."""
    PARTIAL = 3
    """The utterance so far, while it is still being spoken. The next partial result will replace its result."""


PATIENCE = {Urgency.FINAL: 1, Urgency.FIRST: 2, Urgency.REST: 4, Urgency.PARTIAL: 8}
"""Turns that a waiting window of each urgency may be passed over before it goes first."""


class AdmissionPolicy:
    """Chooses the urgency of the next window to start. It counts how often each one was passed over."""

    def __init__(self) -> None:
        self._passed_over = dict.fromkeys(Urgency, 0)

    def choose(self, waiting: Collection[Urgency], running: Collection[Urgency]) -> Urgency | None:
        """The urgency, among those `waiting`, to start now; None if none waits or those `running` must not be held up.

        The answer counts as a turn: call this only if a window of that urgency will be started.
        """
        overdue = [urgency for urgency in sorted(waiting) if self._passed_over[urgency] >= PATIENCE[urgency]]
        chosen = min(overdue or waiting, default=None)
        if chosen is not None and not overdue and self._holds_up(chosen, running):
            chosen = None
        for urgency in waiting:
            self._passed_over[urgency] = 0 if urgency is chosen else self._passed_over[urgency] + 1
        return chosen

    @staticmethod
    def _holds_up(urgency: Urgency, running: Collection[Urgency]) -> bool:
        """Whether encoding such a window would hold up one that is running and should not wait.

        A final holds up nothing. A partial must hold up nothing more urgent. A file must not hold up a final.
        """
        if urgency is Urgency.FINAL:
            return False
        if urgency is Urgency.PARTIAL:
            return any(other < urgency for other in running)
        return Urgency.FINAL in running
