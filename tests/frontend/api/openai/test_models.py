"""The list of models, through OpenAI's SDK."""

from __future__ import annotations

from urllib.parse import quote

import httpx2
import openai
import pytest

from tests.conftest import Serve

LISTENING = [
    "whisper-1",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-transcribe",
    "whisper-base",
    "whisper-tiny.en",
]
SPEAKING = ["s1-mini", "tts-1", "tts-1-hd", "gpt-4o-mini-tts", "kokoro"]


def test_list(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == LISTENING + SPEAKING


@pytest.mark.parametrize("name", [*LISTENING, *SPEAKING, "gpt-4o-transcribe-diarize", "base", "hexgrad/Kokoro-82M"])
def test_one(client: openai.OpenAI, name: str) -> None:
    model = client.models.retrieve(name)
    assert (model.id, model.object, model.owned_by) == (name, "model", "tritone")
    assert model.created > 0


def test_what_a_model_does(frontend_url: str) -> None:
    cards = {card["id"]: card for card in httpx2.get(f"{frontend_url}/v1/models").json()["data"]}
    default, english, voice = cards["gpt-4o-transcribe"], cards["whisper-tiny.en"], cards["tts-1-hd"]
    assert (default["task"], default["engine"]) == ("automatic-speech-recognition", "whisper-base")
    assert {"en", "de", "ja"} <= set(default["languages"])
    assert default["endpoints"] == ["/v1/audio/transcriptions", "/v1/audio/translations"]
    assert (english["languages"], english["endpoints"]) == (["en"], ["/v1/audio/transcriptions"])
    assert (voice["task"], voice["engine"], voice["precision"]) == ("text-to-speech", "kokoro", "fp32")
    assert (voice["endpoints"], "en-gb" in voice["languages"]) == (["/v1/audio/speech"], True)


@pytest.mark.parametrize(
    ("task", "names"), [("automatic-speech-recognition", LISTENING), ("text-to-speech", SPEAKING), ("chat", [])]
)
def test_list_of_a_task(frontend_url: str, task: str, names: list[str]) -> None:
    listed = httpx2.get(f"{frontend_url}/v1/models", params={"task": task}).json()["data"]
    assert [card["id"] for card in listed] == names


@pytest.mark.parametrize("name", ["openai/whisper-base", quote("openai/whisper-base", safe="")])
def test_name_with_a_slash(frontend_url: str, name: str) -> None:
    card = httpx2.get(f"{frontend_url}/v1/models/{name}").json()
    assert (card["id"], card["engine"]) == ("openai/whisper-base", "whisper-base")


@pytest.mark.parametrize("name", ["", "%20"])
def test_without_a_name_all_are_listed(frontend_url: str, name: str) -> None:
    listed = httpx2.get(f"{frontend_url}/v1/models/{name}").json()
    assert [card["id"] for card in listed["data"]] == LISTENING + SPEAKING


def test_unknown(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="whisper-base") as caught:
        client.models.retrieve("gpt-5")
    assert caught.value.code == "model_not_found"


def test_aliases(serve: Serve, triton: str) -> None:
    aliases = {"acme/ear": "whisper-tiny.en", "whisper-1": "tiny.en", "acme-voice": "tts-1-hd"}
    with serve(triton_url=triton, model_aliases=aliases) as url:
        cards = {card["id"]: card for card in httpx2.get(f"{url}/v1/models").json()["data"]}
        assert {cards[name]["engine"] for name in ("acme/ear", "whisper-1")} == {"whisper-tiny.en"}
        assert (cards["acme-voice"]["task"], cards["acme-voice"]["precision"]) == ("text-to-speech", "fp32")
        spoken = httpx2.post(f"{url}/v1/audio/speech", json={"input": "Hello there.", "model": "acme-voice"})
        form = {"model": "acme/ear"}
        heard = httpx2.post(f"{url}/v1/audio/transcriptions", data=form, files={"file": spoken.content})
        assert "hello" in heard.json()["text"].lower()
