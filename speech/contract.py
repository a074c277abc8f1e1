"""Every served model: its tensors, dtypes, shapes, parameters and events. Names are spelled here only.

Options travel as Triton request parameters, because an ensemble forwards those to every step
(tensors of another decoupled origin it would refuse). Every response carries INDEX, because Triton may
deliver the responses of a decoupled model out of order.

To stop a sequence, begin it anew (START and END, `describe` for an answer at once): its work is dropped. That goes for
`synthesize` too: it is no sequence model, but a request that carries a sequence id belongs to that sequence.
Cancelling the gRPC stream stops the work of a model that is asked directly, but the first step of an ensemble does not
learn of it and goes on to the end of what was sent; the sequence keeps its place until it is idle for too long
(config.pbtxt); and tritonserver 2.51 crashes at one cancellation in a thousand or so (issues 7368, 8034).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from speech.emotions import EMOTIONS
from speech.errors import BadParameter
from speech.events import (
    SYNTHESIS_EVENTS,
    TRANSCRIPTION_EVENTS,
    Audio,
    AudioDone,
    Done,
    Event,
    Failure,
    Models,
)
from speech.types import LiveOptions, SynthesizeOptions, TranscribeOptions

Options = TypeVar("Options", TranscribeOptions, LiveOptions, SynthesizeOptions)


@dataclass(frozen=True)
class Tensor:
    """A tensor of a served model; -1 in `dims` is a variable length."""

    name: str
    datatype: str
    dims: tuple[int, ...]
    doc: str
    optional: bool = False


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
        except (TypeError, ValueError, OverflowError):
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
    events: tuple[type[Event], ...]
    last_events: tuple[type[Event], ...]
    decoupled: bool = True
    sequence: bool = False

    def parameter(self, name: str) -> Parameter:
        return next(parameter for parameter in self.parameters if parameter.name == name)

    def read_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters of the model with their values; BadParameter names what is unknown or out of range.

        What only another model knows is left to it: an ensemble forwards all parameters to every step.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        elsewhere = {parameter.name for model in MODELS for parameter in model.parameters}
        for name in given:
            if name not in known and name not in elsewhere:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}? " if near else ""
                raise BadParameter(f"no parameter {name!r}; {hint}allowed: {', '.join(known)}", name)
        return {name: p.read(given[name]) if name in given else p.default for name, p in known.items()}


AUDIO, TEXT, EVENT, INDEX, SAMPLE_RATE = "AUDIO", "TEXT", "EVENT", "INDEX", "SAMPLE_RATE"
AUDIO_IN = "AUDIO_IN"
"""AUDIO of an ensemble that gives AUDIO too: no two of its tensors can have one name."""

MAX_SEQUENCES = 128
"""Sequences that `transcribe` works on at the same time; any more wait: `max_candidate_sequences` in config.pbtxt."""

MAX_REQUEST_S = 1800
"""Audio that one sequence may have sent and not yet seen acknowledged by a `progress` event."""

_DEFAULTS = TranscribeOptions()
_LIVE = LiveOptions()

TRANSCRIBE = Model(
    name="transcribe",
    events=TRANSCRIPTION_EVENTS,
    last_events=(Done, Models),
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
        Tensor(TEXT, "STRING", (1,), "text of a finished segment or utterance, else empty"),
        Tensor(EVENT, "STRING", (1,), "JSON: one event (speech/events.py)"),
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
        Parameter(
            "duration_s",
            float,
            0.0,
            "audio after so many seconds is ignored, and the sequence answered as if END had come; 0: no limit",
            low=0.0,
            high=86_400.0,
        ),
        Parameter(
            "live",
            bool,
            False,
            "utterance by utterance, while they are spoken: `partial` and `final` events",
        ),
        Parameter("partials", bool, _LIVE.partials, "live: send `partial` events"),
        Parameter(
            "endpoint_silence_s",
            float,
            _LIVE.endpoint_silence_s,
            "live: silence after which an utterance has ended",
            low=0.1,
            high=3.0,
        ),
        Parameter(
            "max_utterance_s",
            float,
            _LIVE.max_utterance_s,
            "live: an utterance that is longer is cut: at a pause in the last third of this time, if it has one",
            low=1.0,
            high=28.0,
        ),
        Parameter("describe", bool, False, "answer with one `models` event and nothing else"),
    ),
)


def transcribe_options(parameters: Mapping[str, Any]) -> TranscribeOptions:
    """The options in a START request's parameters (already read by `TRANSCRIBE.read_parameters`)."""
    return _options(TranscribeOptions, parameters)


def live_options(parameters: Mapping[str, Any]) -> LiveOptions | None:
    """The options of live speech in a START request's parameters; None if it is a file."""
    if not parameters["live"]:
        return None
    return _options(LiveOptions, parameters)


MAX_TEXT = 20_000
"""Characters of one TEXT: about twenty minutes of speech."""

_SPEAKING = SynthesizeOptions()

SYNTHESIZE = Model(
    name="synthesize",
    events=SYNTHESIS_EVENTS,
    last_events=(AudioDone, Models),
    inputs=(
        Tensor(TEXT, "STRING", (1,), f"what to say, at most {MAX_TEXT} characters; empty: nothing"),
        Tensor(
            EVENT,
            "STRING",
            (1,),
            "JSON that is sent back at once; but a `done` when all before it is said, and a `progress` when not much "
            "waits to be said. Without a parameter `language`, TEXT is in its `language`, as far as that can be spoken",
            optional=True,
        ),
        Tensor(
            INDEX,
            "INT64",
            (1,),
            "position of this text in its sequence; 0 begins it (anew), and its parameters hold for those that follow",
            optional=True,
        ),
    ),
    outputs=(
        Tensor(AUDIO, "FP32", (-1,), "mono PCM, -1..1: the next piece of the speech; empty with an echoed event"),
        Tensor(TEXT, "STRING", (1,), "the sentence or clause that begins with this piece, else empty"),
        Tensor(EVENT, "STRING", (1,), "JSON: one event (speech/events.py)"),
        Tensor(INDEX, "INT64", (1,), "position of this response in its sequence, or request, from 0"),
        Tensor(SAMPLE_RATE, "INT32", (1,), "of AUDIO, in Hz"),
    ),
    parameters=(
        Parameter(
            "voice",
            str,
            _SPEAKING.voice,
            "a voice, or a blend of voices as in af_bella(2)+af_sky(1)",
            max_length=256,
        ),
        Parameter(
            "speed",
            float,
            _SPEAKING.speed,
            "how fast: the durations are divided by it. 0.75 to 1.3 sound natural; above 1.6 words suffer",
            low=0.25,
            high=4.0,
        ),
        Parameter("emotion", str, _SPEAKING.emotion, "how the pitch moves, and at what pace", choices=tuple(EMOTIONS)),
        Parameter("language", str, _SPEAKING.language, "language of the text; empty: the voice's own"),
        Parameter("precision", str, _SPEAKING.precision, "int8 or fp32; empty: the engine's fastest"),
        Parameter(
            "chunk_length",
            float,
            _SPEAKING.chunk_length,
            "phonemes that are said in one breath at most; longer sentences are cut at clauses",
            low=100,
            high=300,
        ),
        Parameter("lead_in_s", float, _SPEAKING.lead_in_s, "silence before the first sound", low=0.0, high=10.0),
        Parameter(
            "trailing_silence_s",
            float,
            _SPEAKING.trailing_silence_s,
            "silence after the last sound",
            low=0.0,
            high=10.0,
        ),
        Parameter("describe", bool, False, "answer with one `models` event and nothing else"),
    ),
)

SPEECH_TO_SPEECH = Model(
    name="speech_to_speech",
    events=(*TRANSCRIPTION_EVENTS, Audio, AudioDone, Failure),
    last_events=(Done, Models, Failure),
    inputs=tuple(replace(tensor, name=AUDIO_IN) for tensor in TRANSCRIBE.inputs),
    outputs=SYNTHESIZE.outputs,
    parameters=tuple({p.name: p for model in (SYNTHESIZE, TRANSCRIBE) for p in model.parameters}.values()),
)
"""An ensemble: the text of each `segment` or `final` is spoken. Its requests are those of a sequence of `transcribe`,
its events those of both models: each one that was heard at once, `audio` as it is made, `done` when all is said; or
`error` (code, message, param) if that cannot be said.

`language` is that of the speech, and of the answer; but with task=translate the answer is in English.
"""

MODELS = (TRANSCRIBE, SYNTHESIZE)
"""Those that do the work."""


def synthesize_options(parameters: Mapping[str, Any]) -> SynthesizeOptions:
    """The options in a request's parameters (already read by `SYNTHESIZE.read_parameters`)."""
    return _options(SynthesizeOptions, parameters)


def _options(kind: type[Options], parameters: Mapping[str, Any]) -> Options:
    return kind(**{field.name: parameters[field.name] for field in fields(kind)})
