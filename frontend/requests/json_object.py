"""JSON objects: of request bodies, and of the text messages of WebSockets."""

from __future__ import annotations

import json
from typing import Any

from speech.errors import BadParameter

_NAMES = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "a boolean", type(None): "null"}


def read_object(text: str | bytes, source: str, example: str) -> dict[str, Any]:
    """The object in `text`; BadParameter if there is none. `source` and `example` are for its message.

    `name[]` is read as `name`: clients keep the brackets that forms need.
    """
    try:
        fields = json.loads(text, object_pairs_hook=_without_lone_surrogates)
    except RecursionError:
        raise BadParameter(f"{source} is nested too deeply") from None
    except ValueError as error:
        raise BadParameter(f"{source} is not JSON: {error}; send an object, as in {example}") from None
    if not isinstance(fields, dict):
        raise BadParameter(f"{source} must be a JSON object, as in {example}; it is {_NAMES[type(fields)]}")
    return {name.removesuffix("[]"): value for name, value in fields.items()}


def _without_lone_surrogates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Remove halves of emoji (\\ud83d), which UTF-8 cannot encode: clients send them if they cut a text inside one."""
    return {name: value.encode(errors="ignore").decode() if isinstance(value, str) else value for name, value in pairs}
