"""Japanese phrases and their sounds, through misaki's romanizer (the letters Kokoro was trained with) over UniDic."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from num2words import num2words

from speech.errors import EngineUnusable
from speech.figures import JAPANESE, MIXED

_FIGURE = re.compile("[0-9]{1,400}")


def parts(phrase: str) -> list[str]:
    """`phrase` cut around the words in Latin letters, not the units; together they are `phrase`."""
    cuts = [place for foreign in MIXED.finditer(phrase) if foreign["latin"] for place in foreign.span()]
    return [phrase[start:end] for start, end in pairwise([0, *cuts, len(phrase)]) if start < end]


def pronounce(phrase: str) -> str:
    """Phonemes of a phrase. Particles and readings depend on their neighbours, so a phrase is not taken apart."""
    said, _ = _romanizer()(_FIGURE.sub(_kanji, JAPANESE.in_words(phrase)))
    return str(said)


def _kanji(figure: re.Match[str]) -> str:
    """'333' -> '三百三十三': misaki writes numbers in kana, which UniDic then cuts in the wrong places."""
    return (
        "".join(num2words(int(c), lang="ja") for c in figure[0])
        if len(figure[0]) > 12
        else num2words(int(figure[0]), lang="ja")
    )


@lru_cache(maxsize=1)
def _romanizer() -> Any:
    try:
        from misaki.cutlet import Cutlet

        return Cutlet()
    except (ImportError, RuntimeError) as error:
        raise EngineUnusable("Japanese is not installed; run: pip install 'tritone[ja]'") from error
