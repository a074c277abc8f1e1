"""Titles, names of law cases, chemical formulas, hashtags, names in code."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize
from speech.reading.phonemes import phonemize
from speech.reading.splitting import split_sentences

SPOKEN = {
    "a -> b": "a to b",
    "CO₂ emissions": "C O two emissions",
    "H₂O and x₁": "H two O and x one",
    "Al₂(SO₄)₃": "A L two(S O four)three",
    "NASA and the FBI": "NASA and the FBI",
    "#ThrowbackThursday": "hashtag Throwback Thursday",
    "@user_name": "at user name",
    "#5": "number five",
    "snake_case_name": "snake case name",
    "Mr. van Gogh": "Mister van Gogh",
    "mr. smith and dr. smith": "Mister smith and Doctor smith",
    "MR. SMITH MET DR. JONES IN ST. LOUIS": "Mister SMITH MET Doctor JONES IN Saint LOUIS",
    "Gen. Lee and Rev. and Mrs. Poe": "General Lee and Reverend and Missus Poe",
    "Mr Smith": "Mister Smith",
    "Dr. Who? Maple Dr. is": "Doctor Who? Maple Drive is",
    "12 MAPLE DR. IS": "twelve MAPLE Drive IS",
    "121 main st. is": "one hundred and twenty-one main Street is",
    "Rep. of Korea": "Rep. of Korea",
    "Gen. 3": "Gen. three",
    "5 ms. The": "five milliseconds. The",
    "I saw 3 reps. They": "I saw three reps. They",
    "Roe v. Wade was decided": "Roe versus Wade was decided",
    "Roe v Wade": "Roe versus Wade",
    "x <= y and a != b": "x is at most y and a is not equal to b",
    "if x>=5 or y == 2": "if x is at least five or y equals two",
    "I <3 you": "I love you",
    "if x < 3 then": "if x less than three then",
    "the U.S. v. Smith, Acme Inc. v. Jones": "the US versus Smith, Acme Incorporated versus Jones",
    "Smith et al. v. Jones": "Smith et al versus Jones",
    "at 5 p.m. Mr. Smith left": "at five PM. Mister Smith left",
    "England vs. The Netherlands": "England versus The Netherlands",
    "BATMAN VS. SUPERMAN": "BATMAN versus SUPERMAN",
    "VS Code": "VS Code",
    "v. 2": "version two",
    "the variable v. Then": "the variable v. Then",
    "CO2, CO2e and NO2": "C O two, C O two e and N O two",
    "H2O, H2SO4, O2": "H two O, H two S O four, O two",
    "no 2, NO 2, CO 2, MP3": "no two, NO two, CO two, MP three",
    "i.e. The cat": "that is The cat",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_words(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


SENTENCES = [
    ["I saw him at noon. ", "Mr. Smith agreed."],
    ["I SAW HIM AT NOON TODAY. ", "MR. SMITH AGREED. ", "DR. JONES LEFT."],
    ["He met mr. Smith and dr. Jones. ", "They left."],
    ["Roe v. Wade was decided. ", "It held."],
    ["It took 5 ms. ", "The next took more."],
]


@pytest.mark.parametrize("sentences", SENTENCES, ids=lambda sentences: sentences[0])
def test_titles_end_no_sentence(sentences: list[str]) -> None:
    assert [piece.text for piece in split_sentences("".join(sentences))] == [part.strip() for part in sentences]


@pytest.mark.parametrize(("written", "symbols"), [("π", "pˈI"), ("Ω", "OmˈAɡə"), ("µ", "mˈIkɹO"), ("5 Ω", "fˈIv ˈOmz")])
def test_greek_letters(written: str, symbols: str) -> None:
    assert phonemize(written).symbols == symbols
