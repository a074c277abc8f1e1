"""Records are written to JSON and read back, with fields that they do not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from speech.records import NOT_IN_JSON, Record


@dataclass(frozen=True, kw_only=True)
class Part(Record):
    name: str
    size: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Whole(Record):
    id: int
    parts: tuple[Part, ...]
    notes: Mapping[str, str]
    either: int | str
    label: str | None
    comment: str | None = None
    raw: bytes = field(default=b"", metadata=NOT_IN_JSON)


VALUES = {
    "id": 3,
    "parts": [{"name": "a", "size": 1.5}, {"name": "b", "size": 2}],
    "notes": {"x": "y"},
    "either": "word",
    "label": None,
}


def test_values_are_read_back() -> None:
    whole = Whole.from_dict(VALUES)
    assert whole.parts == (Part(name="a", size=1.5), Part(name="b", size=2.0))
    assert whole.to_dict() == VALUES


def test_unknown_fields_are_kept_at_every_depth() -> None:
    newer = VALUES | {"speaker": {"id": 7}, "parts": [{"name": "a", "size": 1.5, "colour": "red"}]}
    whole = Whole.from_dict(newer)
    assert whole.unknown == {"speaker": {"id": 7}}
    assert whole.parts[0].unknown == {"colour": "red"}
    assert whole.to_dict() == newer


def test_none_is_left_out_where_it_is_the_default() -> None:
    whole = Whole.from_dict(VALUES | {"comment": None})
    assert "comment" not in whole.to_dict()
    assert whole.to_dict()["label"] is None


def test_fields_can_be_left_out_of_the_json() -> None:
    assert "raw" not in Whole(id=1, parts=(), notes={}, either=1, label="", raw=b"bytes").to_dict()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "3"),
        ("id", 3.5),
        ("id", True),
        ("parts", {}),
        ("parts", ["a"]),
        ("parts", [{"size": 1}]),
        ("parts", [{"name": "a", "size": True}]),
        ("notes", []),
        ("notes", {"x": 1}),
        ("either", None),
        ("label", 5),
    ],
)
def test_values_of_the_wrong_type_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"cannot be|missing|not an object"):
        Whole.from_dict(VALUES | {name: value})


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueError, match="notes"):
        Whole.from_dict({name: value for name, value in VALUES.items() if name != "notes"})
