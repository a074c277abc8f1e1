"""Fields of other servers: which are named because they do nothing, and when."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.requests.other_speech_servers import WITHOUT_EFFECT, without_effect
from frontend.requests.speech import ExtendedSpeechRequest, SpeechRequest

NORMAL = {"normalize": True, "unit_normalization": True, "url_normalization": True}


def test_no_field_is_in_two_groups_or_has_an_effect() -> None:
    names = [name for group in WITHOUT_EFFECT.values() for name in group]
    assert len(names) == len({*names})
    assert not {*names} & SpeechRequest.model_fields.keys()


@pytest.mark.parametrize(
    ("fields", "unused"),
    [
        ({}, ()),
        ({"user": "me", "unknown": {"a": [1]}}, ()),
        ({"seed": 7, "exaggeration": 0.5, "backend": "kokoro"}, ("seed", "exaggeration", "backend")),
        ({"seed": None, "ssml": False, "voice_aliases": {}, "references": [], "backend": ""}, ()),
        ({"return_download_link": True, "ssml": True}, ("return_download_link", "ssml")),
        ({"normalization_options": NORMAL}, ()),
        ({"normalization_options": {}}, ()),
        ({"normalization_options": {**NORMAL, "unit_normalization": False}}, ("normalization_options",)),
        ({"normalization_options": {"normalize": False}}, ("normalization_options",)),
        ({"normalization_options": "none"}, ("normalization_options",)),
        ({"download_format": "mp3", "response_format": "mp3"}, ()),
        ({"download_format": "wav", "response_format": "mp3"}, ("download_format",)),
        ({"download_format": None}, ()),
    ],
)
def test_without_effect(fields: dict[str, Any], unused: tuple[str, ...]) -> None:
    assert without_effect(fields) == unused
    for schema in (SpeechRequest, ExtendedSpeechRequest):
        assert schema.read({"input": "Hello", **fields}).unused == unused
