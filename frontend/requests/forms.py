"""A parsed form: one file and text fields, taken out by name with errors that name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from speech.errors import BadAudio, BadParameter


@dataclass(frozen=True)
class Upload:
    """The file of a form, ready to be read; it lives as long as the request."""

    field: str
    filename: str
    size: int
    content: BinaryIO


@dataclass(frozen=True)
class Form:
    """`fields` holds every value of every text field, in order."""

    upload: Upload | None = None
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def file(self, name: str) -> BinaryIO:
        """The uploaded file; it has to have come in the field `name`."""
        if self.upload is None or (self.upload.size == 0 and not self.upload.filename):
            hint = "it came as text" if name in self.fields else "it is missing"
            raise BadParameter(
                f"{name} must be an uploaded file, {hint}; for example: curl -F {name}=@speech.mp3", name
            )
        if self.upload.field != name:
            raise BadParameter(f"the file is in field {self.upload.field!r}; send it in {name!r}", name)
        if self.upload.size == 0:
            raise BadAudio("the file is empty", name)
        return self.upload.content

    def text(self, name: str, default: str = "") -> str:
        """A field that may be given once; an empty one counts as not given, as many clients send it so."""
        values = self.fields.get(name, ())
        if len(values) > 1:
            raise BadParameter(f"{name} is given {len(values)} times", name)
        return values[0] if values and values[0] else default

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of `choices`; the first of them by default."""
        value = self.text(name, choices[0])
        if value not in choices:
            raise BadParameter(f"{name} must be one of {', '.join(choices)}; got {value!r}", name)
        return value

    def flag(self, name: str) -> bool:
        value = self.text(name, "false").lower()
        if value not in ("true", "false", "1", "0"):
            raise BadParameter(f"{name} must be true or false; got {value!r}", name)
        return value in ("true", "1")

    def many(self, name: str) -> list[str]:
        """All values of a list, whether the client writes `name[]` or `name`."""
        return [value for key in (f"{name}[]", name) for value in self.fields.get(key, ()) if value]

    def has(self, name: str) -> bool:
        """Whether there is anything in `name`, `name[]` or `name[part]`."""
        return any(key.partition("[")[0] == name and any(values) for key, values in self.fields.items())
