"""What clients ask to be heard, and to be said in answer: speech-to-speech, and live speech."""

from __future__ import annotations

from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from frontend.requests.schema import Schema, option
from frontend.requests.speech import AudioFormat, SpokenRequest, VoiceName
from frontend.service import DEFAULT_TRANSCRIPTION_MODEL, Service
from speech.contract import SYNTHESIZE, TRANSCRIBE
from speech.errors import BadParameter, UnknownModel
from speech.events import SynthesisEngine
from speech.languages import language_code
from speech.sound.encoder import get_format
from speech.sound.microphone import HIGHEST_RATE_HZ, LOWEST_RATE_HZ, SampleEncoding
from speech.speaking.voices import parse
from speech.types import INPUT_RATE_HZ, LiveOptions, SynthesizeOptions, TranscribeOptions

_option = partial(option, TRANSCRIBE)


def _code(language: str) -> str:
    try:
        return language_code(language)
    except BadParameter as error:
        raise ValueError(error.message.removeprefix("language ")) from None


def _format_or_json(name: str) -> str:
    if name != JSON:
        get_format(name)
    return name


JSON = "json"
LanguageCode = Annotated[str, AfterValidator(_code)]


class _Heard(Schema):
    """How to listen, whatever the model's field is called."""

    hearing_field: ClassVar[str] = "model"

    language: LanguageCode = ""
    prompt: str = _option("prompt")

    async def hearing(self, service: Service) -> TranscribeOptions:
        """Raises: UnknownModel if none of the engines is called so."""
        try:
            model = await service.model(getattr(self, self.hearing_field))
        except UnknownModel as error:
            raise UnknownModel(error.message, self.hearing_field) from None
        return TranscribeOptions(model.name, self.language, prompt=self.prompt)


class _Live(_Heard):
    """Sound that comes piece by piece: what it is, and how it is cut into utterances."""

    encoding: SampleEncoding | None = None
    sample_rate: int = Field(INPUT_RATE_HZ, ge=LOWEST_RATE_HZ, le=HIGHEST_RATE_HZ)
    duration: float = _option("duration_s")
    partials: bool = _option("partials")
    endpoint_silence_s: float = _option("endpoint_silence_s")
    max_utterance_s: float = _option("max_utterance_s")

    def live(self) -> LiveOptions:
        return LiveOptions(self.partials, self.endpoint_silence_s, self.max_utterance_s)


class ListenRequest(_Live):
    """The query of `stream-transcribe`."""

    model: str = DEFAULT_TRANSCRIPTION_MODEL
    format: Literal["text", "json"] = "text"


class _Conversation(_Heard, SpokenRequest):
    hearing_field: ClassVar[str] = "stt_model"
    model_field: ClassVar[str] = "tts_model"

    stt_model: str = DEFAULT_TRANSCRIPTION_MODEL
    tts_model: str = "tts-1"
    voice: VoiceName = option(SYNTHESIZE, "voice", default="alloy")
    language: LanguageCode = ""

    def options(self, engine: SynthesisEngine) -> SynthesizeOptions:
        spoken = {name.partition("-")[0] for name in engine.languages}
        if self.language and self.language not in spoken:
            raise BadParameter(f"no voice speaks {self.language!r}; spoken: {', '.join(sorted(spoken))}", "language")
        parse(self.voice, engine.voices)  # now, and not when there is something to say
        return super().options(engine)


class ConversionRequest(_Conversation):
    """The form of `speech-to-speech`; json gives a body with the sound as `audio_format` in it."""

    response_format: Annotated[str, AfterValidator(_format_or_json)] = "mp3"
    audio_format: Literal["mp3", "wav", "opus", "flac", "aac", "pcm"] = "mp3"
    stream: bool = True


class ConversationRequest(_Conversation, _Live):
    """The first message of `stream-speech-to-speech`."""

    response_format: AudioFormat = "mp3"
    interrupt: bool = False
    reply: Literal["transcript"] = "transcript"
