"""Which engine the name of a model stands for.

Clients know the names of other servers' models, the sizes of Whisper, and repositories of hubs. Names are compared
without regard to case. The owner of a repository (`openai/`, `Systran/`) and the file format that its name ends with
make no difference either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from speech.errors import UnknownModel
from speech.events import SynthesisEngine, TranscriptionEngine

DEFAULT_TRANSCRIPTION_MODEL = "whisper-1"
"""OpenAI's name for Whisper. Here it selects the first engine of WHISPER_MODEL."""
DEFAULT_SPEECH_MODEL = "s1-mini"
TRANSCRIPTION_MODELS = (DEFAULT_TRANSCRIPTION_MODEL, "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-transcribe")
"""OpenAI's models that are listed. All of them stand for the default engine."""
SPEECH_MODELS = (DEFAULT_SPEECH_MODEL, "tts-1", "tts-1-hd", "gpt-4o-mini-tts")
"""Other servers' models that are listed. All of them are our one engine; tts-1-hd is its highest precision."""

_HIGHEST_PRECISION = "fp32"
_VERSION = r"(?:-(?:latest|\d{4}(?:-\d{2}-\d{2})?))?"  # as in -1106 and -2025-12-15
_FILE_FORMAT = r"(?:-(?:ct2|mlx|onnx|ov|bf16|fp16|fp32|float16|float32|int8|8bit|4bit|q[2-8](?:_[01k])?))*"
_DEFAULT_TRANSCRIPTION = re.compile(rf"whisper-1|gpt-(?:[a-z0-9.]+-)*(?:transcribe|whisper)(?:-diarize)?{_VERSION}")
_DEFAULT_SPEECH = re.compile(rf"(?:openaudio-)?s1(?:-mini)?|tts-1{_VERSION}|gpt-(?:[a-z0-9.]+-)*tts{_VERSION}")
_HD_SPEECH = re.compile(rf"tts-1-hd{_VERSION}")
_NOT_THE_SIZE = re.compile(rf"^(?:faster-|ggml-)|whisper-|{_FILE_FORMAT}$")
_SIZES = {"large": "large-v3", "turbo": "large-v3-turbo"}
"""The sizes that openai/whisper gives two names."""


@dataclass(frozen=True)
class SpeechModel:
    """What a model that speaks stands for: an engine, and one of its precisions ("": the fastest)."""

    engine: SynthesisEngine
    precision: str = ""


class ModelNames:
    """The names of all models. `aliases`: more names, each with the name that it stands for (MODEL_ALIASES)."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._aliases = aliases
        self._targets = {alias.casefold(): name for alias, name in aliases.items()}

    def transcription_engine(self, name: str, engines: Sequence[TranscriptionEngine]) -> TranscriptionEngine:
        """The engine that `name` stands for; "" is the default one, the first of `engines`.

        Raises: UnknownModel, which lists the names.
        """
        engine = self._find_transcription(name, engines)
        if engine is None:
            raise _unknown(name, "transcribes", self.transcription_models(engines))
        return engine

    def speech_model(self, name: str, engine: SynthesisEngine) -> SpeechModel:
        """The model that `name` stands for. Raises: UnknownModel, which lists the names."""
        model = self._find_speech(name, engine)
        if model is None:
            raise _unknown(name, "speaks", self.speech_models(engine))
        return model

    def transcription_models(self, engines: Sequence[TranscriptionEngine]) -> tuple[str, ...]:
        """The names to list of models that transcribe, the default first.

        They lack names that an alias has given another meaning.
        """
        names = dict.fromkeys((*TRANSCRIPTION_MODELS, *(engine.name for engine in engines), *self._aliases))
        return tuple(name for name in names if self._find_transcription(name, engines))

    def speech_models(self, engine: SynthesisEngine) -> tuple[str, ...]:
        """The names to list of models that speak, as in `transcription_models`."""
        names = dict.fromkeys((*SPEECH_MODELS, engine.name, *self._aliases))
        return tuple(name for name in names if self._find_speech(name, engine))

    def _find_transcription(self, name: str, engines: Sequence[TranscriptionEngine]) -> TranscriptionEngine | None:
        wanted = self._plain(name)
        if not name.strip() or _DEFAULT_TRANSCRIPTION.fullmatch(wanted):
            return engines[0]
        size = _size(wanted)
        by_size = {_size(engine.name.casefold()): engine for engine in engines}
        return by_size.get(size) or by_size.get(_SIZES.get(size, size))

    def _find_speech(self, name: str, engine: SynthesisEngine) -> SpeechModel | None:
        wanted = self._plain(name)
        if _HD_SPEECH.fullmatch(wanted):
            return SpeechModel(engine, _HIGHEST_PRECISION if _HIGHEST_PRECISION in engine.precisions else "")
        own_name = rf"{re.escape(engine.name)}(?:-82m)?(?:-v1(?:\.0)?)?{_FILE_FORMAT}"
        known = _DEFAULT_SPEECH.fullmatch(wanted) or re.fullmatch(own_name, wanted)
        return SpeechModel(engine) if known else None

    def _plain(self, name: str) -> str:
        """The name, or what it is an alias of, in small letters and without the owner of its repository."""
        name = name.strip().casefold()
        return self._targets.get(name, name).casefold().rpartition("/")[2]


def _size(plain_name: str) -> str:
    """The size in the name of a Whisper model: `base` for whisper-base, faster-whisper-base and base."""
    return _NOT_THE_SIZE.sub("", plain_name)


def _unknown(name: str, does: str, names: Sequence[str]) -> UnknownModel:
    more = "MODEL_ALIASES gives them more names"
    return UnknownModel(f"no model {name[:200]!r} {does}; GET /v1/models lists: {', '.join(names)}; {more}", "model")
