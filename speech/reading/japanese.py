"""Phonemes of Japanese phrases, from misaki's romanizer (whose symbols Kokoro was trained on) and UniDic."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from num2words import num2words

from speech.errors import EngineUnusable
from speech.reading.cjk_figures import JAPANESE, MIXED

_NUMBER = re.compile(r"(?P<digits>0[0-9]{2,}(?![0-9.])|[0-9]{13,})|(?P<whole>[0-9]+)(?:\.(?P<decimals>[0-9]+))?")
"""A figure. Codes (007), numbers of 13 digits and more, and decimals are read digit by digit."""


def split_at_latin(phrase: str) -> list[str]:
    """`phrase` cut before and after each word in Latin letters (a unit after a figure is not one); joined, the
    parts are `phrase` again."""
    cuts = [0]
    for match in MIXED.finditer(phrase):
        if match["latin"]:
            cuts += [match.start(), match.end("latin"), match.end()]
    cuts.append(len(phrase))
    return [phrase[start:end] for start, end in pairwise(cuts) if start < end]


def pronounce(phrase: str) -> str:
    """Phonemes of a whole phrase: readings and particles depend on their neighbours, so its words stay together.

    Raises: EngineUnusable if the extra `ja` is not installed.
    """
    phonemes, _ = _romanizer()(_NUMBER.sub(_number_in_kanji, JAPANESE.in_words(phrase)))
    return str(phonemes)


def _number_in_kanji(number: re.Match[str]) -> str:
    """'333' -> '三百三十三'. misaki would write numbers in kana, which UniDic then splits in the wrong places."""
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
