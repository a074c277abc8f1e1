"""The uploaded file of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, BinaryIO

from pydantic import InstanceOf, WithJsonSchema

from speech.errors import BadAudio, BadParameter, FileTooLarge


@dataclass(frozen=True)
class Upload:
    """A file that can be read; it is deleted when the request ends."""

    field: str
    filename: str
    size: int
    content: BinaryIO


INPUT_AUDIO = "input_audio"
"""The field of a JSON body that may carry the file, whatever a form calls it."""
FIELDS = (INPUT_AUDIO, "file", "audio")
"""The fields of a JSON body that can carry the file."""

AudioFile = Annotated[InstanceOf[Upload], WithJsonSchema({"type": "string", "format": "binary"})]
"""A field of a Schema that takes the uploaded file."""


def find_upload(name: str, fields: Mapping[str, Any]) -> Upload:
    """The file, which belongs into field `name`. Raises an error that says how to send it if it is not there."""
    upload = next((value for value in fields.values() if isinstance(value, Upload)), None)
    if upload is None or (upload.size == 0 and not upload.filename):
        hint = "it came as text" if isinstance(fields.get(name), (str, list)) else "it is missing"
        how = f"for example: curl -F {name}=@speech.mp3, or JSON with the file in base64 in {INPUT_AUDIO}.data"
        raise BadParameter(f"{name} must be an uploaded file, {hint}; {how}", name)
    if upload.field not in (name, INPUT_AUDIO):
        raise BadParameter(f"the file is in field {upload.field!r}; send it in {name!r}", name)
    if upload.size == 0:
        raise BadAudio("the file is empty", name)
    return upload


def file_too_large(max_file_size: int) -> FileTooLarge:
    message = f"the file is larger than {max_file_size} bytes (MAX_FILE_SIZE); compress or split it"
    return FileTooLarge(message, "file")
