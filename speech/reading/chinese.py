"""Words of Mandarin text and their phonemes, from misaki with jieba (words), pypinyin (tones) and cn2an (numbers)."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from speech.errors import EngineUnusable
from speech.reading.cjk_figures import CHINESE, MIXED

_NUMBER = re.compile(r"(?P<digits>[12][0-9]{3}(?=年)|0[0-9]+(?![0-9.月日])|[0-9]{17,})|[0-9]+(?:\.[0-9]+)?")
"""A figure. Years, codes (007) and numbers of 17 digits and more are read digit by digit."""


def split_words(text: str) -> list[str]:
    """The words of `text`; joined, they are `text` again.

    Raises: EngineUnusable if the extra `zh` is not installed.
    """
    words: list[str] = []
    position = 0
    for mixed in MIXED.finditer(text):
        words += _jieba().lcut(text[position : mixed.start()])
        words += filter(None, mixed.groups())
        position = mixed.end()
    return words + list(_jieba().lcut(text[position:]))


def pronounce(word: str) -> str:
    """Phonemes of one word or figure. Raises: EngineUnusable if the extra `zh` is not installed."""
    g2p = _misaki()
    in_characters = _NUMBER.sub(_number_in_characters, CHINESE.in_words(word))
    return "".join(g2p.word2ipa(part) for part in re.findall("[\u4e00-\u9fff]+", in_characters)).replace("\u032f", "")


def _number_in_characters(match: re.Match[str]) -> str:
    """'333' -> '三百三十三'."""
    import cn2an

    return str(cn2an.an2cn(match[0], "direct" if match["digits"] else "low"))


@lru_cache(maxsize=1)
def _misaki() -> Any:
    try:
        from misaki.zh import ZHG2P
    except ImportError as error:
        raise EngineUnusable("Chinese is not installed; run: pip install 'tritone[zh]'") from error
    return ZHG2P


@lru_cache(maxsize=1)
def _jieba() -> Any:
    _misaki()
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba
