"""Figures and Latin letters in Chinese and Japanese text: where they are, and how figures and units are read."""

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
"""How a unit or a currency is read in Chinese and in Japanese; {} stands for the amount."""

_CURRENCY = "[$¥￥€£]"
_UNIT = rf"(?:{'|'.join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))})(?![A-Za-z])"
_COUNTER = "[年月日号號点點时時分秒元块円]"
_GROUPED = "[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])"
_NUMBER = rf"(?:{_GROUPED}|[0-9]+)(?:\.[0-9]+){{0,9}}[万亿億兆]?"
_COUNTED_TO = "(?:[\u3400-\u9fff]{1,2}(?=[-－–~～〜][-－]?[0-9]))"
"""One or two ideographs between the ends of a range, for what is counted: 5公里-10公里."""
_QUANTITY = rf"{_CURRENCY}?{_NUMBER}(?:[ ]?{_UNIT}|{_COUNTER}|{_COUNTED_TO})?"
_LATIN = "[A-Za-zÀ-ÖØ-öø-ɏ]{1,40}(?:['-][A-Za-z]{1,40}){0,4}"

SIGN = rf"(?<![\u30a0-\u30ff])[-－](?={_CURRENCY}?[0-9])"
"""The pattern of a minus sign. After katakana a hyphen belongs to the word instead."""
MIXED = re.compile(
    rf"""
    (?P<latin>{_LATIN})(?P<hyphen>{SIGN})?
    | (?P<figure>(?:(?<![0-9A-Za-z]){SIGN})?{_QUANTITY}(?:[:：/]{_NUMBER}|[-－–~～〜][-－]?{_QUANTITY}){{0,9}})
    """,
    re.VERBOSE,
)
"""A word in Latin letters, or a figure with its sign, currency, unit, range or time."""
INSIDE_FIGURE = rf"(?<=[0-9])(?:[ ](?={_UNIT})|：(?=[0-9]))"
"""The pattern of a space or colon that belongs to a figure: '5 kg', '10：30'. Elsewhere it ends the word."""


def is_latin(word: str) -> bool:
    """Whether `word` is in Latin letters altogether."""
    return re.fullmatch(_LATIN, word) is not None


@dataclass(frozen=True)
class Figures:
    """One language's words for signs and units around numbers."""

    to: str
    """Between the ends of a range."""
    minus: str
    hour: str
    ratio: str
    """Between the sides of 3:1."""
    fraction: str
    """Between denominator and numerator, in this order."""
    units: dict[str, str]
    """How each unit is read; {} stands for the amount."""

    def in_words(self, text: str) -> str:
        """`text` with words for signs, units, dates and times; the numbers themselves stay in digits."""
        text = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), text)
        text = _DATE.sub(r"\1年\2月\3日", text)
        text = _VERSION.sub(lambda match: match[0].replace(".", "点"), text)
        text = _TELEPHONE.sub(lambda match: " ".join(match[0].replace("-", "")), text)
        text = _CLOCK.sub(self._time, text)
        text = _RATIO.sub(rf"\1{self.ratio}\2", text)
        text = _FRACTION.sub(rf"\2{self.fraction}\1", text)
        text = _RANGE.sub(self.to, text)
        text = _MINUS.sub(self.minus, text)
        return _MEASURE.sub(self._counted, _PRICE.sub(self._counted, text))

    def _time(self, match: re.Match[str]) -> str:
        hour, minute, second = match.groups()
        said = f"{int(hour)}{self.hour}"
        if second or minute != "00":
            said += f"{minute}分"
        return said + (f"{int(second)}秒" if second else "")

    def _counted(self, match: re.Match[str]) -> str:
        return self.units[match["unit"]].format(match["amount"])


CHINESE = Figures("到", "负", "点", "比", "分之", {unit: chinese for unit, (chinese, _) in _UNITS.items()})
JAPANESE = Figures("から", "マイナス", "時", "対", "分の", {unit: japanese for unit, (_, japanese) in _UNITS.items()})

_AMOUNT = rf"(?P<amount>{_NUMBER}(?:(?:{CHINESE.to}|{JAPANESE.to}){_NUMBER})?)"
_THOUSANDS = re.compile(rf"(?<![0-9]){_GROUPED}")
_DATE = re.compile(r"(?<![0-9])([0-9]{4})[-/.]0?(1[0-2]|[1-9])[-/.]0?([12][0-9]|3[01]|[1-9])(?![0-9])")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+){2,}")
_TELEPHONE = re.compile(r"(?<![0-9.:：])(?:0[0-9]+(?:-[0-9]+)+|[0-9]+(?:-[0-9]+){2,})")
_CLOCK = re.compile(r"(?<![0-9])([01]?[0-9]|2[0-4])[:：]([0-5][0-9])(?:[:：]([0-5][0-9]))?(?![0-9:：])")
_RATIO = re.compile("([0-9])[:：]([0-9])")
_FRACTION = re.compile("([0-9]+)/([0-9]+)")
_RANGE = re.compile(
    rf"(?:(?<=[0-9万亿億兆%％℃°CFmgh])|(?<={_COUNTER})|(?<=[0-9][\u3400-\u9fff])|(?<=[0-9][\u3400-\u9fff]{{2}}))"
    rf"[-－–~～〜](?=[-－]?{_CURRENCY}?[0-9])"
)
_MINUS = re.compile(SIGN)
_PRICE = re.compile(rf"(?P<unit>{_CURRENCY}){_AMOUNT}")
_MEASURE = re.compile(rf"{_AMOUNT}[ ]?(?P<unit>{_UNIT})")
