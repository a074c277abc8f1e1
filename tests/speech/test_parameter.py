"""Parameters read their values, as Triton delivers them or as text, and refuse what does not fit."""

from __future__ import annotations

import pytest

from speech.errors import BadParameter
from speech.parameter import Parameter

SPEED = Parameter("speed", float, 1.0, "pace", low=0.25, high=4.0)
LIVE = Parameter("live", bool, False, "live audio")
TASK = Parameter("task", str, "transcribe", "what to do", choices=("transcribe", "translate"))
PROMPT = Parameter("prompt", str, "", "text to expect", max_length=5)


@pytest.mark.parametrize(("value", "expected"), [(0.25, 0.25), (4, 4.0), ("1.5", 1.5)])
def test_numbers(value: object, expected: float) -> None:
    assert SPEED.read(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), ("true", True), ("1", True), (1, True), ("False", False), (0, False)]
)
def test_booleans(value: object, expected: bool) -> None:
    assert LIVE.read(value) is expected


def test_strings() -> None:
    assert TASK.read("translate") == "translate"
    assert PROMPT.read("12345") == "12345"


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        (SPEED, 0.2, "speed must be a number from 0.25 to 4; got 0.2"),
        (SPEED, "fast", "speed must be a number from 0.25 to 4; got 'fast'"),
        (SPEED, "nan", "from 0.25 to 4"),
        (SPEED, True, "from 0.25 to 4"),
        (SPEED, None, "from 0.25 to 4"),
        (LIVE, "maybe", "live must be true or false; got 'maybe'"),
        (TASK, "sing", "task must be one of transcribe, translate; got 'sing'"),
        (TASK, 5, "task must be a string"),
        (PROMPT, "123456", "prompt must be a string of at most 5 characters"),
    ],
)
def test_what_does_not_fit_is_refused(parameter: Parameter, value: object, message: str) -> None:
    with pytest.raises(BadParameter, match=message) as caught:
        parameter.read(value)
    assert caught.value.param == parameter.name
