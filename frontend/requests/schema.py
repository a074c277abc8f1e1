"""Requests as pydantic models. A field that does not fit is a BadParameter that names the field and its range."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from frontend.requests.body import Encoding
from frontend.requests.form import Repeated
from frontend.requests.upload import Upload, find_upload
from speech.contract import Model
from speech.errors import BadParameter
from speech.types import split


class Schema(BaseModel):
    """What a client may send: as a JSON object, a form, a query or a message. Other fields are ignored, because
    clients send more fields than the documents name."""

    body: ClassVar[Encoding] = "json"
    """The encoding of the request, if it is the body of an HTTP request."""
    refused: ClassVar[Mapping[str, str]] = {}
    """Known fields that are not supported, each with the reason that a client gets if it sets the field."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    _without_effect: tuple[str, ...] = PrivateAttr(())

    @property
    def unused(self) -> tuple[str, ...]:
        """The fields that the client has set, that are known, and that have no effect."""
        return self._without_effect

    @classmethod
    def without_effect(cls, fields: Mapping[str, Any]) -> tuple[str, ...]:
        """Those of `fields` that only other servers have: they are known, and have no effect here."""
        return ()

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Self:
        """Null and the empty string count as not given, because many clients send them so."""
        given = {name: value for name, value in fields.items() if not is_empty(value)}
        for name, field in cls.model_fields.items():
            if field.annotation is Upload:
                given[name] = find_upload(name, given)
        for name, reason in cls.refused.items():
            if given.get(name):
                raise BadParameter(f"{name}: {reason}", name)
        try:
            request = cls.model_validate(given)
        except ValidationError as error:
            raise cls._problem(error) from None
        request._without_effect = cls.without_effect(fields)
        return request

    @classmethod
    def _problem(cls, error: ValidationError) -> BadParameter:
        """What is wrong with the first field that does not fit, and what it takes."""
        problem = error.errors(include_url=False)[0]
        name = str(problem["loc"][0])
        wanted = f"{name} must be {describe(cls.model_fields[name])}"
        if problem["type"] == "missing":
            return BadParameter(f"{name} is missing or empty; {wanted}", name)
        if isinstance(problem["input"], str) and problem["type"] == "string_too_long":
            return BadParameter(f"{wanted}; it has {len(problem['input'])}", name)
        if problem["type"] == "value_error":
            wanted = f"{name} {problem['ctx']['error']}"
        return BadParameter(f"{wanted}; got {reprlib.repr(problem['input'])}", name)

    @field_validator("*", mode="before")
    @classmethod
    def _as_the_field_takes_it(cls, value: object, info: ValidationInfo) -> object:
        name = str(info.field_name)
        kind = _type(cls.model_fields[name])
        if get_origin(kind) is tuple:
            return _items(value)
        if isinstance(value, Repeated) and len(value) > 1:
            raise BadParameter(f"{name} is given {len(value)} times", name)
        if isinstance(value, Repeated):
            return value[0]  # name[]=value
        if isinstance(value, bool) and kind in (int, float):
            return str(value).lower()  # not a number; pydantic would read true as 1
        return value


@dataclass(frozen=True)
class Choices:
    """Annotates a text field with the values that it may have, where a Literal cannot list them."""

    values: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "enum": list(self.values)}

    def _check(self, value: str) -> str:
        if value not in self.values:
            raise PydanticCustomError("choice", "not one of the choices")
        return value


def is_empty(value: object) -> bool:
    """Whether a field with this value counts as not given."""
    return value in (None, "") or (isinstance(value, Repeated) and not any(value))


def _items(value: object) -> list[object]:
    """The items of a list. A form may hold the list as JSON, and a string several items, separated by commas."""
    given = [item for one in _as_list(value) for item in _as_list(_from_json(one))]
    return [item for one in given for item in (split(one) if isinstance(one, str) else (one,))]


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _from_json(value: object) -> object:
    """The list that a form's field holds as JSON; any other value as it is."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def describe(field: FieldInfo) -> str:
    """What the field takes, in words: "a number from 0.25 to 4"."""
    kind = _type(field)
    if get_origin(kind) is tuple:
        return _describe_list(field, get_args(kind)[0])
    choices = get_args(kind) if get_origin(kind) is Literal else _limit(field, Choices, "values")
    if choices:
        return f"one of {', '.join(choices)}" if len(choices) > 1 else str(choices[0])
    if kind is bool:
        return "true or false"
    if kind is str:
        least, most = _limit(field, MinLen, "min_length"), _limit(field, MaxLen, "max_length")
        count = f"{least} to {most}" if least else f"at most {most}"
        return f"a string of {count} characters" if most else "a string"
    number = "a whole number" if kind is int else "a number"
    return f"{number} from {_limit(field, Ge, 'ge'):g} to {_limit(field, Le, 'le'):g}"


def _describe_list(field: FieldInfo, item: Any) -> str:
    """What a field that takes a list of `item` takes, in words."""
    if get_origin(item) is Literal:
        return f"among {', '.join(get_args(item))}"
    count = _limit(field, MaxLen, "max_length")
    length = next((limit.max_length for limit in get_args(item) if isinstance(limit, MaxLen)), None)
    return f"at most {count} strings of at most {length} characters" if count and length else "a list of strings"


def _type(field: FieldInfo) -> Any:
    """The type of the field; of an optional one, the type that it has when it is given."""
    kind: Any = field.annotation
    kinds = [one for one in get_args(kind) if one is not type(None)]
    return kinds[0] if type(None) in get_args(kind) else kind


def _limit(field: FieldInfo, kind: type, name: str) -> Any:
    return next((getattr(limit, name) for limit in field.metadata if isinstance(limit, kind)), None)


def option(model: Model, name: str, default: Any = None) -> Any:
    """A field that sets the parameter `name` of a served model: it has its default, limits and description."""
    parameter = model.parameter(name)
    limits: dict[str, Any] = {"ge": parameter.low, "le": parameter.high}
    if parameter.type is str:
        limits = {"max_length": parameter.max_length}
    return Field(parameter.default if default is None else default, description=parameter.doc, **limits)


def choices(model: Model, name: str) -> Choices:
    """The values that the parameter `name` of a served model may have."""
    return Choices(model.parameter(name).choices)
