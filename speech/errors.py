"""The errors of the domain. Each has a stable code, which every API family puts into its own error format.

Triton transports an error as text, because a decoupled stream has nothing but a message: `wire()` writes
`code: message` or `code(param): message`, and `parse()` reads it back.
"""

from __future__ import annotations

import re

_WIRE = re.compile(r"(?:\[[^]]*\] )?(?P<code>[a-z_]+)(?:\((?P<param>[A-Za-z_.]+)\))?: (?P<message>.*)", re.DOTALL)


class SpeechError(Exception):
    """Base of all domain errors. `param` names the wrong option, if one option is to blame."""

    code = "internal_error"

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param

    def wire(self) -> str:
        """The text that transports this error through Triton."""
        param = f"({self.param})" if self.param else ""
        return f"{self.code}{param}: {self.message}"

    @staticmethod
    def parse(text: str) -> SpeechError:
        """The error that `wire()` wrote as `text`; any other text becomes a plain SpeechError.

        Triton may have put a prefix before it: "[request id: 7] ".
        """
        match = _WIRE.fullmatch(text)
        if match is None or match["code"] not in _BY_CODE:
            return SpeechError(text)
        return SpeechError.of(match["code"], match["message"], match["param"])

    @staticmethod
    def of(code: str, message: str, param: str | None = None) -> SpeechError:
        """The error with this code; a plain SpeechError if no error has it."""
        return _BY_CODE.get(code, SpeechError)(message, param)


class BadParameter(SpeechError):
    """An option is unknown, of the wrong type or out of its range."""

    code = "bad_parameter"


class UnknownModel(SpeechError):
    """No loaded engine has this name."""

    code = "model_not_found"


class BadAudio(SpeechError):
    """The bytes hold no audio that can be decoded."""

    code = "bad_audio"


class TooLong(SpeechError):
    """More audio (or text) than one request may carry."""

    code = "too_long"


class FileTooLarge(SpeechError):
    """An upload has more bytes than one request may carry."""

    code = "file_too_large"


class Overloaded(SpeechError):
    """Every place in the queue is taken; try again later."""

    code = "overloaded"


class NotReady(SpeechError):
    """The model or its server is starting, stopping or gone."""

    code = "not_ready"


class DeadlineExceeded(SpeechError):
    """The request took longer than its time limit."""

    code = "deadline_exceeded"


class Unauthorized(SpeechError):
    """The request has no API key, or a wrong one."""

    code = "auth_error"


class RateLimited(SpeechError):
    """The client has sent as many requests as it may, for now; `retry_after_s` tells when to try again."""

    code = "rate_limit"

    def __init__(self, message: str = "Rate limit exceeded", param: str | None = None, retry_after_s: int = 1) -> None:
        super().__init__(message, param)
        self.retry_after_s = retry_after_s


class Cancelled(SpeechError):
    """The client closed the connection."""

    code = "cancelled"


class EngineUnusable(SpeechError):
    """An engine is missing, incomplete or built for another machine. The message gives the command to run."""

    code = "engine_unusable"


_BY_CODE: dict[str, type[SpeechError]] = {child.code: child for child in SpeechError.__subclasses__()}
