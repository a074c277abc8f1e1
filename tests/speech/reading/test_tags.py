"""Tags for pauses and the rate: what they mean, where they stand, and what is no tag."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.errors import BadParameter
from speech.reading.tags import Passage, passages, without_tags


def silences(text: str) -> list[tuple[str, float | None]]:
    """The passages, without white space around them, and the pause before each."""
    return [(passage.text.strip(), passage.pause_s) for passage in passages(text)]


@pytest.mark.parametrize(
    "text", ["", " ", "Hello.", "[1]", "[pause]", "[rate]", "[pause", "pause:1s]", "see [rate:0.8](https://x.org)"]
)
def test_a_text_without_tags_is_one_passage(text: str) -> None:
    assert passages(text) == [Passage(text, 0)]
    assert without_tags(text) == text


@pytest.mark.parametrize(
    ("tag", "seconds"),
    [
        ("[pause:1.5s]", 1.5),
        ("[PAUSE:2s]", 2.0),
        ("[pause:500ms]", 0.5),
        ("[pause:0.25]", 0.25),
        ("[pause: .5 s]", 0.5),
        ("[pause=1s]", 1.0),
        ("[pause:10s]", 10.0),
        ("[pause:0s]", 0.0),
    ],
)
def test_spellings_of_a_pause(tag: str, seconds: float) -> None:
    assert silences(f"One {tag} two.") == [("One", None), ("two.", seconds)]


@pytest.mark.parametrize(
    "tag",
    [
        "[pause:abc]",
        "[pause:-1s]",
        "[pause:]",
        "[pause:1m]",
        "[rate:fast]",
        "[rate:-1]",
        "[rate:1e9]",
        "[voice:af_bella]",
        "[voice: af_bella(2)+af_sky(1)]",
    ],
)
def test_tags_without_a_number_are_left_out(tag: str) -> None:
    assert silences(f"One {tag} two.") == [("One", None), ("two.", None)]
    assert {passage.rate for passage in passages(f"[rate:2]One {tag} two.")} == {2.0}
    assert without_tags(f"One {tag} two.").split() == ["One", "two."]


def test_long_values_are_text_in_brackets() -> None:
    text = "[rate: this product in the comments]"
    assert passages(text) == [Passage(text, 0)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[pause:1s]One.", [("One.", 1.0)]),
        ("One.[pause:1s]", [("One.", None), ("", 1.0)]),
        ("[pause:1s]", [("", 1.0)]),
        ("One[pause:1s] [pause:500ms]two", [("One", None), ("two", 1.5)]),
        ("foot[pause:1s]ball", [("foot", None), ("ball", 1.0)]),
        ("你好[pause:1s]世界", [("你好", None), ("世界", 1.0)]),
        ("One [pause:1s][rate:2][pause:1s] two", [("One", None), ("two", 2.0)]),
    ],
)
def test_places_of_a_pause(text: str, wanted: list[tuple[str, float | None]]) -> None:
    assert silences(text) == wanted


def test_a_rate_holds_until_the_next_one() -> None:
    found = passages("One [rate:0.8]two [pause:1s]three [rate: 2 ]four [rate:1.0]five")
    assert [(passage.text.strip(), passage.rate) for passage in found] == [
        ("One", 1.0),
        ("two", 0.8),
        ("three", 0.8),
        ("four", 2.0),
        ("five", 1.0),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Wait [pause:10.1s] for it.", r"\[pause:10.1s\] is too long: a pause has at most 10 s$"),
        ("Wait [pause:99999999999s] for it.", "is too long"),
        ("Wait [pause:500] for it.", r"at most 10 s; for milliseconds write \[pause:500ms\]"),
        ("Wait. " + "[pause:10s]" * 6 + "[pause:1ms]", "at most 60 s together; these have 60.001"),
        ("Wait [pause:9s] a bit. " * 7, "at most 60 s together; these have 63"),
    ],
)
def test_pauses_that_are_too_long(text: str, message: str) -> None:
    with pytest.raises(BadParameter, match=message) as caught:
        passages(text)
    assert caught.value.param == "TEXT"


def test_pauses_as_long_as_they_may_be() -> None:
    assert silences("Wait." + "[pause:0.3s]" * 200) == [("Wait.", None), ("", pytest.approx(60.0))]


@given(
    st.lists(st.sampled_from(["One ", "two. ", "\n", "[pause:0.1s]", "[rate:2]", "[pause:x]", "[", "]"]), max_size=30)
)
def test_passages_are_characters_of_the_text_in_order(parts: list[str]) -> None:
    text = "".join(parts)
    found = passages(text)
    assert all(passage.text == text[passage.start : passage.start + len(passage.text)] for passage in found)
    assert all(passage.text.strip() for passage in found[:-1])
    assert "".join("".join(passage.text for passage in found).split()) == "".join(without_tags(text).split())
