"""Line breaks: which of them are read as a pause, and that words keep their places."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize
from speech.reading.phonemes import phonemize
from speech.speaking.utterances import utterances

PAUSES = {
    "- Milk\n- Eggs\n- Bread": "Milk, Eggs, Bread",
    "* Milk\n  * Skimmed\n* Eggs": "Milk, Skimmed, Eggs",
    "1. Milk\n2. Eggs": "one. Milk. two. Eggs",
    "# Summary\n\nThe test passed.": "Summary. The test passed.",
    "## Summary\nthe test": "Summary. the test",
    "**Summary**\n\nText": "Summary. Text",
    "Roses are red\nViolets are blue": "Roses are red, Violets are blue",
    "12 Main St\r\nParis": "twelve Main Street, Paris",
    "Fruit:\n- Apples.\n- “Pears!”\n- (Plums)\n\nDone": "Fruit: Apples. “Pears!” (Plums). Done",
    "A\nB\nC": "A, B, C",
}
WRAPPED = {
    "A line\nthat goes on": "a line that goes on",
    "we went to\nParis": "we went to Paris",
    "I met a tall man and his wife from the old town of Dr. John\nSmith there": (
        "I met a tall man and his wife from the old town of Doctor John Smith there"
    ),
    "> quoted\n> goes on": "quoted goes on",
    "First,\nSecond": "First, Second",
    "Milk\n": "Milk",
    "\n\nMilk": "Milk",
}


@pytest.mark.parametrize("written", PAUSES, ids=ascii)
def test_a_break_between_lines_of_their_own_is_a_pause(written: str) -> None:
    assert normalize(written) == PAUSES[written]


@pytest.mark.parametrize("written", WRAPPED, ids=ascii)
def test_a_break_within_a_sentence_is_no_pause(written: str) -> None:
    assert normalize(written) == WRAPPED[written]


def test_there_is_a_pause_between_list_items() -> None:
    text = "- Milk\n- Eggs\n- Bread\n- Butter"
    said = list(utterances(text))
    assert [utterance.symbols.count(",") for utterance in said] == [3]
    assert [text[word.start : word.end] for word in said[0].words] == ["Milk", "Eggs", "Bread", "Butter"]


@pytest.mark.parametrize(
    ("language", "text", "marks"),
    [
        ("es", "- Leche\n- Pan", ","),
        ("fr", "# Titre\n\nBonjour", "."),
        ("it", "Sono\nqui", ""),
        ("hi", "दूध है\n\nपानी", "."),
    ],
)
def test_other_languages_pause_too(language: str, text: str, marks: str) -> None:
    assert "".join(symbol for symbol in phonemize(text, language).symbols if symbol in ",.") == marks
