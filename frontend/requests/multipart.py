"""A multipart body, read piece by piece: its file goes to disk, its fields to memory, both within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from frontend.requests.form import MAX_FIELDS, nested
from frontend.requests.upload import Upload, file_too_large
from speech.errors import BadParameter

MAX_FIELD_BYTES = 64 * 1024


@dataclass
class _Part:
    """The part that is being read: a file if it has a filename, even an empty one."""

    header: bytes = b""
    disposition: bytes = b""
    name: str = ""
    filename: str | None = None
    size: int = 0
    text: bytearray = field(default_factory=bytearray)


class Multipart:
    """A parser: pass the body to `write` as it arrives, then call `fields`.

    The content of the form's file is written to `file`, which is None if the form must not have a file.
    """

    def __init__(self, boundary: bytes, file: BinaryIO | None, max_file_size: int) -> None:
        self._file = file
        self._max_file_size = max_file_size
        self._part = _Part()
        self._upload: Upload | None = None
        self._fields: dict[str, list[str]] = {}
        self._complete = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_finished,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                    "on_end": self._finish,
                },
            )
        except FormParserError as error:
            raise BadParameter(f"malformed multipart body: {error}") from None

    def write(self, data: bytes) -> None:
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise BadParameter(f"malformed multipart body: {error}") from None

    def fields(self) -> dict[str, Any]:
        """All fields, the Upload among them, once the whole body was written."""
        if not self._complete:
            raise BadParameter("malformed multipart body: it stops before its closing boundary")
        fields = nested(self._fields)
        if self._file is not None and self._upload is not None:
            self._file.seek(0)
            fields[self._upload.field] = self._upload
        return fields

    def _begin(self) -> None:
        self._part = _Part()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._part.header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        if self._part.header.lower() == b"content-disposition":
            self._part.disposition += data[start:end]

    def _header_end(self) -> None:
        self._part.header = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._part.disposition)
        if b"name" not in options:
            raise BadParameter("malformed multipart body: a part has no name")
        self._part.name = options[b"name"].decode(errors="replace")
        if b"filename" in options:
            self._part.filename = options[b"filename"].decode(errors="replace")
            if self._file is None:
                name = self._part.name[:64]
                how = f"(curl -F '{name}=<file' sends its content)"
                raise BadParameter(f"{name} must be text; it came as a file {how}", name)
            if self._upload is not None:
                raise BadParameter(f"one file a request; a second one came in {self._part.name!r}", self._part.name)
        elif sum(map(len, self._fields.values())) >= MAX_FIELDS:
            raise BadParameter(f"more than {MAX_FIELDS} fields")

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.size += end - start
        if self._file is not None and part.filename is not None:
            if part.size > self._max_file_size:
                raise file_too_large(self._max_file_size)
            self._file.write(data[start:end])
        elif part.size > MAX_FIELD_BYTES:
            name = part.name[:64]
            as_file = f"if it is the file, send it with a filename: curl -F {name}=@speech.mp3"
            raise BadParameter(f"field {name!r} holds more than {MAX_FIELD_BYTES} bytes of text; {as_file}", name)
        else:
            part.text += data[start:end]

    def _end(self) -> None:
        part = self._part
        if self._file is not None and part.filename is not None:
            self._upload = Upload(part.name, part.filename, part.size, self._file)
        else:
            self._fields.setdefault(part.name, []).append(part.text.decode(errors="replace"))

    def _finish(self) -> None:
        self._complete = True
