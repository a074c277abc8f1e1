"""LocalAgreement-2 on small token ids: text below 100, timestamps from 100."""

from hypothesis import given
from hypothesis import strategies as st

from speech.hearing.agreement import LocalAgreement
from speech.hearing.decoding import Hypothesis


def agreement(*decodes: list[int]) -> LocalAgreement:
    """After these results, in which every text token is a word that may become stable."""
    local = LocalAgreement(lambda token: token < 100)
    for tokens in decodes:
        ends = [at + 1 for at, token in enumerate(tokens) if token < 100]
        local.hear(Hypothesis(tokens, [-0.5] * (len(tokens) + 1)), ends)
    return local


def test_one_result_makes_nothing_stable() -> None:
    assert agreement([100, 1, 2]).stable.tokens == []


def test_what_two_results_begin_with_is_stable() -> None:
    stable = agreement([100, 1, 2, 3], [100, 1, 2, 4, 5]).stable
    assert stable.tokens == [100, 1, 2]
    assert stable.logprobs == [-0.5] * 3


def test_timestamps_may_differ_and_those_of_the_last_result_are_kept() -> None:
    assert agreement([100, 1, 110, 110, 2], [101, 1, 2, 3]).stable.tokens == [101, 1, 2]
    assert agreement([101, 1, 2], [100, 1, 111, 111, 2, 112]).stable.tokens == [100, 1, 111, 111, 2]


def test_a_word_that_may_not_become_stable_yet_stays_open() -> None:
    local = LocalAgreement(lambda token: token < 100)
    local.hear(Hypothesis([100, 1, 2, 3]), [2, 4])
    local.hear(Hypothesis([100, 1, 2, 3]), [2])
    assert local.stable.tokens == [100, 1]


def test_half_of_a_word_is_not_stable() -> None:
    """Tokens 2 and 3 form one word; the two results share its first half."""
    local = LocalAgreement(lambda token: token < 100)
    local.hear(Hypothesis([100, 1, 2]), [2, 3])
    local.hear(Hypothesis([100, 1, 2, 3]), [2, 4])
    assert local.stable.tokens == [100, 1]


@given(st.lists(st.lists(st.integers(0, 3), max_size=8), max_size=8))
def test_stable_only_grows_when_results_begin_with_it(tails: list[list[int]]) -> None:
    local = LocalAgreement(lambda token: token < 100)
    before: list[int] = []
    for tail in tails:
        tokens = [*local.stable.tokens, *tail]
        local.hear(Hypothesis(tokens, [0.0] * len(tokens)), range(1, len(tokens) + 1))
        assert local.stable.tokens[: len(before)] == before
        assert tokens[: len(local.stable.tokens)] == local.stable.tokens
        before = local.stable.tokens
