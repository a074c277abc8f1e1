"""Every event of the served models: one frozen dataclass each, to JSON and back.

An event is the tensor EVENT of a response: a JSON object with the event's name in `type`. Times of transcription are
seconds from the start of the audio that was sent; times of synthesis are seconds from the start of the speech.
docs/events.md is printed from the docstrings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from speech.records import NOT_IN_JSON, Record
from speech.token_logprobs import TokenLogprob

Float = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Word(Record):
    """A word of a transcript."""

    word: str
    """The word as it is in the text, with the space before it if the language writes one."""
    start: float
    """Start of the word, seconds."""
    end: float
    """End of the word, seconds."""
    probability: float
    """Mean probability of the word's tokens, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class TimedWord(Record):
    """A word of synthesized speech."""

    word: str
    """The word as it is in TEXT."""
    start: float
    """Start of the word, seconds of speech."""
    end: float
    """End of the word, seconds of speech."""
    text_start: int
    """Index of its first character in TEXT, from 0."""
    text_end: int
    """Index after its last character in TEXT."""


@dataclass(frozen=True, kw_only=True)
class TranscriptionEngine(Record):
    """A loaded Whisper engine."""

    name: str
    """The value of the parameter `model` that selects it."""
    languages: tuple[str, ...]
    """Codes of the languages that it transcribes, ISO 639-1 if there is one."""

    @property
    def is_multilingual(self) -> bool:
        return len(self.languages) > 1


@dataclass(frozen=True, kw_only=True)
class VoiceFacts(Record):
    """Facts about a voice, measured when its engine was built."""

    language: str
    """Default language of the voice, such as `en-us`."""
    gender: str
    """`female` or `male`."""
    f0_median_hz: float
    """Median pitch, Hz."""
    f0_range_semitones: float
    """Pitch range from the 5th to the 95th percentile, semitones."""
    phonemes_per_s: float
    """Speaking rate, phonemes per second."""
    description: str
    """The facts in words."""


@dataclass(frozen=True, kw_only=True)
class SynthesisEngine(Record):
    """A loaded engine for synthesis."""

    name: str
    """Name of the engine, such as `kokoro`."""
    precisions: tuple[str, ...]
    """Values of the parameter `precision`, the fastest first."""
    languages: tuple[str, ...]
    """Values of the parameter `language`."""
    emotions: Mapping[str, str]
    """Values of the parameter `emotion`, each with a description."""
    voices: Mapping[str, VoiceFacts]
    """Values of the parameter `voice`, each with facts about the voice."""
    aliases: Mapping[str, str]
    """Other names for some voices, such as OpenAI's names, each with the voice's own name."""


@dataclass(frozen=True, kw_only=True)
class Event(Record):
    """Base of all events."""

    type: ClassVar[str]
    """Name of the event."""

    def to_json(self, *, ascii_only: bool = True) -> str:
        """One JSON object. Only ASCII can carry the half of a surrogate pair, which clients cut texts into."""
        return json.dumps({"type": self.type, **self.to_dict()}, ensure_ascii=ascii_only)

    def get(self, name: str) -> Any:
        """The field called `name`, even if this version does not know it; None if there is no such field."""
        return getattr(self, name, self.unknown.get(name))


@dataclass(frozen=True, kw_only=True)
class Segment(Event):
    """A finished segment of a file's transcript, with the fields of OpenAI's `verbose_json`. Segments come in order."""

    type: ClassVar[str] = "segment"

    id: int
    """Number of the segment, from 0."""
    seek: int
    """Start of the decoded window, hundredths of a second."""
    start: float
    """Start of the segment, seconds."""
    end: float
    """End of the segment, seconds."""
    text: str
    """Text of the segment, with the space before it if the language writes one."""
    tokens: tuple[int, ...]
    """Whisper's token ids, timestamps included."""
    temperature: float
    """Sampling temperature of the window, 0 to 1; 0 is greedy or beam search."""
    avg_logprob: float
    """Mean log-probability of the window's tokens, at most 0."""
    compression_ratio: float
    """Bytes of the window's text divided by bytes of its zlib compression. High values mean repetition."""
    no_speech_prob: float
    """Probability that the window has no speech, 0 to 1."""
    language: str
    """Code of the language that was spoken, such as `en`."""
    words: tuple[Word, ...] | None = None
    """The words with their times; only if the parameter `timestamps` is `word`."""
    logprobs: tuple[TokenLogprob, ...] | None = None
    """The tokens of `text` with their log-probabilities; only with the parameter `logprobs`."""


@dataclass(frozen=True, kw_only=True)
class SpeechStarted(Event):
    """Live: an utterance has started. Its `final` will follow, even if it turns out to have no words."""

    type: ClassVar[str] = "speech_started"

    id: int
    """Number of the utterance, from 0."""
    start: float
    """Start of the utterance, seconds."""


@dataclass(frozen=True, kw_only=True)
class Partial(Event):
    """Live: the transcript so far of an unfinished utterance."""

    type: ClassVar[str] = "partial"

    id: int
    """Number of the utterance, from 0."""
    start: float
    """Start of the utterance, seconds."""
    end: float
    """End of the audio that was transcribed, seconds."""
    text: str
    """The transcript so far. It begins with `stable`."""
    stable: str
    """The part of `text` that will not change any more."""


@dataclass(frozen=True, kw_only=True)
class SpeechStopped(Event):
    """Live: an utterance has ended. Its `final` will follow."""

    type: ClassVar[str] = "speech_stopped"

    id: int
    """Number of the utterance, from 0."""
    end: float
    """End of the utterance, seconds."""
    cut: bool
    """True if the utterance was cut because it got longer than `max_utterance_s`; false if it ended by itself."""


@dataclass(frozen=True, kw_only=True)
class Final(Event):
    """Live: the transcript of an utterance. Each utterance has one, and they come in order."""

    type: ClassVar[str] = "final"

    id: int
    """Number of the utterance, from 0."""
    start: float
    """Start of the utterance, seconds."""
    end: float
    """End of the utterance, seconds."""
    language: str | None
    """Code of the language that was spoken, such as `en`; null if it has not been detected yet."""
    text: str
    """The transcript; empty if no words were found."""
    words: tuple[Word, ...] = ()
    """The words with their times."""
    temperature: float | None = None
    """Highest sampling temperature of the utterance's windows, 0 to 1; missing if no words were found."""
    avg_logprob: float | None = None
    """Lowest mean log-probability of the windows' tokens; missing if no words were found."""
    compression_ratio: float | None = None
    """Highest compression ratio of the windows; missing if no words were found."""
    no_speech_prob: float | None = None
    """Highest probability of the windows to have no speech, 0 to 1; missing if no words were found."""
    logprobs: tuple[TokenLogprob, ...] | None = None
    """The tokens of `text` with their log-probabilities; only with the parameter `logprobs`."""


@dataclass(frozen=True, kw_only=True)
class Progress(Event):
    """A chunk has been processed, and more may be sent. Each request of a sequence gets one."""

    type: ClassVar[str] = "progress"

    received_s: float
    """Seconds of audio of the sequence that have been processed."""


@dataclass(frozen=True, kw_only=True)
class Done(Event):
    """The last event of a sequence of `transcribe` or of the ensemble."""

    type: ClassVar[str] = "done"

    language: str
    """Code of the language that was spoken, such as `en`."""
    language_probability: float
    """Probability of the detected language, 0 to 1; 1 if it was given, or if the engine knows English only."""
    duration: float
    """Seconds of audio that were transcribed."""
    model: str
    """Name of the Whisper engine."""
    task: str
    """`transcribe` or `translate`."""


@dataclass(frozen=True, kw_only=True)
class Models(Event):
    """The answer to the parameter `describe`: the loaded engines, the default first."""

    type: ClassVar[str] = "models"

    models: tuple[SynthesisEngine | TranscriptionEngine, ...]
    """The Whisper engines (of `transcribe`) or the engines for synthesis (of `synthesize`)."""


@dataclass(frozen=True, kw_only=True)
class Audio(Event):
    """The next chunk of the speech. Its samples are in the tensor AUDIO. A chunk with which a sentence or clause starts
    has its text and words. Other chunks are silence: the pause of a tag, and the end."""

    type: ClassVar[str] = "audio"

    id: int
    """Number of the sentence or clause, from 0; of silence: of the one before it, if there is one."""
    start: float
    """Seconds of speech before this chunk."""
    utterance: int | None = None
    """The `id` of the event that came with the text, if there was one."""
    text: str | None = None
    """The sentence or clause that starts with this chunk."""
    text_start: int | None = None
    """Index of its first character in TEXT, from 0."""
    text_end: int | None = None
    """Index after its last character in TEXT."""
    words: tuple[TimedWord, ...] | None = None
    """The words of the sentence or clause with their times."""
    pcm: Float = field(default_factory=lambda: np.empty(0, np.float32), repr=False, compare=False, metadata=NOT_IN_JSON)
    """Mono float32 [samples], 24 kHz, -1..1: the tensor AUDIO."""


@dataclass(frozen=True, kw_only=True)
class AudioDone(Event):
    """A text has been spoken to its end. This is the last event of a request of `synthesize`."""

    type: ClassVar[str] = "audio_done"

    duration: float | None = None
    """Seconds of speech."""
    voice: str | None = None
    """Name of the voice or blend."""
    language: str | None = None
    """The language of the speech, such as `en-us`."""
    utterance: int | None = None
    """The `id` of the event that came with the text, if there was one."""
    skipped: str | None = None
    """Why the text was not spoken; missing if it was."""
    interrupted: bool | None = None
    """True if a new utterance of the user interrupted the speech (WebSockets only)."""


@dataclass(frozen=True, kw_only=True)
class AudioStarted(Event):
    """The speech that answers an utterance starts (WebSockets only)."""

    type: ClassVar[str] = "audio_started"

    utterance: int
    """Number of the utterance that it answers, from 0."""
    format: str
    """Audio format of the binary messages that follow."""


@dataclass(frozen=True, kw_only=True)
class Failure(Event):
    """The ensemble has failed. This is its last event, in place of `done`."""

    type: ClassVar[str] = "error"

    code: str
    """Code of the error, such as `bad_parameter` (speech/errors.py)."""
    message: str
    """What is wrong, and how to fix it."""
    param: str | None
    """The name of the parameter that is wrong; null if it is not about a parameter."""


@dataclass(frozen=True, kw_only=True)
class UnknownEvent(Event):
    """An event that this version does not know. All its fields are in `unknown`."""

    name: str = field(metadata=NOT_IN_JSON)
    """The event's `type`."""

    @property
    def type(self) -> str:  # type: ignore[override]
        return self.name


TRANSCRIPTION_EVENTS: tuple[type[Event], ...] = (
    Segment, SpeechStarted, Partial, SpeechStopped, Final, Progress, Done, Models
)  # fmt: skip
"""The events that `transcribe` sends."""
SYNTHESIS_EVENTS: tuple[type[Event], ...] = (Audio, AudioDone, Models)
"""The events that `synthesize` sends."""
SOCKET_EVENTS: tuple[type[Event], ...] = (AudioStarted,)
"""The events that only the frontend's WebSockets send."""
ALL_EVENTS: tuple[type[Event], ...] = tuple(
    dict.fromkeys((*TRANSCRIPTION_EVENTS, *SYNTHESIS_EVENTS, *SOCKET_EVENTS, Failure))
)
"""All events, each once."""
_BY_TYPE: dict[str, type[Event]] = {kind.type: kind for kind in ALL_EVENTS}


def from_json(text: str | bytes) -> Event:
    """The event in a JSON object.

    Raises: ValueError if it is not a JSON object with a `type`, or if it is a known event whose fields do not fit.
    """
    name, values = _parse(text)
    kind = _BY_TYPE.get(name)
    return UnknownEvent(name=name, unknown=values) if kind is None else kind.from_dict(values)


def from_client(text: str | bytes) -> Event:
    """Like `from_json`, but a known event whose fields do not fit becomes an UnknownEvent: it is only sent back."""
    name, values = _parse(text)
    try:
        return _BY_TYPE[name].from_dict(values)
    except (KeyError, ValueError):
        return UnknownEvent(name=name, unknown=values)


def _parse(text: str | bytes) -> tuple[str, dict[str, Any]]:
    """The name of an event in JSON, and its fields."""
    try:
        values = json.loads(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    if not isinstance(values, dict) or not isinstance(values.get("type"), str):
        raise ValueError('it must be a JSON object with a "type"')
    return values.pop("type"), values
