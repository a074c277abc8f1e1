"""Addresses and paths, and the punctuation after them, which does not belong to them."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "https://example.com": "example dot com",
    "See https://example.com/a-b.": "See example dot com slash A dash B.",
    "www.example.co.uk": "W W W dot example dot C O dot U K",
    "bob.smith@mail.com": "bob dot smith at mail dot com",
    "github.io": "github dot I O",
    "example.com and Example.COM": "example dot com and Example dot COM",
    "First thing.It works.": "First thing.It works.",
    "to London.In the end": "to London.In the end",
    "ask me.Me too": "ask me.Me too",
    "John <john@x.com>": "John john at X dot com",
    "<https://example.com/a>.": "example dot com slash A.",
    "a < b.com": "a less than B dot com",
    "main.py": "main dot P Y",
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
