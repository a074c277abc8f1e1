"""Records: frozen dataclasses that become JSON objects and come back without losing what they do not know.

A server may be newer than the program that reads its answers, and an ensemble sends on what another model wrote. So a
record keeps fields that it has no name for, and writes them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, Self, cast, get_args, get_origin, get_type_hints

NOT_IN_JSON = {"in_json": False}
"""Metadata of a field that does not travel as JSON."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """Base of all records. A field whose default is None is left out of the JSON while it is None."""

    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False, metadata=NOT_IN_JSON)
    """Fields that this version has no name for, as they came."""

    def to_dict(self) -> dict[str, Any]:
        """All fields as plain JSON values, the unknown ones last."""
        values = {one.name: getattr(self, one.name) for one in self.json_fields()}
        optional = {one.name for one in self.json_fields() if one.default is None}
        known = {name: _plain(value) for name, value in values.items() if value is not None or name not in optional}
        return known | dict(self.unknown)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The record in `values`. Raises: ValueError if a field is missing or has another type."""
        if not isinstance(values, Mapping):
            raise ValueError(f"{cls.__name__}: {values!r} is not an object")
        hints, known = _hints(cast(Any, cls)), dict[str, Any]()
        for one in cls.json_fields():
            if one.name in values:
                known[one.name] = _typed(values[one.name], hints[one.name], f"{cls.__name__}.{one.name}")
        try:
            return cls(**known, unknown={name: value for name, value in values.items() if name not in known})
        except TypeError as error:
            raise ValueError(f"{cls.__name__}: {error}") from None

    @classmethod
    def json_fields(cls) -> Iterator[Field[Any]]:
        """The fields that travel as JSON, in the order of their definition."""
        return (one for one in fields(cls) if one.metadata.get("in_json", True))


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _typed(value: Any, hint: Any, place: str) -> Any:
    """`value` as the annotation `hint` has it: JSON's lists become tuples, its objects records."""
    kind, arguments = get_origin(hint) or hint, get_args(hint)
    if kind is UnionType:
        return _one_of(value, arguments, place)
    if kind is tuple and isinstance(value, list):
        return tuple(_typed(item, arguments[0], place) for item in value)
    if kind is Mapping and isinstance(value, dict):
        return {name: _typed(item, arguments[1], place) for name, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, Record):
        return kind.from_dict(value)
    if kind is float and type(value) in (int, float):
        return float(value)
    if kind in (int, bool, str, NoneType) and type(value) is kind:
        return value
    raise ValueError(f"{place} cannot be {value!r}")


def _one_of(value: Any, hints: tuple[Any, ...], place: str) -> Any:
    for hint in hints:
        try:
            return _typed(value, hint, place)
        except ValueError:
            continue
    raise ValueError(f"{place} cannot be {value!r}")


@cache
def _hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)
