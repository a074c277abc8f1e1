"""Abbreviations, with and without their full stop, and where they end a sentence."""

from __future__ import annotations

import pytest

from speech.reading.english.abbreviations import BEFORE_FIGURES, MAY_END, NEVER_END
from speech.reading.normalizer import normalize

SPOKEN = {
    "Dr. Smith": "Doctor Smith",
    "Maple Dr. is": "Maple Drive is",
    "St. Louis": "Saint Louis",
    "Main St.": "Main Street.",
    "221B Baker St., London": "two hundred and twenty-one B Baker Street, London",
    "Mr. and Mrs. Jones": "Mister and Missus Jones",
    "Mr. Jones": "Mister Jones",
    "Prof. Lee": "Professor Lee",
    "Gen. Lee": "General Lee",
    "Gen Z and Gen Alpha": "Gen Z and Gen Alpha",
    "e.g. this": "for example this",
    "i.e. that": "that is that",
    "and so on, etc.": "and so on, et cetera.",
    "cats, dogs, etc. are": "cats, dogs, et cetera are",
    "us vs. them": "us versus them",
    "No. 5": "number five",
    "No. I won't.": "No. I won't.",
    "pp. 3-5": "pages three to five",
    "Fig. 2": "figure two",
    "the U.S. economy": "the US economy",
    "in the U.S. He": "in the US. He",
    "the U.S. Army": "the US Army",
    "Acme Inc. said": "Acme Incorporated said",
    "a Ph.D. student": "a P H D student",
    "and/or": "and or",
    "w/o": "without",
    "R&D at AT&T": "R and D at A T and T",
    "C++ and C#": "C plus plus and C sharp",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_abbreviations(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


def test_an_abbreviation_ends_a_sentence_never_or_sometimes() -> None:
    assert {"Mr", "e.g", "Sept"} <= NEVER_END
    assert {"etc", "Inc", "U.S"} <= MAY_END
    assert {"No", "vol"} <= BEFORE_FIGURES
    assert not NEVER_END & MAY_END
