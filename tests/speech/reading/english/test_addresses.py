"""Addresses and paths, and the marks behind them that are none of theirs."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "Visit https://example.com.": "Visit example dot com.",
    "Visit www.nytimes.com.": "Visit W W W dot nytimes dot com.",
    "(see https://example.com), then": "(see example dot com), then",
    "Is it https://example.com? Yes": "Is it example dot com? Yes",
    "Go to https://example.com/docs!": "Go to example dot com slash docs!",
    "https://example.com?q=1": "example dot com",
    "https://example.com/²": "example dot com slash",
    "http://localhost:8000.": "localhost colon eight thousand.",
    "Edit /etc/nginx/nginx.conf.": "Edit slash E T C slash nginx slash nginx dot conf.",
    "cd /usr/local/": "cd slash usr slash local",
    "in ~/Documents, not ./tmp": "in tilde slash Documents, not dot slash T M P",
    r"C:\Users\John\file.txt": "C colon backslash Users backslash John backslash file dot T X T",
    "in /home/josé": "in slash home slash josé",
    "cats, dogs, etc": "cats, dogs, et cetera",
    "~5 km": "about five kilometers",
    "either/or, 5 / 3": "either slash or, five, three",
    "</b> and <br/>": "and,",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_addresses(written: str) -> None:
    assert normalize(written) == SPOKEN[written]
