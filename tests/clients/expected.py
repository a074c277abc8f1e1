"""What each call of each client is expected to get."""

from __future__ import annotations

from collections.abc import Mapping

from tests.clients.expectations import (
    SPANISH,
    Audio,
    AudioEvents,
    Captions,
    Events,
    Exactly,
    Expectation,
    Logprobs,
    Names,
    Refused,
    Text,
)

TEXT = Text()
MODELS = Names(("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "tts-1", "gpt-4o-mini-tts"))
MP3, WAV, PCM = Audio("mp3"), Audio("wav"), Audio("pcm")
TIMES = Text(met="text, times", having={"words": 9, "segments": 1})

_OPENAI: Mapping[str, Expectation] = {
    "models.list": MODELS,
    "models.retrieve, whisper-1": Exactly("whisper-1"),
    "models.retrieve, gpt-4o-transcribe": Exactly("gpt-4o-transcribe"),
    "models.retrieve, openai/whisper-base": Exactly("openai/whisper-base"),
    "transcriptions.create, whisper-1": TEXT,
    "transcriptions.create, gpt-4o-transcribe": TEXT,
    "transcriptions.create, gpt-4o-mini-transcribe": TEXT,
    "transcriptions.create, verbose_json with words and segments": TIMES,
    "transcriptions.create, srt": TEXT,
    "transcriptions.create, include logprobs": Logprobs(),
    "transcriptions.create, chunking server_vad": TEXT,
    "transcriptions.create, languages and keywords": TEXT,
    "translations.create": SPANISH,
    "speech.create, pcm streamed": PCM,
    "speech.create, stream_format sse": AudioEvents("mp3"),
}
"""What the SDKs for Python and for node have in common."""

_OPENAI_PYTHON: Mapping[str, Expectation] = {
    **_OPENAI,
    "transcriptions.create, text": TEXT,
    "transcriptions.create, vtt": TEXT,
    "transcriptions.create, json with segments": TEXT,
    "transcriptions.create, stream": TEXT,
    "transcriptions.create, stream, include logprobs": Text(met="text, log-probabilities", having={"logprobs": True}),
    "transcriptions.create, srt with stream": TEXT,
    "transcriptions.create, chunking auto": TEXT,
    "transcriptions.create, diarized_json": Refused(400),
    "translations.create, verbose_json": SPANISH,
    "speech.create, tts-1": MP3,
    "speech.create, gpt-4o-mini-tts": MP3,
    "speech.create, write_to_file": MP3,
    "speech.create, streamed": MP3,
    "async transcriptions.create": TEXT,
    "async transcriptions.create, stream": TEXT,
    "async speech.create, streamed": MP3,
}

EXPECTED: Mapping[str, Mapping[str, Expectation]] = {
    "openai-1": {**_OPENAI_PYTHON, "command line, audio.transcriptions.create": Text(met="text")},
    "openai-2": _OPENAI_PYTHON,
    "openai-3": {
        **_OPENAI_PYTHON,
        "transcriptions.create, gpt-transcribe": TEXT,
        "transcriptions.create, gpt-4o-mini-transcribe-2025-12-15": TEXT,
        "transcriptions.create, gpt-4o-transcribe-diarize": TEXT,
        "speech.create, tts-1-1106": MP3,
        "speech.create, gpt-4o-mini-tts-2025-12-15": MP3,
        "speech.create, a voice by its id": MP3,
    },
    "openai-node": {
        **_OPENAI,
        "transcriptions.create, gpt-transcribe": TEXT,
        "transcriptions.create, webm": TEXT,
        "transcriptions.create, stream": TEXT,
        "speech.create": MP3,
    },
    "vercel": {
        "transcribe, whisper-1": TEXT,
        "transcribe, gpt-transcribe": TEXT,
        "transcribe, gpt-4o-transcribe": TEXT,
        "transcribe, gpt-4o-mini-transcribe": TEXT,
        "transcribe, whisper-1, segments and language": Text(
            met="text, segments, language", having={"language": "en", "segments": 1}
        ),
        "transcribe, whisper-1, words": Text(met="text, times", having={"words": 9}),
        "transcribe, gpt-4o-transcribe, include logprobs": TEXT,
        "transcribe, gpt-transcribe, languages and keywords": TEXT,
        "transcribe, gpt-4o-transcribe, chunking server_vad": TEXT,
        "transcribe, gpt-4o-transcribe-diarize": Refused(400),
        "generateSpeech, tts-1": MP3,
        "generateSpeech, gpt-4o-mini-tts": MP3,
    },
    "livekit": {
        "STT": TEXT,
        "STT, detect_language": TEXT,
        "STT, gpt-transcribe with languages and keywords": TEXT,
        "STT, gpt-transcribe, detect_language": Text(met="text, language", having={"language": "en"}),
        "STT, whisper-1": Text(met="text, language", having={"language": "en"}),
        "TTS": PCM,
        "TTS, pcm": PCM,
    },
    "pipecat": {
        "OpenAISTTService": TEXT,
        "OpenAISTTService, include_prob_metrics": Text(met="text, probability", having={"probability": None}),
        "OpenAISTTService, include_prob_metrics, whisper-1": TEXT,
        "OpenAISTTService, keywords": TEXT,
        "OpenAITTSService": PCM,
    },
    "openai-agents": {
        "OpenAISTTModel.transcribe": TEXT,
        "OpenAISTTModel.transcribe, with settings": TEXT,
        "OpenAITTSModel.run": PCM,
        "VoicePipeline.run": Audio("pcm", heard=True),
    },
    "litellm": {
        "transcription, whisper-1": TEXT,
        "transcription, openai/whisper-1": TEXT,
        "transcription, gpt-4o-transcribe": TEXT,
        "transcription, openai/gpt-transcribe": TEXT,
        "transcription, languages and keywords": TEXT,
        "transcription, include logprobs": TEXT,
        "transcription, srt": TEXT,
        "atranscription": TEXT,
        "speech, openai/tts-1": MP3,
        "speech, openai/gpt-4o-mini-tts": MP3,
        "aspeech": MP3,
    },
    "langchain": {
        "OpenAIWhisperParser": TEXT,
        "OpenAIWhisperParser, gpt-4o-transcribe": TEXT,
        "OpenAIWhisperParser, srt": TEXT,
        "GenericLoader.from_filesystem": TEXT,
    },
    "open-webui": {
        "transcription, default model": TEXT,
        "transcription with a language": TEXT,
        "transcription as JSON": TEXT,
        "transcription as JSON with a language": TEXT,
        "speech": MP3,
        "list of models": Names(("tts-1", "gpt-4o-mini-tts"), "models"),
        "list of voices": Names(("alloy", "nova"), "voices"),
    },
    "wyoming-openai": {
        "is it LocalAI?": Refused(404),
        "is it Kokoro-FastAPI?": Refused(404),
        "transcription": TEXT,
        "transcription, streamed": Events(),
        "transcription, for Speaches": TEXT,
        "speech": WAV,
        "list of voices": Names(("alloy", "af_heart"), "voices"),
        "model with a slash": Exactly("hexgrad/Kokoro-82M", "id"),
    },
    "kokoro-fastapi": {
        "speech, voices combined": MP3,
        "speech without a model, pcm": PCM,
        "speech, default format": MP3,
        "speech with a pause": Audio("wav", max_s=4.0, pause_s=1.4),
        "speech with a rate": Audio("wav", 0.4, 1.2),
        "speech with lang_code and normalization_options": MP3,
        "speech with a download link": MP3,
        "captions": Captions(),
        "captions with return_timestamps": Captions(),
        "captions, streamed": Captions(),
        "list of voices": Names(("af_heart", "af_bella"), "voices"),
        "list of voices, legacy": Names(("af_heart", "af_bella"), "voices", texts=True),
    },
    "whisper-cpp": {
        "inference": TEXT,
        "inference, response-format": TEXT,
        "inference, text": TEXT,
        "inference, translate": SPANISH,
        "transcription without /v1": TEXT,
    },
    "speaches": {
        "transcription without a model": TEXT,
        "transcription, Systran/faster-whisper-base": TEXT,
        "speech, default format": MP3,
        "speech, sample_rate": Audio("wav", rate_hz=8000),
        "models that transcribe": Names(("whisper-1",), "data"),
    },
}
