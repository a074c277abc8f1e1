"""What can go wrong with speech, each with a stable code that every API family maps to its own envelope.

An error crosses Triton as text, because a decoupled stream carries nothing but an error message:
`wire()` writes `code: message` or `code(param): message`, and `parse()` reads it back.
"""

from __future__ import annotations

import re

_WIRE = re.compile(r"(?:\[[^]]*\] )?(?P<code>[a-z_]+)(?:\((?P<param>[A-Za-z_.]+)\))?: (?P<message>.*)", re.DOTALL)


class SpeechError(Exception):
    """Base of all domain errors; `param` names the option that is wrong, where one is."""

    code = "internal_error"

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param

    def wire(self) -> str:
        param = f"({self.param})" if self.param else ""
        return f"{self.code}{param}: {self.message}"

    @staticmethod
    def parse(text: str) -> SpeechError:
        """Rebuild the error that `wire()` wrote; anything else becomes a plain SpeechError."""
        match = _WIRE.fullmatch(text)
        if match is None or match["code"] not in _BY_CODE:
            return SpeechError(text)
        return SpeechError.of(match["code"], match["message"], match["param"])

    @staticmethod
    def of(code: str, message: str, param: str | None = None) -> SpeechError:
        """The error that has this code."""
        return _BY_CODE.get(code, SpeechError)(message, param)


class BadParameter(SpeechError):
    """An option is unknown, of the wrong type or out of its range."""

    code = "bad_parameter"


class UnknownModel(SpeechError):
    """No loaded engine has this name."""

    code = "model_not_found"


class BadAudio(SpeechError):
    """The bytes hold no sound that can be decoded."""

    code = "bad_audio"


class TooLong(SpeechError):
    """More audio (or text) than one request may carry."""

    code = "too_long"


class Overloaded(SpeechError):
    """Every place in the queue is taken; try again later."""

    code = "overloaded"


class NotReady(SpeechError):
    """The model or its server is starting, stopping or gone."""

    code = "not_ready"


class DeadlineExceeded(SpeechError):
    """The request took longer than it may."""

    code = "deadline_exceeded"


class Cancelled(SpeechError):
    """The client went away."""

    code = "cancelled"


class EngineUnusable(SpeechError):
    """An engine is missing, half-written or built for another machine; the message says what to run."""

    code = "engine_unusable"


_BY_CODE: dict[str, type[SpeechError]] = {child.code: child for child in SpeechError.__subclasses__()}
