"""Languages in requests: one that is spoken, several that may be, and the one to translate into."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from speech.errors import BadParameter
from speech.languages import language_code

_DETECT = "auto"
"""How whisper.cpp's clients ask for the language to be detected."""


def _code(text: str, name: str) -> str:
    """The code of a language; empty if it is to be detected."""
    return "" if text.strip().lower() == _DETECT else language_code(text, name)


def _spoken(text: str) -> str:
    return _code(text, "language")


def _possible(texts: tuple[str, ...]) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(_code(text, "languages") for text in texts))
    return () if "" in codes else codes


def _english(text: str) -> str:
    try:
        code = language_code(text)
    except BadParameter:
        code = ""
    if code != "en":
        raise BadParameter(f"to_language must be en: Whisper translates into English only; got {text!r}", "to_language")
    return code


LanguageCode = Annotated[str, AfterValidator(_spoken)]
"""The language that is spoken, as a code, also with a region, or a name; empty if it is to be detected."""
Languages = Annotated[tuple[str, ...], AfterValidator(_possible)]
"""Languages that may be spoken, each as in LanguageCode."""
English = Annotated[str, AfterValidator(_english)]
"""The only language that Whisper translates into."""
