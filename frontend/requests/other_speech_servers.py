"""Fields of other servers' speech requests that have no effect here. An answer names them, so that nobody wonders why
they do nothing. Fields that are in no table are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frontend.requests.schema import asks_for_something, is_empty, is_false

WITHOUT_EFFECT: Mapping[str, tuple[str, ...]] = {
    "models that sample tokens": (
        "temperature",
        "top_p",
        "repetition_penalty",
        "max_new_tokens",
        "top_k",
        "min_p",
        "seed",
    ),
    "models that imitate a recording": ("reference_id", "references", "ref_audio", "ref_text", "consent"),
    "Kokoro-FastAPI": ("return_download_link", "return_timing", "allow_voice_tags", "voice_aliases", "ssml"),
    "Chatterbox": (
        "exaggeration",
        "cfg_weight",
        "streaming_chunk_size",
        "streaming_strategy",
        "streaming_buffer_size",
        "streaming_quality",
    ),
    "Fish Speech": ("latency", "mp3_bitrate", "opus_bitrate", "use_memory_cache"),
    "LocalAI": ("backend",),
    "vLLM": ("task_type", "x_vector_only_mode"),
}
"""The fields, by whom they are for. They are named if they ask for something, that is, unless they are false."""


def without_effect(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the fields that ask for something that this server does not do."""
    known = (name for group in WITHOUT_EFFECT.values() for name in group)
    names = [name for name in known if asks_for_something(fields.get(name))]
    if not _is_normal(fields.get("normalization_options") or {}):
        names.append("normalization_options")
    if not is_empty(fields.get("download_format")) and fields["download_format"] != fields.get("response_format"):
        names.append("download_format")
    return tuple(names)


def _is_normal(options: Any) -> bool:
    """Whether Kokoro-FastAPI's `normalization_options` switch nothing off: all of them are always on here."""
    return isinstance(options, Mapping) and not any(map(is_false, options.values()))
