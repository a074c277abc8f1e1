"""Records: frozen dataclasses that are written as JSON objects and read back without losing unknown fields.

A server may be newer than the program that reads its answers, and an ensemble passes on the events of another model. So
a record keeps the fields that it does not know, and writes them again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, Self, cast, get_args, get_origin, get_type_hints

NOT_IN_JSON = {"in_json": False}
"""Metadata of a dataclass field that is left out of the JSON."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """Base of all records. A field whose default is None is left out of the JSON if its value is None."""

    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False, metadata=NOT_IN_JSON)
    """Fields that this version does not know, unchanged."""

    def to_dict(self) -> dict[str, Any]:
        """All fields as JSON values, the unknown ones last."""
        values: dict[str, Any] = {}
        for json_field in self.json_fields():
            value = getattr(self, json_field.name)
            is_left_out = value is None and json_field.default is None
            if not is_left_out:
                values[json_field.name] = _to_json_value(value)
        return values | dict(self.unknown)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The record whose fields are `values`. Raises: ValueError if a field is missing or has another type."""
        if not isinstance(values, Mapping):
            raise ValueError(f"{cls.__name__}: {values!r} is not an object")
        hints = _type_hints(cast(Any, cls))
        known: dict[str, Any] = {}
        for json_field in cls.json_fields():
            name = json_field.name
            if name in values:
                known[name] = _from_json_value(values[name], hints[name], f"{cls.__name__}.{name}")
        unknown = {name: value for name, value in values.items() if name not in known}
        try:
            return cls(**known, unknown=unknown)
        except TypeError as error:  # a field is missing
            raise ValueError(f"{cls.__name__}: {error}") from None

    @classmethod
    def json_fields(cls) -> Iterator[Field[Any]]:
        """The fields that are part of the JSON, in the order of their definition."""
        return (each for each in fields(cls) if each.metadata.get("in_json", True))


def _to_json_value(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_to_json_value(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _to_json_value(item) for name, item in value.items()}
    return value


def _from_json_value(value: Any, hint: Any, place: str) -> Any:
    """A JSON value as the type `hint`: lists become tuples, objects become records.

    Raises: ValueError, which names the field by `place`, if the value does not fit.
    """
    kind, arguments = get_origin(hint) or hint, get_args(hint)
    if kind is UnionType:
        return _from_json_union(value, arguments, place)
    if kind is tuple and isinstance(value, list):
        return tuple(_from_json_value(item, arguments[0], place) for item in value)
    if kind is Mapping and isinstance(value, dict):
        return {name: _from_json_value(item, arguments[1], place) for name, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, Record):
        return kind.from_dict(value)
    if kind is float and type(value) in (int, float) and abs(value) <= sys.float_info.max:
        return float(value)
    if kind in (int, bool, str, NoneType) and type(value) is kind:
        return value
    raise ValueError(f"{place} cannot be {value!r}")


def _from_json_union(value: Any, hints: tuple[Any, ...], place: str) -> Any:
    """A JSON value as the first of the types that it fits."""
    for hint in hints:
        try:
            return _from_json_value(value, hint, place)
        except ValueError:
            continue
    raise ValueError(f"{place} cannot be {value!r}")


@cache
def _type_hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)
