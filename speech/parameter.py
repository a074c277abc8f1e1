"""A request parameter of a served model: what it is, and how its value is read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from speech.errors import BadParameter


@dataclass(frozen=True)
class Parameter:
    """A request parameter. `type` is str, float or bool.

    A float has a range from `low` to `high`, both included. A str may have `choices`, and has at most `max_length`
    characters. `doc` says what it means; it is printed in docs/grpc.md and in the descriptions of the HTTP APIs.
    """

    name: str
    type: type
    default: str | float | bool
    doc: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    max_length: int = 64

    def read(self, value: Any) -> Any:
        """`value` (as Triton delivers it, or as text) in this parameter's type. Raises: BadParameter."""
        if self.type is bool:
            return self._read_bool(value)
        if self.type is float:
            return self._read_float(value)
        if not isinstance(value, str) or len(value) > self.max_length:
            raise BadParameter(f"{self.name} must be a string of at most {self.max_length} characters", self.name)
        if self.choices and value not in self.choices:
            raise BadParameter(f"{self.name} must be one of {', '.join(self.choices)}; got {value!r}", self.name)
        return value

    def _read_bool(self, value: Any) -> bool:
        word = str(value).lower()
        if word not in ("true", "false", "1", "0"):
            raise BadParameter(f"{self.name} must be true or false; got {value!r}", self.name)
        return word in ("true", "1")

    def _read_float(self, value: Any) -> float:
        try:
            number = float("nan") if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = float("nan")
        low, high = self.low, self.high
        assert low is not None and high is not None, f"{self.name} is a number without a range"
        if not low <= number <= high:
            raise BadParameter(f"{self.name} must be a number from {low:g} to {high:g}; got {value!r}", self.name)
        return number
