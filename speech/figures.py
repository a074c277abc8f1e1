"""Figures and Latin letters among Chinese and Japanese: where they stand, and the words of their units."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {
    "%": ("百分之{}", "{}パーセント"), "％": ("百分之{}", "{}パーセント"),
    "℃": ("{}摄氏度", "{}度"), "°C": ("{}摄氏度", "{}度"), "°F": ("华氏{}度", "華氏{}度"),
    "°": ("{}度", "{}度"),
    "km": ("{}公里", "{}キロメートル"), "m": ("{}米", "{}メートル"), "cm": ("{}厘米", "{}センチメートル"),
    "mm": ("{}毫米", "{}ミリメートル"), "kg": ("{}公斤", "{}キログラム"), "g": ("{}克", "{}グラム"),
    "mg": ("{}毫克", "{}ミリグラム"), "km/h": ("每小时{}公里", "時速{}キロメートル"),
    "$": ("{}美元", "{}ドル"), "¥": ("{}元", "{}円"), "￥": ("{}元", "{}円"), "€": ("{}欧元", "{}ユーロ"),
    "£": ("{}英镑", "{}ポンド"),
}  # fmt: skip
"""What a unit or a currency says in Chinese and in Japanese, with its amount at {}."""

_CURRENCY = "[$¥￥€£]"
_UNIT = rf"(?:{'|'.join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))})(?![A-Za-z])"
_AMOUNT = "[0-9][0-9.,]*[万亿億兆]?"
_LATIN = "[A-Za-zÀ-ÖØ-öø-ɏ]{1,40}(?:['-][A-Za-z]{1,40}){0,4}"

MIXED = re.compile(
    rf"""
    (?P<latin>{_LATIN})
    | (?P<figure>{_CURRENCY}?[0-9][0-9.,:%％/-]*[万亿億兆]?(?:[ ]?{_UNIT}|[年月日号點点时時分秒元块円])?)
    """,
    re.VERBOSE,
)
"""The words and figures of a text; the rest of it is Chinese or Japanese."""
SPACE_BEFORE_UNIT = rf"(?<=[0-9])[ ](?={_UNIT})"


def is_latin(word: str) -> bool:
    return re.fullmatch(_LATIN, word) is not None


@dataclass(frozen=True)
class Figures:
    """The words of a language for what stands at a number; the number itself is left as it is."""

    units: dict[str, str]

    def in_words(self, text: str) -> str:
        return _MEASURE.sub(self._counted, _PRICE.sub(self._counted, text))

    def _counted(self, match: re.Match[str]) -> str:
        return self.units[match["unit"]].format(match["amount"])


_PRICE = re.compile(rf"(?P<unit>{_CURRENCY})(?P<amount>{_AMOUNT})")
_MEASURE = re.compile(rf"(?P<amount>{_AMOUNT})[ ]?(?P<unit>{_UNIT})")

CHINESE = Figures(units={unit: chinese for unit, (chinese, _) in _UNITS.items()})
JAPANESE = Figures(units={unit: japanese for unit, (_, japanese) in _UNITS.items()})
