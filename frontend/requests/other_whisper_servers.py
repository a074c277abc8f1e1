"""Fields that clients of other Whisper servers send: those with another name here, and those that have no effect."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from frontend.requests.schema import asks_for_something, is_empty, is_false
from speech.errors import BadParameter

OTHER_NAMES: Mapping[str, str] = {
    "hotwords": "keywords",  # speaches, vLLM
    "initial_prompt": "prompt",  # whisper-asr-webservice
    "logprob_thold": "logprob_threshold",  # whisper.cpp, and the two below
    "no_speech_thold": "no_speech_threshold",
    "response-format": "response_format",
}
"""Names of fields, each with the name here."""

WITHOUT_EFFECT: Mapping[str, tuple[str, ...]] = {
    "whisper.cpp": (
        *("audio_ctx", "beam_size", "best_of", "carry_initial_prompt", "debug_mode", "detect_language", "duration"),
        *("entropy_thold", "max_context", "max_len", "no_language_probabilities", "no_timestamps", "offset_n"),
        *("offset_t", "split_on_word", "suppress_non_speech", "suppress_nst", "temperature_inc", "token_timestamps"),
        *("vad_max_speech_duration_s", "vad_min_silence_duration_ms", "vad_min_speech_duration_ms"),
        *("vad_samples_overlap", "vad_speech_pad_ms", "word_thold"),
    ),
    "speaches": ("without_timestamps",),
    "whisper-asr-webservice": ("encode", "word_timestamps"),
    "vLLM": (
        *("frequency_penalty", "length_penalty", "max_completion_tokens", "min_p", "n", "presence_penalty"),
        *("repetition_penalty", "seed", "stream_continuous_usage_stats", "top_k", "top_p", "use_beam_search"),
    ),
}
"""Fields that do nothing here, by the server that has them. They are named unless they are false."""
_VAD = ("vad", "vad_filter")
"""Fields that switch the voice activity detector, which is always on here."""
_DIARIZATION = ("diarize", "diarization", "tinydiarize")
"""Fields that ask for speakers to be told apart."""


def renamed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields under their names here; a field that is also given by that name keeps its own. Raises: BadParameter if
    speakers are to be told apart."""
    for name in _DIARIZATION:
        if not is_empty(fields.get(name)) and not _is_off(fields[name]):
            raise BadParameter(f"{name} must be false: speakers are not told apart", name)
    ours = dict(fields)
    for name, our_name in OTHER_NAMES.items():
        if not is_empty(ours.get(name)) and is_empty(ours.get(our_name)):
            ours[our_name] = ours.pop(name)
    return ours


def without_effect(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of those of the `renamed` fields that ask for something and do nothing."""
    known = {name for group in WITHOUT_EFFECT.values() for name in group}
    given = {name: value for name, value in fields.items() if not is_empty(value)}
    return tuple(name for name, value in given.items() if _does_nothing(name, value, known))


def _does_nothing(name: str, value: object, known: Collection[str]) -> bool:
    if name in _VAD:
        return _is_off(value)
    return name in OTHER_NAMES or (name in known and asks_for_something(value))


def _is_off(value: object) -> bool:
    return is_false(value) or str(value).strip() == "0"
