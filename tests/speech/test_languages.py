"""Languages as clients may write them."""

from __future__ import annotations

import pytest

from speech.errors import BadParameter
from speech.languages import NAMES, language_code


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


@pytest.mark.engine
def test_names_are_those_of_whisper() -> None:
    from transformers.models.whisper.tokenization_whisper import LANGUAGES

    assert NAMES == LANGUAGES
