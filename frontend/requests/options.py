"""The options of a transcription, out of a form."""

from __future__ import annotations

from collections.abc import Iterable

from frontend.requests.forms import Form
from speech.contract import TRANSCRIBE, transcribe_options
from speech.languages import language_code
from speech.types import Task, Timestamps, TranscribeOptions


def read_options(
    form: Form, names: Iterable[str], task: Task = "transcribe", timestamps: Timestamps = "segment"
) -> TranscribeOptions:
    """The fields `names` of the form; they are called as the model's parameters (speech/contract.py) are."""
    given = {name: value for name in names if (value := form.text(name))}
    if "language" in given:
        given["language"] = language_code(given["language"])
    return transcribe_options(TRANSCRIBE.read_parameters({**given, "task": task, "timestamps": timestamps}))
