"""Single letters: A as the article and as a letter, initials, and letters that label one of several things."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize
from speech.reading.phonemes import phonemize
from speech.reading.splitting import split_sentences

SPELLED = [
    "AT&T", "Q&A", "n/a", "L.A.", "A.I.", "vitamin A", "Plan A, plan B", "I got an A in math", "A+", "A4 paper",
    "J. A. Smith", "Samuel A. Jackson", "A is for apple", "A to Z", "A. First point", "A: yes", "(a) one", "b, a) two",
    "from A to B", "Sonata in A Minor", "Type A blood", "The A team", "PLAN A FAILED", "EXHIBIT A SHOWS", "x.com/a",
    "Vitamin A Deficiency", "#PlanA", "A", "A/B", "A = 5", "A – first",
]  # fmt: skip


@pytest.mark.parametrize("written", SPELLED)
@pytest.mark.parametrize("language", ["en-us", "en-gb"])
def test_the_letter_a(written: str, language: str) -> None:
    said = phonemize(written, language).symbols.split()
    assert any(word.lstrip("(").startswith("ˈA") for word in said)
    assert not any(word.startswith("ɐ") and word != "ɐn" for word in said)


ARTICLES = [
    "a cat", "A cat sat", "A USB stick", "A 4-day trip", "A $5 bill", "A T-shirt", "It sat. A cat", "He said: “A cat!”",
    "- A cat", "1. A cat", "# A title", "Roses,\nA cat", "THIS IS A TEST", "A CAT SAT", "AM I A MAN", "A\ncat",
    "How to Build A House", "Once Upon A Time", "he read A Christmas Carol", "one and a half", "1 1/2 cups", "(A dog)",
    "#ThisIsATest", "**A cat**", "A for-profit school",
]  # fmt: skip


@pytest.mark.parametrize("written", ARTICLES)
def test_the_article(written: str) -> None:
    said = phonemize(written).symbols.split()
    assert any(word.lstrip("(“") == "ɐ" for word in said)
    assert not any(word.startswith("ˈA") for word in said)


SENTENCES = [
    ["J. A. Smith wrote it.", "A. B. Carter read it."],
    ["Samuel A. Jackson and George W. Bush met."],
    ["Our only way out of here is Plan B.", "Next we will try the other one."],
    ["All of us need some Vitamin D.", "Most of us have too little of it."],
    ["It was written by J. Smith.", "I read it."],
]


@pytest.mark.parametrize("sentences", SENTENCES, ids=lambda sentences: sentences[0])
def test_initials_end_no_sentence(sentences: list[str]) -> None:
    assert [piece.text for piece in split_sentences(" ".join(sentences))] == sentences


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("J. A. Smith", "J A Smith"),
        ("J.K. Rowling", "J K Rowling"),
        ("J. R. R. Tolkien", "J R R Tolkien"),
        ("by Samuel A. Jackson", "by Samuel A Jackson"),
        ("Plan B. Next we tried", "Plan B. Next we tried"),
        ("He got a B. The next was a C.", "He got a B. The next was a C."),
        ("Section C. Smith", "Section C. Smith"),
        ("Item C. Row A", "Item C. Row A"),
        ("at 10 a.m. A. Smith left", "at ten AM. A Smith left"),
    ],
)
def test_a_letter_that_names_something_keeps_its_full_stop(written: str, spoken: str) -> None:
    assert normalize(written) == spoken
