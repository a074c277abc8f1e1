"""Audio in base64 within a JSON body: the way to send a file for clients that cannot send a form."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, BinaryIO

from frontend.requests.json_object import read_object
from frontend.requests.upload import FIELDS, Upload, file_too_large
from speech.errors import BadParameter

EXAMPLE = '{"model": "whisper-1", "input_audio": {"data": "UklGR…", "format": "wav"}}'
_URL_SAFE = str.maketrans("-_", "+/")


def read_audio(body: BinaryIO, max_file_size: int) -> dict[str, Any]:
    """The fields of a JSON object in the file `body`, whose content is then the audio that the object carried.

    The audio is `{"data": base64, "format": …}` in `input_audio`, as OpenAI's chat messages have it; or base64, or a
    data URL, in the field that a form would have the file in. The format is not used: audio is recognised by content.
    Raises: BadParameter for what is no base64, FileTooLarge.
    """
    body.seek(0)
    fields = read_object(body.read(), "the body", EXAMPLE)
    name = next((name for name in FIELDS if fields.get(name)), None)
    if name is None:
        return fields
    audio = _decode(fields[name], name)
    if len(audio) > max_file_size:
        raise file_too_large(max_file_size)
    body.seek(0)
    body.truncate()
    body.write(audio)
    body.seek(0)
    return {**fields, name: Upload(name, f"{name} in base64", len(audio), body)}


def _decode(value: object, name: str) -> bytes:
    text = value.get("data") if isinstance(value, Mapping) else value
    if not isinstance(text, str):
        raise BadParameter(f"{name} must be audio in base64, as in {EXAMPLE}", name)
    if text.startswith(("http://", "https://", "file://")):
        raise BadParameter(f"{name} is a URL, and no URL is fetched; send the audio itself, as in {EXAMPLE}", name)
    if text.startswith("data:"):
        text = text.partition(",")[2]
    digits = "".join(text.split()).rstrip("=").translate(_URL_SAFE)
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadParameter(f"{name} is not base64; send audio as in {EXAMPLE}", name) from None
