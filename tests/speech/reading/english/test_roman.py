"""Roman numerals after names and parts of works, also in the possessive, and letters that are none."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "World War II": "World War two",
    "Henry VIII": "Henry the eighth",
    "Chapter IV": "Chapter four",
    "Louis XIV": "Louis the fourteenth",
    "the XIX century": "the nineteenth century",
    "Rocky III": "Rocky three",
    "an IV drip": "an IV drip",
    "I see": "I see",
    "World War I was long.": "World War one was long.",
    "Chapter I of Part V": "Chapter one of Part five",
    "Act I, Scene II": "Act one, Scene two",
    "a Type I error": "a Type one error",
    "Type I diabetes": "Type one diabetes",
    "Section I shows": "Section one shows",
    "the Mark I. It flew": "the Mark one. It flew",
    "The book I read": "The book I read",
    "The Book I read": "The Book I read",
    "the Part I was in": "the Part I was in",
    "Stage I breast cancer": "Stage one breast cancer",
    "a Class I medical device": "a Class one medical device",
    "Chapter I will show that Volume I had errors": "Chapter one will show that Volume one had errors",
    "chapter I am reading": "chapter I am reading",
    "Mark I think so": "Mark I think so",
    "Mark C. Smith": "Mark C Smith",
    "USB Type C": "USB Type C",
    "Class X": "Class X",
    "World War II's end": "World War two's end",
    "Henry VIII’s wives": "Henry the eighth's wives",
    "Louis XIV's court": "Louis the fourteenth's court",
    "Rocky III's end": "Rocky three's end",
    "the IV's tube": "the IV's tube",
    "Malcolm X's life": "Malcolm X's life",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_roman_numerals(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


def test_an_initial_is_no_numeral() -> None:
    assert normalize("Mark V. Smith") == "Mark V Smith"
