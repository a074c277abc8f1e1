"""Words whose sound depends on their part of speech."""

from __future__ import annotations

import pytest

from speech.reading.phonemes import phonemize

HETERONYMS = [
    ("I read the book yesterday.", "read", "ɹˈɛd"),
    ("I will read it again.", "read", "ɹˈid"),
    ("She has read it.", "read", "ɹˈɛd"),
    ("I want to read.", "read", "ɹˈid"),
    ("The wind blew.", "wind", "wˈɪnd"),
    ("We wind the clock.", "wind", "wˈInd"),
    ("They live here.", "live", "lˈɪv"),
    ("a live show", "live", "lˈIv"),
    ("Please record it.", "record", "ɹəkˈɔɹd"),
    ("a new record", "record", "ɹˈɛkəɹd"),
    ("Please close the door.", "close", "klˈOz"),
    ("a close friend", "close", "klˈOs"),
    ("We use it.", "use", "jˈuz"),
    ("the use of it", "use", "jˈus"),
    ("He wound the rope.", "wound", "wˈWnd"),
    ("a deep wound", "wound", "wˈund"),
    ("one minute", "minute", "mˈɪnət"),
    ("I object to it.", "object", "əbʤˈɛkt"),
    ("an object", "object", "ˈɑbʤəkt"),
    ("I used to go.", "used", "jˈust"),
    ("It was used up.", "used", "jˈuzd"),
    ("the content of it", "content", "kˈɑntɛnt"),
    ("a desert storm", "desert", "dˈɛzəɹt"),
    ("don't desert me", "desert", "dəzˈɜɹt"),
    ("in tears", "tears", "tˈɪɹz"),
    ("He tears it.", "tears", "tˈɛɹz"),
]


@pytest.mark.parametrize(("text", "word", "symbols"), HETERONYMS, ids=lambda value: value)
def test_heteronyms(text: str, word: str, symbols: str) -> None:
    said = phonemize(text)
    assert [said.symbols[w.first : w.last] for w in said.words if w.word == word] == [symbols]
