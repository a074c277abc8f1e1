"""Every served model: its tensors, datatypes, shapes, parameters and events. Their names are spelled here only.

Options travel as Triton request parameters, because an ensemble forwards those to each of its steps. As tensors they
would not pass: Triton refuses a step whose inputs come from different decoupled models. Every response carries INDEX,
because Triton may deliver the responses of a decoupled model out of order.

To stop a sequence, start it again with START and END: its work is dropped. With the parameter `describe`, such a
request is answered at once. This works for `synthesize` too. It is not a sequence model, but all requests with the same
sequence id belong to one sequence.

Cancelling the gRPC stream stops a model only if the client called it directly. The first step of an ensemble does not
learn of it and processes everything that was sent; the sequence keeps its place until it has been idle for too long
(config.pbtxt). Besides, tritonserver 2.51 crashes at about one cancellation in a thousand (its issues 7368 and 8034).
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
from speech.parameter import Parameter
from speech.transcribe_parameters import TRANSCRIBE_PARAMETERS
from speech.types import MAX_SPEED, MIN_SPEED, LiveOptions, SynthesizeOptions, TranscribeOptions

Options = TypeVar("Options", TranscribeOptions, LiveOptions, SynthesizeOptions)


@dataclass(frozen=True)
class Tensor:
    """A tensor of a served model. In `dims`, -1 is a variable length."""

    name: str
    datatype: str
    dims: tuple[int, ...]
    doc: str
    optional: bool = False


@dataclass(frozen=True)
class Model:
    """A model of the repository as its clients see it. `last_events` are those that can end its answer."""

    name: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    parameters: tuple[Parameter, ...]
    events: tuple[type[Event], ...]
    last_events: tuple[type[Event], ...]
    decoupled: bool = True
    sequence: bool = False

    def parameter(self, name: str) -> Parameter:
        """The parameter called `name`, which the model has."""
        return next(parameter for parameter in self.parameters if parameter.name == name)

    def read_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The values of all parameters: as `given`, or their defaults.

        Parameters that only another model has are ignored, because an ensemble forwards all parameters to every step.
        Raises: BadParameter, which names what is unknown or out of range.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        known_elsewhere = {parameter.name for model in MODELS for parameter in model.parameters}
        for name in given:
            if name not in known and name not in known_elsewhere:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}? " if near else ""
                raise BadParameter(f"no parameter {name!r}; {hint}allowed: {', '.join(known)}", name)
        return {
            name: parameter.read(given[name]) if name in given else parameter.default
            for name, parameter in known.items()
        }


AUDIO, TEXT, EVENT, INDEX, SAMPLE_RATE = "AUDIO", "TEXT", "EVENT", "INDEX", "SAMPLE_RATE"
AUDIO_IN = "AUDIO_IN"
"""The input AUDIO of an ensemble that also has an output AUDIO, because its tensors must have different names."""
SEQUENCE_START, SEQUENCE_END, SEQUENCE_ID = "START", "END", "CORRID"
"""Inputs that Triton's sequence batcher adds to the requests of a sequence model."""

MAX_SEQUENCES = 128
"""Sequences that `transcribe` works on at the same time; any more wait: `max_candidate_sequences` in config.pbtxt."""

MAX_REQUEST_S = 1800
"""Seconds of audio that a sequence may send before `progress` events acknowledge them."""

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
            "the next chunk of the sequence: mono PCM, 16 kHz, -1..1, of any length, even empty",
        ),
    ),
    outputs=(
        Tensor(TEXT, "STRING", (1,), "the text of a `segment` or `final` event, else empty"),
        Tensor(EVENT, "STRING", (1,), "one event, in JSON"),
        Tensor(INDEX, "INT64", (1,), "number of this response in its sequence, from 0"),
    ),
    parameters=TRANSCRIBE_PARAMETERS,
)


def transcribe_options(parameters: Mapping[str, Any]) -> TranscribeOptions:
    """The options in parameters that `TRANSCRIBE.read_parameters` has read."""
    return _options(TranscribeOptions, parameters)


def live_options(parameters: Mapping[str, Any]) -> LiveOptions | None:
    """The options of live speech in parameters that `TRANSCRIBE.read_parameters` has read; None without `live`."""
    if not parameters["live"]:
        return None
    return _options(LiveOptions, parameters)


MAX_TEXT = 20_000
"""Characters of one TEXT, about twenty minutes of speech."""

_SYNTHESIS_DEFAULTS = SynthesizeOptions()

SYNTHESIZE = Model(
    name="synthesize",
    events=SYNTHESIS_EVENTS,
    last_events=(AudioDone, Models),
    inputs=(
        Tensor(
            TEXT,
            "STRING",
            (1,),
            f"the text to speak, at most {MAX_TEXT:,} characters; it may be empty if there is an EVENT. "
            "[pause:1.5s] in it is silence, and [rate:0.8] changes the speed from there on: docs/speech.md",
        ),
        Tensor(
            EVENT,
            "STRING",
            (1,),
            "an event, in JSON, to send back at once; but `done` waits until all earlier texts are spoken, and "
            "`progress` waits while more than a minute of speech is queued. Its `language` is the language of TEXT "
            "unless the parameter `language` is set; a text in a language that has no voice is skipped",
            optional=True,
        ),
        Tensor(
            INDEX,
            "INT64",
            (1,),
            "number of this text in its sequence, from 0; 0 starts the sequence, and its parameters also apply "
            "to the texts after it",
            optional=True,
        ),
    ),
    outputs=(
        Tensor(
            AUDIO, "FP32", (-1,), "the next chunk of the speech: mono PCM, -1..1; empty if the event is not `audio`"
        ),
        Tensor(TEXT, "STRING", (1,), "the sentence or clause that starts with this chunk, else empty"),
        Tensor(EVENT, "STRING", (1,), "one event, in JSON"),
        Tensor(
            INDEX,
            "INT64",
            (1,),
            "number of this response in its sequence, or of the request if it has no sequence, from 0",
        ),
        Tensor(SAMPLE_RATE, "INT32", (1,), "sample rate of AUDIO, Hz"),
    ),
    parameters=(
        Parameter(
            "voice",
            str,
            _SYNTHESIS_DEFAULTS.voice,
            "name of a voice, or a weighted blend of voices such as af_bella(2)+af_sky(1)",
            max_length=256,
        ),
        Parameter(
            "speed",
            float,
            _SYNTHESIS_DEFAULTS.speed,
            "pace: 2 is twice as fast. 0.75 to 1.3 sounds natural; above 1.6 words get hard to understand",
            low=MIN_SPEED,
            high=MAX_SPEED,
        ),
        Parameter(
            "emotion",
            str,
            _SYNTHESIS_DEFAULTS.emotion,
            "changes the pitch, the pace and the loudness of the voice",
            choices=tuple(EMOTIONS),
        ),
        Parameter(
            "language",
            str,
            _SYNTHESIS_DEFAULTS.language,
            "code of the language of the text, such as en-us; empty: that of EVENT, else that of the text's script, "
            "else the voice's own",
        ),
        Parameter(
            "precision", str, _SYNTHESIS_DEFAULTS.precision, "precision of the engine, int8 or fp32; empty: the fastest"
        ),
        Parameter(
            "chunk_length",
            float,
            _SYNTHESIS_DEFAULTS.chunk_length,
            "phonemes that are synthesized in one go, at most; longer sentences are split into clauses",
            low=100,
            high=300,
        ),
        Parameter(
            "lead_in_s",
            float,
            _SYNTHESIS_DEFAULTS.lead_in_s,
            "seconds of silence before the speech",
            low=0.0,
            high=10.0,
        ),
        Parameter(
            "trailing_silence_s",
            float,
            _SYNTHESIS_DEFAULTS.trailing_silence_s,
            "seconds of silence after the speech",
            low=0.0,
            high=10.0,
        ),
        Parameter(
            "volume_multiplier",
            float,
            _SYNTHESIS_DEFAULTS.volume_multiplier,
            "loudness: 2 is 6 dB louder, 0.5 is 6 dB softer. Peaks are compressed and never clipped, so large values "
            "distort",
            low=0.0,
            high=10.0,
        ),
        Parameter("describe", bool, False, "answer with a `models` event and do nothing else"),
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
"""An ensemble that speaks the text of each `segment` or `final` event.

Its requests are those of a sequence of `transcribe`. Its events are those of both models: an event of `transcribe`
comes at once, `audio` as it is synthesized, `done` when everything is spoken. If it cannot be spoken, `error` takes the
place of `done`. The parameter `language` applies to the speech and to the answer, but with task=translate the answer is
in English.
"""

MODELS = (TRANSCRIBE, SYNTHESIZE)
"""The models that run engines. An ensemble only connects them."""


def synthesize_options(parameters: Mapping[str, Any]) -> SynthesizeOptions:
    """The options in parameters that `SYNTHESIZE.read_parameters` has read."""
    return _options(SynthesizeOptions, parameters)


def _options(kind: type[Options], parameters: Mapping[str, Any]) -> Options:
    return kind(**{field.name: parameters[field.name] for field in fields(kind)})
