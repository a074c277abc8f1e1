"""The request parameters of the model `transcribe`."""

from __future__ import annotations

from speech.parameter import Parameter
from speech.types import LiveOptions, TranscribeOptions

_DEFAULTS = TranscribeOptions()
_LIVE_DEFAULTS = LiveOptions()

TRANSCRIBE_PARAMETERS = (
    Parameter("model", str, _DEFAULTS.model, "name of the Whisper engine; empty: the server's default"),
    Parameter(
        "language", str, _DEFAULTS.language, "code of the language that is spoken, ISO 639-1; empty: it is detected"
    ),
    Parameter(
        "languages",
        str,
        _DEFAULTS.languages,
        "codes of the languages that may be spoken, separated by commas; the language is detected among them. Empty: "
        "all that the engine knows",
        max_length=512,
    ),
    Parameter(
        "task",
        str,
        _DEFAULTS.task,
        "write the text in the language that is spoken, or translate it into English",
        choices=("transcribe", "translate"),
    ),
    Parameter(
        "prompt",
        str,
        _DEFAULTS.prompt,
        "text with names or a style to expect, at most 10,000 characters; Whisper reads its last 223 tokens",
        max_length=10_000,
    ),
    Parameter(
        "keywords",
        str,
        _DEFAULTS.keywords,
        "words and names to expect, separated by commas. They follow `prompt` and share its 223 tokens, of which "
        "`prompt` keeps up to half",
        max_length=2_000,
    ),
    Parameter(
        "temperature",
        float,
        _DEFAULTS.temperature,
        "sampling temperature; 0: greedy or beam search, then sampling at 0.2, 0.4, … 1.0 while "
        "`logprob_threshold` or `compression_ratio_threshold` rejects the result",
        low=0.0,
        high=1.0,
    ),
    Parameter(
        "timestamps",
        str,
        _DEFAULTS.timestamps,
        "`word`: each `segment` event also has its words with their times",
        choices=("segment", "word"),
    ),
    Parameter(
        "logprobs",
        bool,
        _DEFAULTS.logprobs,
        "each `segment` and `final` event also has its tokens with their log-probabilities",
    ),
    Parameter(
        "vad_threshold",
        float,
        _DEFAULTS.vad_threshold,
        "probability of speech, according to the voice activity detector, at which speech starts; it ends 0.15 lower",
        low=0.0,
        high=1.0,
    ),
    Parameter(
        "no_speech_threshold",
        float,
        _DEFAULTS.no_speech_threshold,
        "a window counts as silence if its no-speech probability is above this and its mean log-probability is "
        "below `logprob_threshold`",
        low=0.0,
        high=1.0,
    ),
    Parameter(
        "logprob_threshold",
        float,
        _DEFAULTS.logprob_threshold,
        "a window is decoded again if the mean log-probability of its tokens is below this",
        low=-10.0,
        high=0.0,
    ),
    Parameter(
        "compression_ratio_threshold",
        float,
        _DEFAULTS.compression_ratio_threshold,
        "a window is decoded again, because its text repeats itself, if zlib compresses the text by more than this "
        "factor",
        low=1.0,
        high=100.0,
    ),
    Parameter(
        "duration_s",
        float,
        0.0,
        "seconds of audio to transcribe; the rest is ignored, and the answer ends as if END had come; 0: no limit",
        low=0.0,
        high=86_400.0,
    ),
    Parameter(
        "live",
        bool,
        False,
        "transcribe each utterance while it is spoken, with `partial` and `final` events instead of `segment`",
    ),
    Parameter("partials", bool, _LIVE_DEFAULTS.partials, "send `partial` events; only with `live`"),
    Parameter(
        "endpoint_silence_s",
        float,
        _LIVE_DEFAULTS.endpoint_silence_s,
        "seconds of silence that end an utterance; only with `live`",
        low=0.1,
        high=3.0,
    ),
    Parameter(
        "max_utterance_s",
        float,
        _LIVE_DEFAULTS.max_utterance_s,
        "seconds after which an utterance is cut, at a pause in the last third of this time if there is one; "
        "only with `live`",
        low=1.0,
        high=28.0,
    ),
    Parameter("describe", bool, False, "answer with a `models` event and do nothing else"),
)
"""Those that TranscribeOptions and LiveOptions have are their fields."""
