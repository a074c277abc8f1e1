"""Token rules and searches, on a vocabulary of 65 tokens."""

from types import SimpleNamespace

import numpy as np
import pytest

from speech.hearing.decoding import NEVER, Hypothesis, Search, TokenRules
from speech.hearing.tokenizer import Tokenizer

EOT, SOT, NO_TIMESTAMPS, BEGIN, SIZE = 10, 11, 14, 15, 65


class _Vocabulary(SimpleNamespace):
    """0-9 text, 10 end, 11-14 special, 15-64 timestamps 0.00 to 0.98 s."""

    eot = EOT
    timestamp_begin = BEGIN
    special = (11, 12, 13, 14)


@pytest.fixture
def rules() -> TokenRules:
    tokenizer: Tokenizer = _Vocabulary()  # type: ignore[assignment]
    return TokenRules(tokenizer, suppress=(3,), begin_suppress=(EOT,))


def allowed(rules: TokenRules, tokens: list[int], last_s: float = 0.98, **favoured: float) -> set[int]:
    logits = np.zeros(SIZE, np.float32)
    logits[:BEGIN] = favoured.get("text", 5.0)
    rules.apply(logits, tokens, last_s)
    return {token for token in range(SIZE) if logits[token] > NEVER / 2}


def stamp(seconds: float) -> int:
    return BEGIN + round(seconds / 0.02)


def test_the_first_token_is_a_timestamp(rules: TokenRules) -> None:
    assert allowed(rules, []) == set(range(BEGIN, SIZE))


def test_after_an_opening_timestamp_comes_text(rules: TokenRules) -> None:
    assert allowed(rules, [stamp(0.1)]) == set(range(EOT + 1)) - {3}


def test_after_a_closing_timestamp_comes_a_timestamp_or_the_end(rules: TokenRules) -> None:
    assert allowed(rules, [stamp(0.1), 1, stamp(0.5)]) == {EOT, *range(stamp(0.5), SIZE)}


def test_timestamps_go_forward_and_segments_are_not_empty(rules: TokenRules) -> None:
    assert stamp(0.1) not in allowed(rules, [stamp(0.1), 1])
    assert stamp(0.12) in allowed(rules, [stamp(0.1), 1])


def test_no_timestamp_beyond_the_sound(rules: TokenRules) -> None:
    assert max(allowed(rules, [stamp(0.1), 1], last_s=0.5)) == stamp(0.5)


def test_probable_timestamps_shut_out_text(rules: TokenRules) -> None:
    assert allowed(rules, [stamp(0.1), 1], text=-5.0) == set(range(stamp(0.12), SIZE))


def search(rules: TokenRules, rows: int, temperature: float = 0.0, max_tokens: int = 20) -> Search:
    return Search(rules, EOT, rows, temperature, 0.98, max_tokens, attention=False)


def feed(target: Search, script: dict[tuple[int, ...], dict[int, float]]) -> None:
    """Drive a search with log-probabilities that depend on the text tokens so far."""
    nothing = np.zeros((1, len(target.rows), 4), np.float32)
    for _ in range(30):
        logits = np.full((len(target.rows), SIZE), -20.0, np.float32)
        for row, hypothesis in zip(logits, target.rows, strict=True):
            text = tuple(token for token in hypothesis.tokens if token < EOT)
            if not hypothesis.tokens:
                row[BEGIN] = 20.0
            for token, score in script.get(text, {EOT: 5.0}).items():
                row[token] = score
        if not target.advance(logits, nothing):
            return
    raise AssertionError("the search did not end")


GARDEN_PATH = {
    (): {1: np.log(0.6), 2: np.log(0.4)},
    (1,): {4: np.log(0.3), 5: np.log(0.3), 6: np.log(0.4)},
    (2,): {7: np.log(0.99)},
}


def test_a_prefix_is_kept_and_continued(rules: TokenRules) -> None:
    """The tokens of the prefix count in the score, and the beams still begin from one row."""
    given = Hypothesis([BEGIN, 1], [-0.1, -0.2], [np.zeros((1, 4), np.float32)] * 2)
    for rows in (1, 3):
        forced = Search(rules, EOT, rows, 0.0, 0.98, 20, attention=True, prefix=given)
        feed(forced, GARDEN_PATH)
        assert text(forced.best.tokens) == [1, 6]
        assert forced.best.logprobs[:2] == given.logprobs
        assert len(forced.best.attention) == len(forced.best.tokens)


def text(hypothesis_tokens: list[int]) -> list[int]:
    return [token for token in hypothesis_tokens if token < EOT]


def test_one_row_is_greedy_and_more_rows_look_ahead(rules: TokenRules) -> None:
    greedy, beam = search(rules, 1), search(rules, 3)
    feed(greedy, GARDEN_PATH)
    feed(beam, GARDEN_PATH)
    assert text(greedy.best.tokens) == [1, 6]
    assert text(beam.best.tokens) == [2, 7]
    assert beam.best.score > greedy.best.score


def test_samples_are_repeatable_and_follow_the_probabilities(rules: TokenRules) -> None:
    first, second = search(rules, 4, temperature=1.0), search(rules, 4, temperature=1.0)
    feed(first, GARDEN_PATH)
    feed(second, GARDEN_PATH)
    assert [h.tokens for h in first.finished] == [h.tokens for h in second.finished]
    assert {tuple(text(h.tokens)) for h in first.finished} <= {(1, 4), (1, 5), (1, 6), (2, 7)}


def test_a_loop_ends_the_search_early(rules: TokenRules) -> None:
    endless = search(rules, 1, max_tokens=10_000)
    nothing = np.zeros((1, 1, 4), np.float32)
    logits = np.full((1, SIZE), -20.0, np.float32)
    logits[0, BEGIN] = 20.0
    endless.advance(logits, nothing)
    for count in range(1, 200):
        logits = np.full((1, SIZE), -20.0, np.float32)
        logits[0, 1 + count % 2] = 5.0
        if not endless.advance(logits, nothing):
            break
    assert count < 60
    assert endless.best.tokens


def test_the_number_of_tokens_is_bounded(rules: TokenRules) -> None:
    bounded = search(rules, 1, max_tokens=3)
    feed(bounded, {(): {1: 5.0}, (1,): {2: 5.0}, (1, 2): {4: 5.0}, (1, 2, 4): {5: 5.0}})
    assert len(bounded.best.tokens) == 3
