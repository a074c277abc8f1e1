"""Languages as clients may write them."""

from __future__ import annotations

import pytest

from speech.errors import BadParameter
from speech.languages import NAMES, check_languages, language_code
from speech.types import TranscribeOptions


@pytest.mark.parametrize("text", ["en", "EN", " en ", "en-US", "en_GB", "English", "ENGLISH"])
def test_spellings_of_english(text: str) -> None:
    assert language_code(text) == "en"


@pytest.mark.parametrize(("text", "code"), [("mandarin", "zh"), ("jv", "jw"), ("haitian creole", "ht"), ("yue", "yue")])
def test_aliases(text: str, code: str) -> None:
    assert language_code(text) == code


@pytest.mark.parametrize("text", ["xx", "klingon", "e n", "-", "englsh"])
def test_unknown_language_is_named(text: str) -> None:
    with pytest.raises(BadParameter, match="language must be") as caught:
        language_code(text)
    assert caught.value.param == "language"
    assert repr(text) in caught.value.message


def test_a_typing_error_gets_a_hint() -> None:
    with pytest.raises(BadParameter, match="did you mean 'english'"):
        language_code("englsh")


def test_the_error_is_about_the_parameter_that_was_given() -> None:
    with pytest.raises(BadParameter, match="languages must be"):
        language_code("xx", "languages")


@pytest.mark.parametrize(
    ("language", "languages"), [("", ""), ("en", ""), ("en", "en"), ("en", "de, en"), ("", "de"), ("", "de,,en,")]
)
def test_languages_that_fit(language: str, languages: str) -> None:
    check_languages(TranscribeOptions(language=language, languages=languages), "whisper-base", ("en", "de"))


@pytest.mark.parametrize(
    ("language", "languages", "param", "message"),
    [
        ("fr", "", "language", "model whisper-base has no language 'fr'; it has: de, en"),
        ("", "en,fr", "languages", "model whisper-base has no language 'fr'; it has: de, en"),
        ("en", "de", "languages", "language 'en' is not among languages (de); give one of the two"),
    ],
)
def test_languages_that_do_not_fit(language: str, languages: str, param: str, message: str) -> None:
    with pytest.raises(BadParameter) as caught:
        check_languages(TranscribeOptions(language=language, languages=languages), "whisper-base", ("en", "de"))
    assert (caught.value.param, caught.value.message) == (param, message)


@pytest.mark.engine
def test_names_are_those_of_whisper() -> None:
    from transformers.models.whisper.tokenization_whisper import LANGUAGES

    assert NAMES == LANGUAGES
