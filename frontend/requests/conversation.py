"""Requests for speech-to-speech and for live speech."""

from __future__ import annotations

from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from frontend.model_names import DEFAULT_TRANSCRIPTION_MODEL, SpeechModel
from frontend.requests.body import Encoding
from frontend.requests.languages import LanguageCode
from frontend.requests.schema import Schema, option
from frontend.requests.speech import AudioFormat, FileRequest, SpokenRequest, VoiceName
from frontend.requests.upload import AudioFile
from frontend.service import Service
from speech.contract import SYNTHESIZE, TRANSCRIBE
from speech.errors import BadParameter, UnknownModel
from speech.sound.encoder import FORMATS, get_format
from speech.sound.microphone import HIGHEST_RATE_HZ, LOWEST_RATE_HZ, SampleEncoding
from speech.speaking.voices import parse
from speech.types import INPUT_RATE_HZ, LiveOptions, SynthesizeOptions, TranscribeOptions

_option = partial(option, TRANSCRIBE)


def _format_or_json(name: str) -> str:
    name = name.strip().lower()
    if name != JSON:
        get_format(name)
    return name


JSON = "json"
FormatOrJson = Annotated[
    str, AfterValidator(_format_or_json), WithJsonSchema({"type": "string", "enum": [*FORMATS, JSON]})
]


class _Heard(Schema):
    """The options of transcription."""

    transcription_model_field: ClassVar[str] = "model"
    """Name of the field that names the model."""

    language: LanguageCode = _option("language")
    prompt: str = _option("prompt")

    async def transcription_options(self, service: Service) -> TranscribeOptions:
        """The options for the engine that the request names; UnknownModel if there is none."""
        try:
            model = await service.model(getattr(self, self.transcription_model_field))
        except UnknownModel as error:
            raise UnknownModel(error.message, self.transcription_model_field) from None
        return TranscribeOptions(model.name, self.language, prompt=self.prompt)


class _Live(_Heard):
    """Live audio: how it is encoded, and how it is cut into utterances."""

    encoding: SampleEncoding | None = Field(
        None, description="Encoding of the samples; unless given, a container is recognized"
    )
    sample_rate: int = Field(INPUT_RATE_HZ, ge=LOWEST_RATE_HZ, le=HIGHEST_RATE_HZ, description="In Hz")
    duration: float = _option("duration_s")
    partials: bool = _option("partials")
    endpoint_silence_s: float = _option("endpoint_silence_s")
    max_utterance_s: float = _option("max_utterance_s")

    def live(self) -> LiveOptions:
        return LiveOptions(self.partials, self.endpoint_silence_s, self.max_utterance_s)


class ListenRequest(_Live):
    """The query of `stream-transcribe`."""

    model: str = _option("model", default=DEFAULT_TRANSCRIPTION_MODEL)
    format: Literal["text", "json"] = Field("text", description="text: finished utterances; json: all events")


class _Conversation(_Heard, SpokenRequest):
    transcription_model_field: ClassVar[str] = "stt_model"
    speech_model_field: ClassVar[str] = "tts_model"

    stt_model: str = _option("model", default=DEFAULT_TRANSCRIPTION_MODEL)
    tts_model: str = Field("tts-1", description="Model that speaks; GET /v1/audio/models lists them")
    voice: VoiceName = option(SYNTHESIZE, "voice", default="alloy")
    language: LanguageCode = _option("language")

    def synthesis_options(self, model: SpeechModel) -> SynthesizeOptions:
        spoken = {name.partition("-")[0] for name in model.engine.languages}
        if self.language and self.language not in spoken:
            raise BadParameter(f"no voice speaks {self.language!r}; spoken: {', '.join(sorted(spoken))}", "language")
        parse(self.voice, model.engine.voices)  # an unknown voice is an error now, and not at the first answer
        return super().synthesis_options(model)


class ConversionRequest(_Conversation, FileRequest):
    """The form of `speech-to-speech`."""

    body: ClassVar[Encoding] = "upload"

    file: AudioFile = Field(description="Audio or video file, in any format that FFmpeg decodes")
    response_format: FormatOrJson = Field("mp3", description="Audio format of the answer, or json: text and audio")
    audio_format: Literal["mp3", "wav", "opus", "flac", "aac", "pcm"] = Field(
        "mp3", description="Format of the audio within json"
    )
    stream: bool = Field(True, description="Send the audio while it is made; false sends the whole file at once")

    @property
    def file_format(self) -> str:
        return self.audio_format if self.response_format == JSON else self.response_format


class ConversationRequest(_Conversation, _Live):
    """The first message of `stream-speech-to-speech`."""

    response_format: AudioFormat = Field("mp3", description="Audio format of the answers")
    interrupt: bool = Field(False, description="Whether new speech cancels the rest of an answer")
    reply: Literal["transcript"] = Field("transcript", description="What is answered: the words that were heard")
