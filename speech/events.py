"""Every event of the served models: one frozen dataclass each, to JSON and back.

An event is the tensor EVENT of a response: a JSON object with its name in `type`. Times are seconds from the start of
the audio that was sent (transcription) or of the speech that is made (synthesis). docs/events.md is printed from here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from speech.records import NOT_IN_JSON, Record

Float = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Word(Record):
    """A word that was heard."""

    word: str
    """As it stands in the text, with the space before it where the language writes one."""
    start: float
    """Seconds."""
    end: float
    """Seconds."""
    probability: float
    """Mean probability of its tokens, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class TimedWord(Record):
    """A word that is spoken."""

    word: str
    """As it stands in the text."""
    start: float
    """Seconds of speech."""
    end: float
    """Seconds of speech."""
    text_start: int
    """Its first character in TEXT."""
    text_end: int
    """The character after its last one."""


@dataclass(frozen=True, kw_only=True)
class TranscriptionEngine(Record):
    """A loaded Whisper engine."""

    name: str
    """The value of the parameter `model` that selects it."""
    languages: tuple[str, ...]
    """Codes of the languages that it understands, ISO 639-1 where there is one."""

    @property
    def is_multilingual(self) -> bool:
        return len(self.languages) > 1


@dataclass(frozen=True, kw_only=True)
class VoiceFacts(Record):
    """What was measured of a voice when its engine was built."""

    language: str
    """The language it speaks unless another one is asked for, such as `en-us`."""
    gender: str
    """`female` or `male`."""
    f0_median_hz: float
    """Median pitch, Hz."""
    f0_range_semitones: float
    """From the 5th to the 95th percentile of the pitch, semitones."""
    phonemes_per_s: float
    """Speaking rate."""
    description: str
    """The same in words."""


@dataclass(frozen=True, kw_only=True)
class SynthesisEngine(Record):
    """A loaded engine that speaks."""

    name: str
    """Its name."""
    precisions: tuple[str, ...]
    """Values of the parameter `precision`, the fastest first."""
    languages: tuple[str, ...]
    """Values of the parameter `language`."""
    emotions: Mapping[str, str]
    """Values of the parameter `emotion`, each with a description."""
    voices: Mapping[str, VoiceFacts]
    """Values of the parameter `voice`, each with its facts."""
    aliases: Mapping[str, str]
    """Further names of some voices, such as OpenAI's."""


@dataclass(frozen=True, kw_only=True)
class Event(Record):
    """Base of all events."""

    type: ClassVar[str]

    def to_json(self) -> str:
        return json.dumps({"type": self.type, **self.to_dict()}, ensure_ascii=False)

    def get(self, name: str) -> Any:
        """A field by name, whether this version knows it or not; None if there is no such field."""
        return getattr(self, name, self.unknown.get(name))


@dataclass(frozen=True, kw_only=True)
class Segment(Event):
    """A finished piece of a file's transcript, with the fields of OpenAI's `verbose_json`. Segments come in order of
    time."""

    type: ClassVar[str] = "segment"

    id: int
    """Counts from 0."""
    seek: int
    """Start of the decoded window, hundredths of a second."""
    start: float
    """Seconds."""
    end: float
    """Seconds."""
    text: str
    """With the space before it where the language writes one."""
    tokens: tuple[int, ...]
    """Whisper's token ids, timestamps included."""
    temperature: float
    """Sampling temperature at which it was decoded; 0 is greedy or beam search."""
    avg_logprob: float
    """Mean log-probability of the window's tokens."""
    compression_ratio: float
    """Length of the window's text over that of its zlib compression; high values are repetition."""
    no_speech_prob: float
    """Probability that the window holds no speech, 0 to 1."""
    language: str
    """Code of the language that was spoken."""
    words: tuple[Word, ...] | None = None
    """Its words with their times, when `timestamps` is `word`."""


@dataclass(frozen=True, kw_only=True)
class SpeechStarted(Event):
    """Live: somebody has begun to speak. Every utterance gets its `final`."""

    type: ClassVar[str] = "speech_started"

    id: int
    """Number of the utterance, from 0."""
    start: float
    """Seconds."""


@dataclass(frozen=True, kw_only=True)
class Partial(Event):
    """Live: what was heard of an unfinished utterance."""

    type: ClassVar[str] = "partial"

    id: int
    """Number of the utterance."""
    start: float
    """Seconds."""
    end: float
    """Seconds, up to which it was heard."""
    text: str
    """What was heard; it begins with `stable`."""
    stable: str
    """The part of `text` that later partials and the final keep. The rest may change."""


@dataclass(frozen=True, kw_only=True)
class SpeechStopped(Event):
    """Live: an utterance has ended, and its final is being made."""

    type: ClassVar[str] = "speech_stopped"

    id: int
    """Number of the utterance."""
    end: float
    """Seconds."""
    cut: bool
    """Whether it was cut because it got too long, and not at a silence."""


@dataclass(frozen=True, kw_only=True)
class Final(Event):
    """Live: a whole utterance; one for each, in their order. The figures are missing if no words were found in it."""

    type: ClassVar[str] = "final"

    id: int
    """Number of the utterance."""
    start: float
    """Seconds."""
    end: float
    """Seconds."""
    language: str | None
    """Code of its language; null if no words were found before it could be told."""
    text: str
    """What was said; empty if no words were found."""
    words: tuple[Word, ...] = ()
    """Its words with their times."""
    temperature: float | None = None
    """Highest sampling temperature of its windows."""
    avg_logprob: float | None = None
    """Mean log-probability of the tokens, of its worst window."""
    compression_ratio: float | None = None
    """Highest of its windows."""
    no_speech_prob: float | None = None
    """Highest of its windows, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class Progress(Event):
    """A chunk has been taken in, and further ones may be sent. One for every request of a sequence."""

    type: ClassVar[str] = "progress"

    received_s: float
    """Seconds of audio taken in so far."""


@dataclass(frozen=True, kw_only=True)
class Done(Event):
    """The last event of a sequence of `transcribe`, or of the ensemble."""

    type: ClassVar[str] = "done"

    language: str
    """Code of the language that was spoken."""
    language_probability: float
    """0 to 1; 1 if the language was given."""
    duration: float
    """Seconds of audio heard."""
    model: str
    """Name of the engine."""
    task: str
    """`transcribe` or `translate`."""


@dataclass(frozen=True, kw_only=True)
class Models(Event):
    """The answer to the parameter `describe`: the loaded engines, the default first."""

    type: ClassVar[str] = "models"

    models: tuple[SynthesisEngine | TranscriptionEngine, ...]
    """The engines that listen (`transcribe`) or speak (`synthesize`)."""


@dataclass(frozen=True, kw_only=True)
class Audio(Event):
    """The next piece of the speech; its samples are the tensor AUDIO. The first piece of each sentence or clause also
    has its text and its words."""

    type: ClassVar[str] = "audio"

    id: int
    """Number of the sentence or clause, from 0."""
    start: float
    """Seconds of speech before this piece."""
    utterance: int | None = None
    """The `id` of the event that came with the text, if one came with it."""
    text: str | None = None
    """The sentence or clause that begins with this piece."""
    text_start: int | None = None
    """Its first character in TEXT."""
    text_end: int | None = None
    """The character after its last one."""
    words: tuple[TimedWord, ...] | None = None
    """Its words with their times."""
    pcm: Float = field(default_factory=lambda: np.empty(0, np.float32), repr=False, compare=False, metadata=NOT_IN_JSON)
    """Mono float32 [samples], 24 kHz, -1..1: the tensor AUDIO."""


@dataclass(frozen=True, kw_only=True)
class AudioDone(Event):
    """All of a text is said: the last event of a request of `synthesize`."""

    type: ClassVar[str] = "audio_done"

    duration: float | None = None
    """Seconds of speech."""
    voice: str | None = None
    """The voice or blend that spoke."""
    language: str | None = None
    """The language that was spoken, such as `en-us`."""
    utterance: int | None = None
    """The `id` of the event that came with the text, if one came with it."""
    skipped: str | None = None
    """Why nothing was said, if so."""
    interrupted: bool | None = None
    """True if new speech stopped it (WebSocket only)."""


@dataclass(frozen=True, kw_only=True)
class AudioStarted(Event):
    """The speech of an utterance begins (WebSocket only)."""

    type: ClassVar[str] = "audio_started"

    utterance: int
    """Number of the utterance that it answers."""
    format: str
    """Format of the binary messages that follow."""


@dataclass(frozen=True, kw_only=True)
class Failure(Event):
    """The ensemble cannot go on: the last event, in place of `done`."""

    type: ClassVar[str] = "error"

    code: str
    """Stable name of the error (speech/errors.py)."""
    message: str
    """What is wrong, and how to fix it."""
    param: str | None
    """The parameter that is wrong, or null."""


@dataclass(frozen=True, kw_only=True)
class UnknownEvent(Event):
    """An event that this version does not know; all of its fields are `unknown` ones."""

    name: str = field(metadata=NOT_IN_JSON)
    """Its `type`."""

    @property
    def type(self) -> str:  # type: ignore[override]
        return self.name


TRANSCRIPTION_EVENTS: tuple[type[Event], ...] = (
    Segment, SpeechStarted, Partial, SpeechStopped, Final, Progress, Done, Models
)  # fmt: skip
"""What `transcribe` sends."""
SYNTHESIS_EVENTS: tuple[type[Event], ...] = (Audio, AudioDone, Models)
"""What `synthesize` sends."""
SOCKET_EVENTS: tuple[type[Event], ...] = (AudioStarted,)
"""What only WebSockets of the frontend send."""
ALL_EVENTS: tuple[type[Event], ...] = tuple(
    dict.fromkeys((*TRANSCRIPTION_EVENTS, *SYNTHESIS_EVENTS, *SOCKET_EVENTS, Failure))
)
"""Each kind of event once."""
_BY_TYPE: dict[str, type[Event]] = {kind.type: kind for kind in ALL_EVENTS}


def from_json(text: str | bytes) -> Event:
    """The event in a JSON object. Raises: ValueError if it is none, or a known one whose fields do not fit."""
    name, values = _parse(text)
    kind = _BY_TYPE.get(name)
    return UnknownEvent(name=name, unknown=values) if kind is None else kind.from_dict(values)


def from_client(text: str | bytes) -> Event:
    """Like `from_json`, but a known event whose fields do not fit is kept as an unknown one: it is only echoed."""
    name, values = _parse(text)
    try:
        return _BY_TYPE[name].from_dict(values)
    except (KeyError, ValueError):
        return UnknownEvent(name=name, unknown=values)


def _parse(text: str | bytes) -> tuple[str, dict[str, Any]]:
    try:
        values = json.loads(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    if not isinstance(values, dict) or not isinstance(values.get("type"), str):
        raise ValueError('it must be a JSON object with a "type"')
    return values.pop("type"), values
