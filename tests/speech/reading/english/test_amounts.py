"""Percentages, fractions, ratings, ordinals, ranges, versions, and figures inside names."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "1st": "first",
    "the 2nd, 3rd and 11th": "the second, third and eleventh",
    "21st": "twenty-first",
    "100th": "one hundredth",
    "75%": "seventy-five percent",
    "3.5 %": "three point five percent",
    "5-10%": "five to ten percent",
    "-2%": "minus two percent",
    "192.168.0.1": "one hundred and ninety-two dot one hundred and sixty-eight dot zero dot one",
    "MP3": "MP three",
    "COVID-19": "COVID nineteen",
    "B2B": "B two B",
    "5G": "five G",
    "3D": "three D",
    "iPhone 15": "iPhone fifteen",
    "3/4": "three quarters",
    "1/2 cup": "one half cup",
    "1 1/2 cups": "one and a half cups",
    "2½ cups": "two and a half cups",
    "⅔": "two thirds",
    "24/7": "twenty-four seven",
    "10/10": "ten out of ten",
    "5/8": "five eighths",
    "5-10": "five to ten",
    "1-2-3": "one two three",
    "16:9": "sixteen to nine",
    "v2.1.3": "version two point one point three",
    "version 2.0": "version two point zero",
    "1.2.3": "one point two point three",
    "B-52s and F-16s": "B fifty-twos and F sixteens",
    "scores 3-2": "scores three to two",
    "10-15 minutes": "ten to fifteen minutes",
    "a 10%-off sale": "a ten percent off sale",
    "rated 8/10": "rated eight out of ten",
    "8/10 of a mile": "eight tenths of a mile",
    "1/10": "one tenth",
    "3/5 stars": "three out of five stars",
    "2/5": "two fifths",
    "4.5/5": "four point five out of five",
    "in 6/8 time": "in six eight time",
    "20/20 vision": "twenty twenty vision",
    "50-50": "fifty fifty",
    "50/50": "fifty fifty",
    "rate 1/1000": "rate one over one thousand",
    "the 80/20 rule": "the eighty twenty rule",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_amounts(written: str) -> None:
    assert normalize(written) == SPOKEN[written]
