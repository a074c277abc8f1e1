"""Languages as clients write them."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.requests.form import Repeated
from frontend.requests.languages import English, LanguageCode, Languages
from frontend.requests.schema import Schema
from speech.errors import BadParameter


class Example(Schema):
    language: LanguageCode = ""
    languages: Languages = ()
    to_language: English = ""


@pytest.mark.parametrize(
    ("text", "code"), [("en", "en"), ("EN", "en"), ("en-US", "en"), ("German", "de"), ("auto", ""), ("Auto", "")]
)
def test_one(text: str, code: str) -> None:
    assert Example.read({"language": text}).language == code


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (["en"], ("en",)),
        (["en", "German", "en-GB", "pt_BR"], ("en", "de", "pt")),
        (Repeated(["de", "", "de"]), ("de",)),
        ("en, de", ("en", "de")),
        ('["en", "de"]', ("en", "de")),
        (Repeated(['["en", "de"]']), ("en", "de")),
        (["auto"], ()),
        (["en", "auto"], ()),
        ([], ()),
        ("", ()),
    ],
)
def test_several(given: Any, codes: tuple[str, ...]) -> None:
    assert Example.read({"languages": given}).languages == codes


@pytest.mark.parametrize("text", ["en", "EN", "en-US", "English", "english"])
def test_english_is_a_target(text: str) -> None:
    assert Example.read({"to_language": text}).to_language == "en"


@pytest.mark.parametrize(
    ("fields", "param", "message"),
    [
        ({"language": "klingon"}, "language", "language must be an ISO 639-1 code"),
        ({"languages": ["en", "klingon"]}, "languages", "languages must be an ISO 639-1 code"),
        ({"languages": ["en", 5]}, "languages", "languages must be a list of strings; got 5"),
        ({"to_language": "de"}, "to_language", "Whisper translates into English only; got 'de'"),
        ({"to_language": "klingon"}, "to_language", "Whisper translates into English only"),
        ({"to_language": "auto"}, "to_language", "Whisper translates into English only"),
    ],
)
def test_refusals(fields: dict[str, Any], param: str, message: str) -> None:
    with pytest.raises(BadParameter) as caught:
        Example.read(fields)
    assert message in caught.value.message
    assert caught.value.param == param
