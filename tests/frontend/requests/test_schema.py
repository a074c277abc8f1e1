"""Requests as models: the words in which they refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import pytest
from annotated_types import MaxLen
from pydantic import Field

from frontend.requests.form import Repeated
from frontend.requests.schema import Choices, Schema, asks_for_something
from speech.errors import BadParameter


class Example(Schema):
    refused: ClassVar[Mapping[str, str]] = {"speakers": "they are not told apart"}

    text: str = Field(min_length=1, max_length=3)
    note: str = Field(default="", max_length=3)
    name: str = ""
    speed: float = Field(default=1.0, ge=0.5, le=2.0)
    count: int = Field(default=3, ge=1, le=9)
    flag: bool | None = None
    kind: Literal["a", "b"] | None = None
    kinds: tuple[Literal["a", "b"], ...] = ()
    names: tuple[str, ...] = ()
    words: Annotated[tuple[Annotated[str, MaxLen(3)], ...], Field(max_length=2)] = ()
    only: Literal["auto"] = "auto"
    mood: Annotated[str, Choices(("sad", "calm"))] = "calm"


def test_read() -> None:
    example = Example.read({"text": "abc", "speed": "1.5", "count": 4.0, "flag": 1, "kind": "b", "more": object()})
    assert example == Example(text="abc", speed=1.5, count=4, flag=True, kind="b")


def test_null_and_empty_are_not_given() -> None:
    example = Example.read({"text": "a", "note": None, "speed": "", "flag": None, "kind": ""})
    assert example == Example(text="a")
    assert example.model_fields_set == {"text"}


@pytest.mark.parametrize("given", [["a", "b"], Repeated(["a", "", "b"])])
def test_lists(given: Any) -> None:
    assert Example.read({"text": "a", "kinds": given}).kinds == ("a", "b")
    assert Example.read({"text": "a", "kinds": "b"}).kinds == ("b",)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ('["a", "b"]', ("a", "b")),
        (Repeated(['["a"]', "b"]), ("a", "b")),
        ("[a", ("[a",)),
        ("[" * 5_000, ("[" * 5_000,)),
    ],
)
def test_a_form_may_hold_a_list_as_json(given: Any, names: tuple[str, ...]) -> None:
    assert Example.read({"text": "a", "names": given}).names == names


def test_a_list_of_nothing_is_not_given() -> None:
    assert Example.read({"text": "a", "kinds": Repeated([""]), "note": Repeated(["", ""])}).model_fields_set == {"text"}


@pytest.mark.parametrize(
    ("fields", "param", "message"),
    [
        ({}, "text", "text is missing or empty; text must be a string of 1 to 3 characters"),
        ({"text": None}, "text", "text is missing or empty; text must be a string of 1 to 3 characters"),
        ({"text": "abcd"}, "text", "text must be a string of 1 to 3 characters; it has 4"),
        ({"text": 5}, "text", "text must be a string of 1 to 3 characters; got 5"),
        ({"note": "abcd"}, "note", "note must be a string of at most 3 characters; it has 4"),
        ({"name": []}, "name", "name must be a string; got []"),
        ({"speed": 3}, "speed", "speed must be a number from 0.5 to 2; got 3"),
        ({"speed": "fast"}, "speed", "speed must be a number from 0.5 to 2; got 'fast'"),
        ({"speed": True}, "speed", "speed must be a number from 0.5 to 2; got 'true'"),
        ({"speed": float("nan")}, "speed", "speed must be a number from 0.5 to 2; got nan"),
        ({"speed": 10**400}, "speed", None),
        ({"count": 2.5}, "count", "count must be a whole number from 1 to 9; got 2.5"),
        ({"count": 0}, "count", "count must be a whole number from 1 to 9; got 0"),
        ({"flag": "maybe"}, "flag", "flag must be true or false; got 'maybe'"),
        ({"kind": "c"}, "kind", "kind must be one of a, b; got 'c'"),
        ({"kinds": ["a", "c"]}, "kinds", "kinds must be among a, b; got 'c'"),
        ({"kinds": "c"}, "kinds", "kinds must be among a, b; got 'c'"),
        ({"names": [1]}, "names", "names must be a list of strings; got 1"),
        ({"words": ["abcd"]}, "words", "words must be at most 2 strings of at most 3 characters; it has 4"),
        (
            {"words": ["a", "b", "c"]},
            "words",
            "words must be at most 2 strings of at most 3 characters; got ['a', 'b', 'c']",
        ),
        ({"only": {"type": "x"}}, "only", "only must be auto; got {'type': 'x'}"),
        ({"mood": "odd"}, "mood", "mood must be one of sad, calm; got 'odd'"),
        ({"note": Repeated(["a", "b"])}, "note", "note is given 2 times"),
        ({"speakers": ["me"]}, "speakers", "speakers: they are not told apart"),
        ({"kind": "c" * 1000}, "kind", "kind must be one of a, b; got 'cccccccccccc...ccccccccccccc'"),
    ],
)
def test_refusals(fields: dict[str, Any], param: str, message: str | None) -> None:
    with pytest.raises(BadParameter) as caught:
        Example.read(fields if param == "text" else {"text": "a", **fields})
    assert caught.value.param == param
    assert message is None or caught.value.message == message


class Chosen(Schema):
    """Fields with choices."""

    one: Literal["left", "right"] = "left"
    many: tuple[Literal["left", "right"], ...] = ()


@pytest.mark.parametrize(
    ("fields", "one", "many"),
    [
        ({"one": "RIGHT"}, "right", ()),
        ({"one": " Left "}, "left", ()),
        ({"many": ["Left", "RIGHT"]}, "left", ("left", "right")),
    ],
)
def test_capitals_of_a_choice_do_not_matter(fields: dict[str, Any], one: str, many: tuple[str, ...]) -> None:
    request = Chosen.read(fields)
    assert (request.one, request.many) == (one, many)


@pytest.mark.parametrize("value", [True, 0, "0", "x", [0]])
def test_what_asks_for_something(value: object) -> None:
    assert asks_for_something(value)


@pytest.mark.parametrize("value", [None, "", False, "false", " Off", [], {}])
def test_what_asks_for_nothing(value: object) -> None:
    assert not asks_for_something(value)
