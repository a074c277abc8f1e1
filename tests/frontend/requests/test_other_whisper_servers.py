"""Fields of other Whisper servers' clients."""

from __future__ import annotations

import io
from typing import Any

import pytest

from frontend.requests.other_whisper_servers import OTHER_NAMES, WITHOUT_EFFECT
from frontend.requests.transcription import TranscriptionRequest
from frontend.requests.upload import Upload
from speech.errors import BadParameter


def read(**fields: Any) -> TranscriptionRequest:
    return TranscriptionRequest.read({"file": Upload("file", "a.wav", 4, io.BytesIO(b"RIFF")), **fields})


def test_the_tables_do_not_overlap_with_our_fields() -> None:
    ours = TranscriptionRequest.model_fields.keys()
    unused = [name for group in WITHOUT_EFFECT.values() for name in group]
    assert not ours & {*unused, *OTHER_NAMES}
    assert {*OTHER_NAMES.values()} <= ours
    assert len({*unused}) == len(unused)


def test_other_names() -> None:
    request = read(
        hotwords="Quilter, Kokoro",
        initial_prompt="A talk.",
        logprob_thold="-2",
        no_speech_thold="0.4",
        **{"response-format": "srt"},
    )
    assert request.keywords == ("Quilter", "Kokoro")
    assert request.prompt == "A talk."
    assert (request.logprob_threshold, request.no_speech_threshold) == (-2.0, 0.4)
    assert request.response_format == "srt"
    assert request.unused == ()


def test_our_names_go_first() -> None:
    request = read(keywords=["Quilter"], hotwords="Kokoro", prompt="", initial_prompt="A talk.")
    assert (request.keywords, request.prompt) == (("Quilter",), "A talk.")
    assert request.unused == ("hotwords",)


@pytest.mark.parametrize(
    ("fields", "unused"),
    [
        ({}, ()),
        ({"temperature_inc": "0.2", "beam_size": "5", "no_such_field": "1"}, ("temperature_inc", "beam_size")),
        ({"seed": 1, "top_p": None, "top_k": ""}, ("seed",)),
        ({"detect_language": "false", "encode": False, "n": 0, "temperature_inc": "0"}, ("n", "temperature_inc")),
        ({"vad_filter": "true", "vad": True}, ()),
        ({"vad_filter": "false", "vad": False}, ("vad_filter", "vad")),
        ({"diarize": "false", "diarization": False, "tinydiarize": "0"}, ()),
        ({"stream_include_usage": "true"}, ()),
        ({"response_format": "srt", "stream": "true"}, ("stream",)),
    ],
)
def test_unused(fields: dict[str, Any], unused: tuple[str, ...]) -> None:
    assert read(**fields).unused == unused


@pytest.mark.parametrize("name", ["diarize", "diarization", "tinydiarize"])
def test_speakers_are_not_told_apart(name: str) -> None:
    with pytest.raises(BadParameter, match="speakers are not told apart") as caught:
        read(**{name: "true"})
    assert caught.value.param == name
