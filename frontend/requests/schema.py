"""Fields of a request as a pydantic model; what does not fit is a BadParameter that names the field and its range."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any, Literal, Self, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from speech.contract import Model
from speech.errors import BadParameter


class Schema(BaseModel):
    """What a client may send. Other fields are ignored: clients send more than any document names."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Self:
        """Null and the empty string count as not given, as many clients send them so."""
        try:
            return cls.model_validate({name: value for name, value in fields.items() if value not in (None, "")})
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
        name = str(problem["loc"][0])
        wanted = f"{name} must be {describe(cls.model_fields[name])}"
        if problem["type"] == "missing":
            raise BadParameter(f"{name} is missing or empty; {wanted}", name)
        if isinstance(problem["input"], str) and problem["type"] == "string_too_long":
            raise BadParameter(f"{wanted}; it has {len(problem['input'])}", name)
        if problem["type"] == "value_error":
            wanted = f"{name} {problem['ctx']['error']}"
        raise BadParameter(f"{wanted}; got {reprlib.repr(problem['input'])}", name)

    @field_validator("*", mode="before")
    @classmethod
    def _no_number(cls, value: object, info: ValidationInfo) -> object:
        """To Python, true is 1."""
        if isinstance(value, bool) and _type(cls.model_fields[str(info.field_name)]) in (int, float):
            return str(value).lower()  # which is no number
        return value


def describe(field: FieldInfo) -> str:
    """What the field takes, in words: "a number from 0.25 to 4"."""
    kind = _type(field)
    if get_origin(kind) is Literal:
        return f"one of {', '.join(get_args(kind))}"
    if kind is bool:
        return "true or false"
    if kind is str:
        least, most = _limit(field, MinLen, "min_length"), _limit(field, MaxLen, "max_length")
        count = f"{least} to {most}" if least else f"at most {most}"
        return f"a string of {count} characters" if most else "a string"
    number = "a whole number" if kind is int else "a number"
    return f"{number} from {_limit(field, Ge, 'ge'):g} to {_limit(field, Le, 'le'):g}"


def _type(field: FieldInfo) -> Any:
    """The type of the field; that of an optional one is what it can be beside None."""
    kind: Any = field.annotation
    kinds = [one for one in get_args(kind) if one is not type(None)]
    return kinds[0] if type(None) in get_args(kind) else kind


def _limit(field: FieldInfo, kind: type, name: str) -> Any:
    return next((getattr(limit, name) for limit in field.metadata if isinstance(limit, kind)), None)


def option(model: Model, name: str, default: Any = None) -> Any:
    """A field that is the parameter `name` of a served model, with the limits of that."""
    parameter = model.parameter(name)
    limits: dict[str, Any] = {"ge": parameter.low, "le": parameter.high}
    if parameter.type is str:
        limits = {"max_length": parameter.max_length}
    return Field(parameter.default if default is None else default, description=parameter.doc, **limits)
