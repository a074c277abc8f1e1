"""Requests for speech: the fields of all documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from frontend.model_names import DEFAULT_SPEECH_MODEL, SpeechModel
from frontend.requests import other_speech_servers
from frontend.requests.body import Encoding
from frontend.requests.schema import Schema, choices, option
from frontend.service import Service
from speech.contract import SYNTHESIZE
from speech.emotions import EMOTIONS
from speech.errors import BadParameter, UnknownModel
from speech.reading.phonemes import check_language
from speech.reading.tags import passages
from speech.sound.encoder import FORMATS, HIGHEST_RATE_HZ, LOWEST_RATE_HZ, check_rate, get_format
from speech.types import OUTPUT_RATE_HZ, SynthesizeOptions

MAX_CHARACTERS = 4096
_DOCUMENTED_MODEL = re.compile(rf"(?:.*/)?(?:openaudio-)?{DEFAULT_SPEECH_MODEL}", re.IGNORECASE)
"""The model of openai-tts.md, also by its name on the hub."""

_option = partial(option, SYNTHESIZE)


def _check_format(name: str) -> str:
    name = name.strip().lower()
    get_format(name)
    return name


def _voice_id(value: object) -> object:
    """OpenAI also writes a voice as {"id": "alloy"}; Kokoro-FastAPI had lists of voices to blend."""
    if isinstance(value, Mapping):
        return value.get("id")
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return "+".join(value)
    return value


def _not_blank(text: str) -> str:
    if text.isspace():
        raise ValueError("holds only white space")
    return text


def _checked_by(check: Callable[[str], object]) -> AfterValidator:
    """A validator for a text that `check` must accept. Its BadParameter then names the field."""

    def validate(text: str, info: ValidationInfo) -> str:
        try:
            check(text)
        except BadParameter as error:
            raise BadParameter(error.message, info.field_name) from None
        return text

    return AfterValidator(validate)


def _default_format(validated: Mapping[str, Any]) -> str:
    """The format of an answer whose request names none: as openai-tts.md says for its own model, which is also the
    default; mp3 for all other names, because that is the default of OpenAI and of Kokoro-FastAPI."""
    return "wav" if _DOCUMENTED_MODEL.fullmatch(validated.get("model", "")) else "mp3"


Text = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_CHARACTERS,
        description="Text to speak. [pause:1.5s] in it is silence, [rate:0.8] changes the speed from there on",
    ),
    AfterValidator(_not_blank),
    _checked_by(passages),
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
    volume_multiplier: float = _option("volume_multiplier")

    async def speech_model(self, service: Service) -> SpeechModel:
        """What the model that the request names stands for; UnknownModel if there is none."""
        try:
            return await service.speech_model(getattr(self, self.speech_model_field))
        except UnknownModel as error:
            raise UnknownModel(error.message, self.speech_model_field) from None

    def synthesis_options(self, model: SpeechModel) -> SynthesizeOptions:
        given = {field.name for field in fields(SynthesizeOptions)} & type(self).model_fields.keys()
        return SynthesizeOptions(precision=model.precision, **{name: getattr(self, name) for name in given})


class FileRequest(SpokenRequest):
    """A request whose answer is an audio file."""

    sample_rate: int = Field(
        OUTPUT_RATE_HZ, ge=LOWEST_RATE_HZ, le=HIGHEST_RATE_HZ, description="Sample rate of the audio, Hz"
    )

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Self:
        """As every Schema. Raises: BadParameter also if the format of the file cannot have its sample rate."""
        wanted = super().read(fields)
        check_rate(wanted.file_format, wanted.sample_rate)
        return wanted

    @property
    def file_format(self) -> str:
        """The format of the audio file."""
        return self.response_format


class TextToSpeechRequest(FileRequest):
    """stt-tts.md: a text as JSON."""

    text: Text
    model: str = Field("tts-1", description="Model; GET /v1/audio/models lists them")
    voice: VoiceName = _option("voice", default="alloy")
    response_format: AudioFormat = Field("mp3", description="Audio format of the answer")


class TextToSpeechForm(TextToSpeechRequest):
    """cloud-inference-server.md: a text as a form."""

    body: ClassVar[Encoding] = "form"

    stream: bool = Field(True, description="Send the audio while it is made; false sends the whole file at once")


class SpeechRequest(FileRequest):
    """openai-tts.md, with the fields that OpenAI has added since, and those of Kokoro-FastAPI."""

    input: Text
    response_format: AudioFormat = Field(
        default_factory=_default_format,
        description="Audio format of the answer. Default: wav for the model s1-mini and if no model is named, else mp3",
    )
    instructions: str = Field("", max_length=MAX_CHARACTERS, description="The name of an emotion; others are unused")
    stream: bool | None = Field(None, description="Send the audio while it is made")
    stream_format: Literal["audio", "sse"] | None = Field(
        None, description="audio streams the file, sse streams events that carry it"
    )
    lang_code: Annotated[str, _checked_by(check_language)] = Field(
        "", max_length=64, description="Another name of language, also as Kokoro's letter: a, b, e, f, h, i, j, p, z"
    )

    @classmethod
    def without_effect(cls, fields: Mapping[str, Any]) -> tuple[str, ...]:
        return other_speech_servers.without_effect(fields)

    def synthesis_options(self, model: SpeechModel) -> SynthesizeOptions:
        chosen = super().synthesis_options(model)
        return replace(chosen, emotion=self._instructed or chosen.emotion, language=chosen.language or self.lang_code)

    @property
    def unused(self) -> tuple[str, ...]:
        names = ["instructions"] if self.instructions and self._instructed is None else []
        if self.lang_code and self.language:
            names.append("lang_code")
        return (*names, *super().unused)

    @property
    def _instructed(self) -> str | None:
        """The emotion that the instructions name. Kokoro follows no other instructions."""
        name = self.instructions.strip(" .!\n").lower()
        return name if name in EMOTIONS and "emotion" not in self.model_fields_set else None


class CaptionedSpeechRequest(SpeechRequest):
    """Kokoro-FastAPI's request for captions, with its defaults."""

    model: str = Field("kokoro", description="Model; GET /v1/audio/models lists them")
    stream: bool | None = Field(True, description="Send the audio while it is made, one JSON object on each line")
    return_timestamps: bool = Field(True, description="Whether to tell the times of the words")


class ExtendedSpeechRequest(SpeechRequest):
    """openai-tts.md's extended request. Kokoro uses `chunk_length` only: the other fields are for models that sample
    tokens."""

    temperature: float = Field(0.7, ge=0.1, le=1.0, description="Unused: Kokoro does not sample")
    top_p: float = Field(0.8, ge=0.1, le=1.0, description="Unused: Kokoro does not sample")
    repetition_penalty: float = Field(1.1, ge=0.9, le=2.0, description="Unused: Kokoro does not sample")
    max_new_tokens: int = Field(1024, ge=100, le=4096, description="Unused: Kokoro does not sample")
    chunk_length: int = _option("chunk_length")
