"""Form fields in the shape of JSON."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.requests.form import Repeated, nested
from frontend.requests.speech import SpeechRequest


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"text": ["a"], "voice": [""]}, {"text": "a", "voice": ""}),
        ({"text": ["a", "b"]}, {"text": ["a", "b"]}),
        ({"g[]": ["a"]}, {"g": ["a"]}),
        ({"g[]": ["a", "b"], "g": ["c"]}, {"g": ["a", "b", "c"]}),
        ({"g": ["c"], "g[]": ["a"]}, {"g": ["c", "a"]}),
        ({"s[type]": ["vad"], "s[threshold]": ["1"]}, {"s": {"type": "vad", "threshold": "1"}}),
        ({"s": ["auto"], "s[type]": ["vad"]}, {"s": {"type": "vad"}}),
    ],
)
def test_nested(form: dict[str, list[str]], fields: dict[str, Any]) -> None:
    assert nested(form) == fields


def test_several_values_are_told_from_a_list() -> None:
    assert isinstance(nested({"text": ["a", "b"]})["text"], Repeated)


def test_items_may_be_numbered() -> None:
    assert nested({"words[0]": ["a"], "words[1]": ["b"]}) == {"words": ["a", "b"]}


def test_a_list_of_one_is_a_value_where_one_is_expected() -> None:
    request = SpeechRequest.read(nested({"input": ["Hello."], "voice[]": ["nova"]}))
    assert request.voice == "nova"
