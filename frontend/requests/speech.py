"""Requests for speech: the fields of all documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from frontend.model_names import DEFAULT_SPEECH_MODEL, SpeechModel
from frontend.requests.body import Encoding
from frontend.requests.schema import Schema, choices, option
from frontend.service import Service
from speech.contract import SYNTHESIZE
from speech.emotions import EMOTIONS
from speech.errors import UnknownModel
from speech.sound.encoder import FORMATS, get_format
from speech.types import SynthesizeOptions

MAX_CHARACTERS = 4096

_option = partial(option, SYNTHESIZE)


def _check_format(name: str) -> str:
    get_format(name)
    return name


def _voice_id(value: object) -> object:
    return value.get("id") if isinstance(value, Mapping) else value


def _not_blank(text: str) -> str:
    if text.isspace():
        raise ValueError("holds only white space")
    return text


Text = Annotated[
    str, Field(min_length=1, max_length=MAX_CHARACTERS, description="Text to speak"), AfterValidator(_not_blank)
]
VoiceName = Annotated[str, BeforeValidator(_voice_id)]
AudioFormat = Annotated[str, AfterValidator(_check_format), WithJsonSchema({"type": "string", "enum": [*FORMATS]})]


class SpokenRequest(Schema):
    """The fields that every family has, and our own."""

    speech_model_field: ClassVar[str] = "model"
    """Name of the field that names the model."""

    model: str = Field(DEFAULT_SPEECH_MODEL, description="Model; GET /v1/audio/models lists them")
    voice: VoiceName = _option("voice")
    response_format: AudioFormat = Field("wav", description="Audio format of the answer")
    speed: float = _option("speed")
    emotion: Annotated[str, choices(SYNTHESIZE, "emotion")] = _option("emotion")
    language: str = _option("language")
    lead_in_s: float = _option("lead_in_s")
    trailing_silence_s: float = _option("trailing_silence_s")

    async def speech_model(self, service: Service) -> SpeechModel:
        """What the model that the request names stands for; UnknownModel if there is none."""
        try:
            return await service.speech_model(getattr(self, self.speech_model_field))
        except UnknownModel as error:
            raise UnknownModel(error.message, self.speech_model_field) from None

    def synthesis_options(self, model: SpeechModel) -> SynthesizeOptions:
        given = {field.name for field in fields(SynthesizeOptions)} & type(self).model_fields.keys()
        return SynthesizeOptions(precision=model.precision, **{name: getattr(self, name) for name in given})


class TextToSpeechRequest(SpokenRequest):
    """stt-tts.md: a text as JSON."""

    text: Text
    model: str = Field("tts-1", description="Model; GET /v1/audio/models lists them")
    voice: VoiceName = _option("voice", default="alloy")
    response_format: AudioFormat = Field("mp3", description="Audio format of the answer")


class TextToSpeechForm(TextToSpeechRequest):
    """cloud-inference-server.md: a text as a form."""

    body: ClassVar[Encoding] = "form"

    stream: bool = Field(True, description="Send the audio while it is made; false sends the whole file at once")


class SpeechRequest(SpokenRequest):
    """openai-tts.md, with the fields that OpenAI has added since."""

    input: Text
    instructions: str = Field("", max_length=MAX_CHARACTERS, description="The name of an emotion; others are unused")
    stream: bool | None = Field(None, description="Send the audio while it is made")
    stream_format: Literal["audio", "sse"] | None = Field(
        None, description="audio streams the file, sse streams events that carry it"
    )

    def synthesis_options(self, model: SpeechModel) -> SynthesizeOptions:
        chosen = super().synthesis_options(model)
        return (
            chosen if self._instructed is None else SynthesizeOptions(**{**vars(chosen), "emotion": self._instructed})
        )

    @property
    def unused(self) -> tuple[str, ...]:
        return ("instructions",) if self.instructions and self._instructed is None else ()

    @property
    def _instructed(self) -> str | None:
        """The emotion that the instructions name. Kokoro follows no other instructions."""
        name = self.instructions.strip(" .!\n").lower()
        return name if name in EMOTIONS and "emotion" not in self.model_fields_set else None


class ExtendedSpeechRequest(SpeechRequest):
    """openai-tts.md's extended request. Kokoro uses `chunk_length` only: the other fields are for models that sample
    tokens."""

    temperature: float = Field(0.7, ge=0.1, le=1.0, description="Unused: Kokoro does not sample")
    top_p: float = Field(0.8, ge=0.1, le=1.0, description="Unused: Kokoro does not sample")
    repetition_penalty: float = Field(1.1, ge=0.9, le=2.0, description="Unused: Kokoro does not sample")
    max_new_tokens: int = Field(1024, ge=100, le=4096, description="Unused: Kokoro does not sample")
    chunk_length: int = _option("chunk_length")

    @property
    def unused(self) -> tuple[str, ...]:
        sampling = ("temperature", "top_p", "repetition_penalty", "max_new_tokens")
        return (*super().unused, *(name for name in sampling if name in self.model_fields_set))
