"""Errors are sent through Triton as text and rebuilt from it."""

import pytest

from speech.errors import BadParameter, SpeechError, UnknownModel


@pytest.mark.parametrize("child", SpeechError.__subclasses__())
@pytest.mark.parametrize("param", [None, "temperature"])
def test_round_trip(child: type[SpeechError], param: str | None) -> None:
    error = SpeechError.parse(child("say: what (to do)\nnow", param).wire())
    assert (type(error), error.message, error.param) == (child, "say: what (to do)\nnow", param)


def test_tritons_prefix_is_ignored() -> None:
    error = SpeechError.parse("[request id: 7] " + UnknownModel("no model 'x'", "model").wire())
    assert (type(error), error.message) == (UnknownModel, "no model 'x'")


def test_other_text_is_an_internal_error() -> None:
    for text in ("", "boom", "weird: thing", "bad_parameters: x"):
        assert type(SpeechError.parse(text)) is SpeechError
    assert type(SpeechError.parse("bad_parameter: x")) is BadParameter
