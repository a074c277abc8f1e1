"""Roman numerals that possess something."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "World War II's end": "World War two's end",
    "Henry VIII’s wives": "Henry the eighth's wives",
    "Louis XIV's court": "Louis the fourteenth's court",
    "Rocky III's end": "Rocky three's end",
    "the IV's tube": "the IV's tube",
    "Malcolm X's life": "Malcolm X's life",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_possessives(written: str) -> None:
    assert normalize(written) == SPOKEN[written]
