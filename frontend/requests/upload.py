"""The uploaded file of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, BinaryIO

from pydantic import InstanceOf, WithJsonSchema

from speech.errors import BadAudio, BadParameter


@dataclass(frozen=True)
class Upload:
    """A file that can be read; it is deleted when the request ends."""

    field: str
    filename: str
    size: int
    content: BinaryIO


AudioFile = Annotated[InstanceOf[Upload], WithJsonSchema({"type": "string", "format": "binary"})]
"""A field of a Schema that takes the uploaded file."""


def check_upload(name: str, fields: Mapping[str, Any]) -> None:
    """Raise an error that says how to send the file if field `name` does not hold one."""
    upload = next((value for value in fields.values() if isinstance(value, Upload)), None)
    if upload is None or (upload.size == 0 and not upload.filename):
        hint = "it came as text" if isinstance(fields.get(name), (str, list)) else "it is missing"
        raise BadParameter(f"{name} must be an uploaded file, {hint}; for example: curl -F {name}=@speech.mp3", name)
    if upload.field != name:
        raise BadParameter(f"the file is in field {upload.field!r}; send it in {name!r}", name)
    if upload.size == 0:
        raise BadAudio("the file is empty", name)
