"""Markdown, HTML and emoji: none of it is read out."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "**Bold** and _it_": "Bold and it",
    "`code`": "code",
    "[link](http://x.com)": "link",
    "![alt](a.png)": "alt",
    "<b>hi</b>": "hi",
    "a &amp; b": "a and b",
    "# Title\n\nText": "Title. Text",
    "- one\n- two": "one, two",
    "x<br>y": "x, y",
    "~~gone~~": "gone",
    "fact[1].": "fact.",
    "Hi 😀!": "Hi!",
    "I ❤️ it :)": "I it",
    "👨‍👩‍👧 family": "family",
    "© 2024": "copyright twenty twenty-four",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_markup_is_not_read_out(written: str) -> None:
    assert normalize(written) == SPOKEN[written]
