"""Which window is decoded next."""

from collections import Counter

import pytest

from speech.hearing.admission import PATIENCE, AdmissionPolicy, Urgency

FINAL, FIRST, REST, PARTIAL = Urgency


def test_the_most_urgent_goes_first() -> None:
    assert AdmissionPolicy().choose([REST, FINAL, PARTIAL, FIRST], []) is FINAL
    assert AdmissionPolicy().choose([REST, PARTIAL, FIRST], []) is FIRST
    assert AdmissionPolicy().choose([PARTIAL, REST], []) is REST
    assert AdmissionPolicy().choose([PARTIAL], []) is PARTIAL
    assert AdmissionPolicy().choose([], [FINAL]) is None


@pytest.mark.parametrize("running", [FINAL, FIRST, REST])
def test_a_partial_does_not_slow_better_work_but_gets_on(running: Urgency) -> None:
    policy = AdmissionPolicy()
    taken = [policy.choose([PARTIAL], [running]) for _ in range(2 * PATIENCE[PARTIAL] + 2)]
    assert taken == 2 * [*[None] * PATIENCE[PARTIAL], PARTIAL]
    assert policy.choose([PARTIAL], [PARTIAL]) is PARTIAL


def test_a_file_does_not_hold_up_a_final_that_is_being_made() -> None:
    policy = AdmissionPolicy()
    assert [policy.choose([REST], [FINAL]) for _ in range(PATIENCE[REST] + 1)] == [*[None] * PATIENCE[REST], REST]
    assert policy.choose([FINAL], [FINAL]) is FINAL
    assert policy.choose([REST], [REST]) is REST


def test_nothing_waits_for_ever() -> None:
    policy = AdmissionPolicy()
    taken = Counter(policy.choose(list(Urgency), [FINAL, REST]) for _ in range(100))
    assert taken[FINAL] == max(taken.values()) >= 40
    assert all(taken[urgency] >= 100 // (2 * PATIENCE[urgency] + 2) for urgency in Urgency)
