"""JSON schemas of types, collected for the document's components."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter

from frontend.requests.schema import Schema

_REFERENCE = "#/components/schemas/{model}"


class Schemas:
    """Gives the JSON schema of a type; models become references to `definitions`."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        schema = TypeAdapter(kind).json_schema(ref_template=_REFERENCE)
        self.definitions |= schema.pop("$defs", {})
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return schema
        if issubclass(kind, Schema) and kind.refused:
            refused = "".join(f"\n- `{name}`: {reason}" for name, reason in kind.refused.items())
            schema["description"] += f"\n\nRefused fields:\n{refused}"
        self.definitions[kind.__name__] = schema
        return {"$ref": _REFERENCE.format(model=kind.__name__)}
