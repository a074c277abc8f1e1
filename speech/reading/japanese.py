"""Japanese phrases and their sounds, through misaki's romanizer (the letters Kokoro was trained with) over UniDic."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from num2words import num2words

from speech.errors import EngineUnusable
from speech.reading.cjk_figures import JAPANESE, MIXED

_NUMBER = re.compile(r"(?P<digits>0[0-9]{2,}(?![0-9.])|[0-9]{13,})|(?P<whole>[0-9]+)(?:\.(?P<decimals>[0-9]+))?")
"""Codes, what has no name, and decimals are said digit by digit."""


def parts(phrase: str) -> list[str]:
    """`phrase` cut around the words in Latin letters, not the units; together they are `phrase`."""
    foreign = [match for match in MIXED.finditer(phrase) if match["latin"]]
    cuts = [place for match in foreign for place in (match.start(), match.end("latin"), match.end())]
    return [phrase[start:end] for start, end in pairwise([0, *cuts, len(phrase)]) if start < end]


def pronounce(phrase: str) -> str:
    """Phonemes of a phrase. Particles and readings depend on their neighbours, so a phrase is not taken apart."""
    said, _ = _romanizer()(_NUMBER.sub(_kanji, JAPANESE.in_words(phrase)))
    return str(said)


def _kanji(number: re.Match[str]) -> str:
    """'333' -> '三百三十三': misaki writes numbers in kana, which UniDic then cuts in the wrong places."""
    digits = "".join(num2words(digit, lang="ja") for digit in number["digits"] or number["decimals"] or "")
    if number["digits"]:
        return digits
    whole = num2words(number["whole"], lang="ja")
    return f"{whole}点{digits}" if digits else str(whole)


@lru_cache(maxsize=1)
def _romanizer() -> Any:
    try:
        from misaki.cutlet import Cutlet

        return Cutlet()
    except (ImportError, RuntimeError) as error:
        raise EngineUnusable("Japanese is not installed; run: pip install 'tritone[ja]'") from error
