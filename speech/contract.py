"""Every served model: its tensors, dtypes, shapes, parameters and events. Names are spelled here only.

Options travel as Triton request parameters, because an ensemble forwards those to every step
(tensors of another decoupled origin it would refuse). Every response carries INDEX, because Triton may
deliver the responses of a decoupled model out of order.

To stop a sequence, START it anew (with END, and `describe` for an answer at once): its work is dropped. Cancelling the
gRPC stream does that too, but tritonserver 2.51 crashes at one cancellation in a thousand or so (issues 7368, 8034).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from speech.errors import BadParameter
from speech.types import TranscribeOptions


@dataclass(frozen=True)
class Tensor:
    """A tensor of a served model; -1 in `dims` is a variable length."""

    name: str
    datatype: str
    dims: tuple[int, ...]
    doc: str


@dataclass(frozen=True)
class Parameter:
    """A request parameter: `type` is str, float, or bool; numbers have a range, words may have choices."""

    name: str
    type: type
    default: str | float | bool
    doc: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    max_length: int = 64

    def read(self, value: Any) -> Any:
        """`value` (as Triton delivers it, or as text) in this parameter's type; BadParameter if it does not fit."""
        if self.type is bool:
            return self._read_bool(value)
        if self.type is float:
            return self._read_float(value)
        if not isinstance(value, str) or len(value) > self.max_length:
            raise BadParameter(f"{self.name} must be a string of at most {self.max_length} characters", self.name)
        if self.choices and value not in self.choices:
            raise BadParameter(f"{self.name} must be one of {', '.join(self.choices)}; got {value!r}", self.name)
        return value

    def _read_bool(self, value: Any) -> bool:
        word = str(value).lower()
        if word not in ("true", "false", "1", "0"):
            raise BadParameter(f"{self.name} must be true or false; got {value!r}", self.name)
        return word in ("true", "1")

    def _read_float(self, value: Any) -> float:
        try:
            number = float("nan") if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            number = float("nan")
        low, high = self.low, self.high
        assert low is not None and high is not None, f"{self.name} is a number without a range"
        if not low <= number <= high:
            raise BadParameter(f"{self.name} must be a number from {low:g} to {high:g}; got {value!r}", self.name)
        return number


@dataclass(frozen=True)
class Model:
    """A model of the repository as its clients see it."""

    name: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    parameters: tuple[Parameter, ...]
    decoupled: bool = True
    sequence: bool = False

    def read_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters of the model with their values; BadParameter names what is unknown or out of range."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}? " if near else ""
                raise BadParameter(f"no parameter {name!r}; {hint}allowed: {', '.join(known)}", name)
        return {name: p.read(given[name]) if name in given else p.default for name, p in known.items()}


AUDIO, TEXT, EVENT, INDEX = "AUDIO", "TEXT", "EVENT", "INDEX"

MAX_REQUEST_S = 1800
"""Audio that one sequence may have sent and not yet seen acknowledged by a `progress` event."""

_DEFAULTS = TranscribeOptions()

TRANSCRIBE = Model(
    name="transcribe",
    sequence=True,
    inputs=(
        Tensor(
            AUDIO,
            "FP32",
            (-1,),
            "mono PCM, 16 kHz, -1..1; a chunk of a sequence (START .. END); may be empty",
        ),
    ),
    outputs=(
        Tensor(TEXT, "STRING", (1,), "text of a finished segment, else empty"),
        Tensor(EVENT, "STRING", (1,), "JSON, see EVENTS"),
        Tensor(INDEX, "INT64", (1,), "position of this response in its sequence, from 0"),
    ),
    parameters=(
        Parameter("model", str, _DEFAULTS.model, "engine to use; empty: the server's default"),
        Parameter("language", str, _DEFAULTS.language, "language of the speech, ISO 639-1; empty: detect it"),
        Parameter("task", str, _DEFAULTS.task, "translate gives English text", choices=("transcribe", "translate")),
        Parameter(
            "prompt",
            str,
            _DEFAULTS.prompt,
            "words or style to expect; Whisper reads the last 223 tokens",
            max_length=10_000,
        ),
        Parameter(
            "temperature",
            float,
            _DEFAULTS.temperature,
            "0: greedy or beam search, raised in steps of 0.2 when a guard fails; above 0: sampling at it",
            low=0.0,
            high=1.0,
        ),
        Parameter(
            "timestamps",
            str,
            _DEFAULTS.timestamps,
            "word adds times of words to each segment",
            choices=("segment", "word"),
        ),
        Parameter(
            "no_speech_threshold",
            float,
            _DEFAULTS.no_speech_threshold,
            "a window is silence when its no-speech probability is above this and its log-probability is low",
            low=0.0,
            high=1.0,
        ),
        Parameter(
            "logprob_threshold",
            float,
            _DEFAULTS.logprob_threshold,
            "mean log-probability of the tokens below which a window is decoded again",
            low=-10.0,
            high=0.0,
        ),
        Parameter(
            "compression_ratio_threshold",
            float,
            _DEFAULTS.compression_ratio_threshold,
            "zlib ratio of the text above which it counts as repetition and is decoded again",
            low=1.0,
            high=100.0,
        ),
        Parameter("describe", bool, False, "answer with one `models` event and nothing else"),
    ),
)

EVENTS = {
    "segment": "id, seek, start, end, text, tokens, temperature, avg_logprob, compression_ratio, no_speech_prob, "
    "language, and words [{word, start, end, probability}] when timestamps=word. Segments come in order of time",
    "progress": "received_s: this chunk has been taken in; send the next ones. One for every request of a sequence",
    "done": "language, language_probability, duration, model, task: last event of a sequence",
    "models": "models [{name, languages}] that `model` accepts, the default first: the answer to describe=true",
}


def transcribe_options(parameters: Mapping[str, Any]) -> TranscribeOptions:
    """The options in a START request's parameters (already read by `TRANSCRIBE.read_parameters`)."""
    return TranscribeOptions(**{field.name: parameters[field.name] for field in fields(TranscribeOptions)})
