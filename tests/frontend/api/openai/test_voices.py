"""The lists of voices and models, in the shapes that clients read."""

from __future__ import annotations

import httpx2
import pytest

OPENAI = ["alloy", "echo", "fable", "onyx", "nova", "shimmer"]
MODELS = ["s1-mini", "tts-1", "tts-1-hd", "gpt-4o-mini-tts", "kokoro"]


@pytest.mark.parametrize("path", ["/v1/voices", "/v1/audio/voices"])
def test_voices(frontend_url: str, path: str) -> None:
    voices = httpx2.get(frontend_url + path).json()["voices"]
    names = [voice["voice_id"] for voice in voices]
    assert names[:7] == ["default", *OPENAI]
    assert {"af_heart", "am_onyx", "bm_fable"} <= set(names[7:])
    assert len(names) == len(set(names))
    assert voices[0]["name"] == "Default"
    for voice in voices:
        assert voice.keys() == {"voice_id", "id", "name", "description", "language", "gender"}
        assert voice["id"] == voice["voice_id"]
        assert all(voice.values())


@pytest.mark.parametrize("path", ["/v1/voices", "/v1/audio/voices", "/audio/voices"])
def test_kokoro_fastapis_old_list(frontend_url: str, path: str) -> None:
    voices = httpx2.get(frontend_url + path).json()["voices"]
    legacy = httpx2.get(f"{frontend_url}{path}?legacy=true").json()
    assert legacy == {"voices": [voice["id"] for voice in voices]}
    assert httpx2.get(f"{frontend_url}{path}?legacy=false").json()["voices"] == voices
    refused = httpx2.get(f"{frontend_url}{path}?legacy=perhaps")
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "legacy")


def test_every_voice_speaks(frontend_url: str) -> None:
    for voice in httpx2.get(f"{frontend_url}/v1/voices").json()["voices"]:
        fields = {"input": "Hi.", "voice": voice["voice_id"]}
        answer = httpx2.post(f"{frontend_url}/v1/audio/speech", json=fields, timeout=60)
        assert answer.status_code == 200, voice


def test_open_webui(frontend_url: str) -> None:
    """What its backend does with the answers (routers/audio.py, get_available_voices and get_available_models)."""
    voices = {voice["id"]: voice["name"] for voice in httpx2.get(f"{frontend_url}/v1/audio/voices").json()["voices"]}
    assert voices["alloy"] == "Alloy"
    assert voices["af_heart"] == "Heart (af_heart)"
    models = httpx2.get(f"{frontend_url}/v1/audio/models").json()["models"]
    assert [model["id"] for model in models] == [model["name"] for model in models] == MODELS
