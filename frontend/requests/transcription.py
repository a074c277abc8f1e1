"""Requests for the text of a file: transcriptions and translations of all families."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from frontend.model_names import DEFAULT_TRANSCRIPTION_MODEL
from frontend.requests.body import Encoding
from frontend.requests.schema import Schema, option
from frontend.requests.upload import AudioFile
from speech.contract import TRANSCRIBE
from speech.errors import BadParameter
from speech.languages import language_code
from speech.types import Task, Timestamps, TranscribeOptions

_option = partial(option, TRANSCRIBE)

LanguageCode = Annotated[str, AfterValidator(language_code)]
ResponseFormat = Literal["json", "text", "srt", "vtt", "verbose_json"]
GRANULARITIES: tuple[Timestamps, ...] = ("segment", "word")


class SpeechToTextForm(Schema):
    """stt-tts.md: a file and a model."""

    body: ClassVar[Encoding] = "upload"

    audio: AudioFile = Field(description="Audio or video file, in any format that FFmpeg decodes")
    model: str = _option("model", default=DEFAULT_TRANSCRIPTION_MODEL)

    def transcription_options(self) -> TranscribeOptions:
        return TranscribeOptions(model=self.model)


class TranscribeForm(Schema):
    """cloud-inference-server.md: a file, and hints that help to transcribe it."""

    body: ClassVar[Encoding] = "upload"

    file: AudioFile = Field(description="Audio or video file, in any format that FFmpeg decodes")
    model: str = _option("model", default=DEFAULT_TRANSCRIPTION_MODEL)
    language: LanguageCode = _option("language")
    prompt: str = _option("prompt")

    def transcription_options(self) -> TranscribeOptions:
        return TranscribeOptions(model=self.model, language=self.language, prompt=self.prompt)


class _OpenAIForm(TranscribeForm):
    """What OpenAI's transcriptions and translations have in common, and our own options."""

    task: ClassVar[Task]

    response_format: ResponseFormat = Field("json", description="Format of the answer")
    temperature: float = _option("temperature")
    no_speech_threshold: float = _option("no_speech_threshold")
    logprob_threshold: float = _option("logprob_threshold")
    compression_ratio_threshold: float = _option("compression_ratio_threshold")
    stream: bool = Field(False, description="Send the text as server-sent events while it is found")
    timestamp_granularities: tuple[Timestamps, ...] = Field(
        (), description="What verbose_json gives times of; segments unless told otherwise"
    )

    @property
    def granularities(self) -> tuple[Timestamps, ...]:
        return tuple(one for one in GRANULARITIES if one in self.timestamp_granularities) or ("segment",)

    def transcription_options(self) -> TranscribeOptions:
        return TranscribeOptions(
            model=self.model,
            language=self.language,
            task=self.task,
            prompt=self.prompt,
            temperature=self.temperature,
            timestamps="word" if "word" in self.granularities else "segment",
            no_speech_threshold=self.no_speech_threshold,
            logprob_threshold=self.logprob_threshold,
            compression_ratio_threshold=self.compression_ratio_threshold,
        )


class TranscriptionRequest(_OpenAIForm):
    """OpenAI's transcription with the fields of whisper-api-server.md."""

    task: ClassVar[Task] = "transcribe"
    refused: ClassVar[Mapping[str, str]] = {
        "include": "log-probabilities of tokens are not available; verbose_json has avg_logprob for each segment",
        "keywords": "not available; write the words into prompt",
        "languages": "not available; give one language, or none to have it detected",
        "known_speaker_names": "speakers are not told apart",
        "known_speaker_references": "speakers are not told apart",
    }

    # Speech is always found by a voice activity detector: that is what OpenAI's `auto` asks for.
    chunking_strategy: Literal["auto"] = Field("auto", description="How the audio is cut; nothing else is available")

    @model_validator(mode="after")
    def _fields_fit_each_other(self) -> Self:
        if self.timestamp_granularities and self.response_format != "verbose_json":
            name = "timestamp_granularities"
            raise BadParameter(f"{name} needs response_format verbose_json; got {self.response_format!r}", name)
        if self.stream and self.response_format not in ("json", "text"):
            wrong = f"response_format {self.response_format!r} cannot be streamed"
            raise BadParameter(f"stream=true sends text; {wrong}", "stream")
        return self


class TranslationRequest(_OpenAIForm):
    """OpenAI's translation into English."""

    task: ClassVar[Task] = "translate"

    @model_validator(mode="after")
    def _nothing_but_segments(self) -> Self:
        if self.stream:
            raise BadParameter("stream is not available for translations", "stream")
        if "word" in self.timestamp_granularities:
            name = "timestamp_granularities"
            raise BadParameter("words have no times in translations; only segment is available", name)
        return self
