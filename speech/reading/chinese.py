"""Mandarin words and their sounds, through misaki (jieba's words, pypinyin's tones, cn2an's numbers)."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from speech.errors import EngineUnusable
from speech.reading.cjk_figures import CHINESE, MIXED

_NUMBER = re.compile(r"(?P<digits>[12][0-9]{3}(?=年)|0[0-9]+(?![0-9.月日])|[0-9]{17,})|[0-9]+(?:\.[0-9]+)?")
"""Years, codes and what has no name are said digit by digit."""


def words(text: str) -> list[str]:
    """`text` cut into words; together they are `text`."""
    result: list[str] = []
    position = 0
    for foreign in MIXED.finditer(text):
        result += _jieba().lcut(text[position : foreign.start()])
        result += filter(None, foreign.groups())
        position = foreign.end()
    return result + list(_jieba().lcut(text[position:]))


def pronounce(word: str) -> str:
    """Phonemes of one word; a figure is read as a number."""
    g2p = _misaki()
    spoken = _NUMBER.sub(_number, CHINESE.in_words(word))
    return "".join(g2p.word2ipa(part) for part in re.findall("[\u4e00-\u9fff]+", spoken)).replace("\u032f", "")


def _number(match: re.Match[str]) -> str:
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
