"""Requests for the text of a file: transcriptions and translations of all families."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from annotated_types import MaxLen
from pydantic import Field, field_validator, model_validator

from frontend.model_names import DEFAULT_TRANSCRIPTION_MODEL
from frontend.requests import other_whisper_servers
from frontend.requests.body import Encoding
from frontend.requests.chunking_strategy import ChunkingStrategy
from frontend.requests.languages import English, LanguageCode, Languages
from frontend.requests.schema import Schema, option
from frontend.requests.upload import AudioFile
from speech.contract import TRANSCRIBE
from speech.errors import BadParameter
from speech.types import Task, Timestamps, TranscribeOptions

_option = partial(option, TRANSCRIBE)

ResponseFormat = Literal["json", "text", "srt", "vtt", "verbose_json"]
GRANULARITIES: tuple[Timestamps, ...] = ("segment", "word")
NO_SPEAKERS = "speakers are not told apart"
MAX_KEYWORDS, MAX_KEYWORD_LENGTH = 100, 100
Keywords = Annotated[
    tuple[Annotated[str, MaxLen(MAX_KEYWORD_LENGTH)], ...],
    Field(max_length=MAX_KEYWORDS),
]
"""Words and names. The model limits them further, by their tokens."""


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

    default_task: ClassVar[Task]
    """What the endpoint does unless told otherwise."""
    refused: ClassVar[Mapping[str, str]] = {
        "known_speaker_names": NO_SPEAKERS,
        "known_speaker_references": NO_SPEAKERS,
    }

    languages: Languages = Field((), description="Languages that may be spoken; the language is detected among them")
    keywords: Keywords = Field((), description="Words and names to expect")
    response_format: ResponseFormat = Field("json", description="Format of the answer")
    include: tuple[Literal["logprobs"], ...] = Field((), description="logprobs: the tokens' log-probabilities, in JSON")
    temperature: float = _option("temperature")
    no_speech_threshold: float = _option("no_speech_threshold")
    logprob_threshold: float = _option("logprob_threshold")
    compression_ratio_threshold: float = _option("compression_ratio_threshold")
    vad_threshold: float = _option("vad_threshold")
    chunking_strategy: ChunkingStrategy = Field(None, description="How the audio is cut")
    stream: bool = Field(False, description="Send the text as server-sent events while it is found")
    timestamp_granularities: tuple[Timestamps, ...] = Field(
        (), description="What verbose_json gives times of; segments unless told otherwise"
    )
    task: Task | None = Field(None, description="translate: the text is in English")
    translate: bool | None = Field(None, description="true: the text is in English")
    to_language: English = Field("", description="Language to translate into; only English")

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Self:
        return super().read(other_whisper_servers.renamed(fields))

    @classmethod
    def without_effect(cls, fields: Mapping[str, Any]) -> tuple[str, ...]:
        return other_whisper_servers.without_effect(fields)

    @property
    def granularities(self) -> tuple[Timestamps, ...]:
        return tuple(one for one in GRANULARITIES if one in self.timestamp_granularities) or ("segment",)

    @property
    def streamed(self) -> bool:
        """Whether the answer is a stream of events. As at OpenAI, `stream` is ignored where it does not apply."""
        return self.stream and self.response_format in ("json", "text")

    @property
    def logprobs(self) -> bool:
        return "logprobs" in self.include

    @property
    def unused(self) -> tuple[str, ...]:
        stream = ("stream",) if self.stream and not self.streamed else ()
        strategy = self.chunking_strategy.unused if self.chunking_strategy else ()
        return (*stream, *strategy, *super().unused)

    def transcription_options(self) -> TranscribeOptions:
        strategy = self.chunking_strategy
        threshold = strategy.threshold if strategy else None
        return TranscribeOptions(
            model=self.model,
            language=self.language,
            languages=",".join(self.languages),
            task=self._chosen_task(),
            prompt=self.prompt,
            keywords=", ".join(self.keywords),
            temperature=self.temperature,
            timestamps="word" if "word" in self.granularities else "segment",
            logprobs=self.logprobs,
            vad_threshold=self.vad_threshold if threshold is None else threshold,
            no_speech_threshold=self.no_speech_threshold,
            logprob_threshold=self.logprob_threshold,
            compression_ratio_threshold=self.compression_ratio_threshold,
        )

    def _chosen_task(self) -> Task:
        """The task that the fields ask for. Raises: BadParameter if they contradict each other."""
        wishes: dict[str, Task] = {}
        if self.task is not None:
            wishes["task"] = self.task
        if self.translate is not None:
            wishes["translate"] = "translate" if self.translate else "transcribe"
        if self.to_language and self.to_language != self.language:
            wishes["to_language"] = "translate"
        for name, task in wishes.items():
            if self.default_task == "translate" and task == "transcribe":
                raise BadParameter(f"{name}: this endpoint translates; /v1/audio/transcriptions transcribes", name)
        if len({*wishes.values()}) > 1:
            raise BadParameter(f"{' and '.join(wishes)} contradict each other; give one of them", next(iter(wishes)))
        return next(iter(wishes.values()), self.default_task)

    @field_validator("response_format", mode="before")
    @classmethod
    def _no_speakers(cls, value: object) -> object:
        if value == "diarized_json":
            known = ", ".join(get_args(ResponseFormat))
            raise BadParameter(
                f"response_format diarized_json: {NO_SPEAKERS}; it must be one of {known}", "response_format"
            )
        return value

    @model_validator(mode="after")
    def _fields_fit_each_other(self) -> Self:
        is_json = self.response_format in ("json", "verbose_json")
        if self.logprobs and not is_json and not self.streamed:
            wrong = f"got {self.response_format!r}"
            raise BadParameter(f"include: logprobs needs response_format json or verbose_json; {wrong}", "include")
        if "word" in self.timestamp_granularities:
            name = "timestamp_granularities"
            if self.response_format != "verbose_json":
                raise BadParameter(
                    f"{name}: word needs response_format verbose_json; got {self.response_format!r}", name
                )
            if self._chosen_task() == "translate":
                raise BadParameter("words have no times in translations; only segment is available", name)
        self._chosen_task()
        return self


class TranscriptionRequest(_OpenAIForm):
    """OpenAI's transcription with the fields of whisper-api-server.md, and those of other Whisper servers."""

    default_task: ClassVar[Task] = "transcribe"


class TranslationRequest(_OpenAIForm):
    """OpenAI's translation into English. It takes the fields of a transcription."""

    default_task: ClassVar[Task] = "translate"
