"""What clients ask to be said, and how: the fields of all documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from frontend.requests.schema import Schema, option
from speech.contract import SYNTHESIZE
from speech.emotions import EMOTIONS
from speech.errors import UnknownModel
from speech.events import SynthesisEngine
from speech.sound.encoder import get_format
from speech.types import SynthesizeOptions

DEFAULT_SPEECH_MODEL, HD_MODEL = "s1-mini", "tts-1-hd"
SPEECH_MODELS = (DEFAULT_SPEECH_MODEL, "tts-1", HD_MODEL, "gpt-4o-mini-tts")
"""Names of other servers' models; all of them are the one engine, HD_MODEL at its highest precision."""
MAX_CHARACTERS = 4096

_HIGHEST_PRECISION = "fp32"
_option = partial(option, SYNTHESIZE)


def _check_format(name: str) -> str:
    get_format(name)
    return name


def _voice_id(value: object) -> object:
    return value.get("id") if isinstance(value, Mapping) else value


def _not_blank(text: str) -> str:
    if text.isspace():
        raise ValueError("holds nothing but white space")
    return text


Text = Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS), AfterValidator(_not_blank)]
VoiceName = Annotated[str, BeforeValidator(_voice_id)]
AudioFormat = Annotated[str, AfterValidator(_check_format)]


def model_names(engine: SynthesisEngine) -> tuple[str, ...]:
    """All names that speak."""
    return (*SPEECH_MODELS, engine.name)


class SpokenRequest(Schema):
    """What every family has, and our own fields beside it."""

    model_field: ClassVar[str] = "model"

    model: str = DEFAULT_SPEECH_MODEL
    voice: VoiceName = _option("voice")
    response_format: AudioFormat = "wav"
    speed: float = _option("speed")
    emotion: Annotated[str, AfterValidator(SYNTHESIZE.parameter("emotion").read)] = _option("emotion")
    language: str = _option("language")
    lead_in_s: float = _option("lead_in_s")
    trailing_silence_s: float = _option("trailing_silence_s")

    def options(self, engine: SynthesisEngine) -> SynthesizeOptions:
        """Raises: UnknownModel if the model is none of the engine's names."""
        names, model = model_names(engine), getattr(self, self.model_field)
        if model not in names:
            raise UnknownModel(
                f"no model {model!r} speaks; GET /v1/audio/models lists: {', '.join(names)}", self.model_field
            )
        given = {field.name for field in fields(SynthesizeOptions)} & type(self).model_fields.keys()
        hd = model == HD_MODEL and _HIGHEST_PRECISION in engine.precisions
        precision = _HIGHEST_PRECISION if hd else SynthesizeOptions.precision
        return SynthesizeOptions(precision=precision, **{name: getattr(self, name) for name in given})


class TextRequest(SpokenRequest):
    """cloud-inference-server.md and stt-tts.md."""

    text: Text
    model: str = "tts-1"
    voice: VoiceName = _option("voice", default="alloy")
    response_format: AudioFormat = "mp3"


class FileRequest(TextRequest):
    """cloud-inference-server.md, which streams unless it is told not to."""

    stream: bool = True


class SpeechRequest(SpokenRequest):
    """openai-tts.md with what OpenAI has added since."""

    input: Text
    instructions: str = Field("", max_length=MAX_CHARACTERS)
    stream: bool | None = None
    stream_format: Literal["audio", "sse"] | None = None

    def options(self, engine: SynthesisEngine) -> SynthesizeOptions:
        chosen = super().options(engine)
        return (
            chosen if self._instructed is None else SynthesizeOptions(**{**vars(chosen), "emotion": self._instructed})
        )

    @property
    def unused(self) -> tuple[str, ...]:
        """The given fields that Kokoro can do nothing with: nothing is said differently for them."""
        return ("instructions",) if self.instructions and self._instructed is None else ()

    @property
    def _instructed(self) -> str | None:
        """Kokoro follows no instructions, but the name of an emotion says the same as the field of it."""
        name = self.instructions.strip(" .!\n").lower()
        return name if name in EMOTIONS and "emotion" not in self.model_fields_set else None


class ExtendedSpeechRequest(SpeechRequest):
    """All but `chunk_length` is for models that draw their tokens by lot, which Kokoro does not."""

    temperature: float = Field(0.7, ge=0.1, le=1.0)
    top_p: float = Field(0.8, ge=0.1, le=1.0)
    repetition_penalty: float = Field(1.1, ge=0.9, le=2.0)
    max_new_tokens: int = Field(1024, ge=100, le=4096)
    chunk_length: int = _option("chunk_length")

    @property
    def unused(self) -> tuple[str, ...]:
        sampling = ("temperature", "top_p", "repetition_penalty", "max_new_tokens")
        return (*super().unused, *(name for name in sampling if name in self.model_fields_set))
