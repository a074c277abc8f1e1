"""The fields of a form, in the structure that they would have in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from speech.errors import BadParameter

MAX_FIELDS = 128
"""Most fields of a form. OpenAI's SDK sends each item of a list, such as a keyword, in a field of its own."""


class Repeated(list[str]):
    """The values of a field that was given more than once. Only a field that takes a list accepts it."""


def nested(form: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The fields as JSON would hold them.

    `name[]` becomes a list and `name[key]` an object, as OpenAI's SDKs write them. Other fields are strings, or
    Repeated if they were given several times.
    """
    fields: dict[str, Any] = {}
    for key, values in form.items():
        name, _, rest = key.partition("[")
        before = fields.get(name)
        if rest.rstrip("]").isdecimal():  # name[0], as PHP numbers the items of a list
            rest = "]"
        if rest and rest != "]":
            part = {rest.removesuffix("]"): values[0]}
            fields[name] = {**before, **part} if isinstance(before, dict) else part
        elif rest or before is not None or len(values) > 1:
            earlier = before if isinstance(before, list) else [before] if isinstance(before, str) else []
            fields[name] = Repeated([*earlier, *values])
        else:
            fields[name] = values[0]
    return fields


def read_urlencoded(body: bytes) -> dict[str, Any]:
    """The fields of an application/x-www-form-urlencoded body."""
    form: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise BadParameter(f"more than {MAX_FIELDS} fields") from None
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return nested(form)
