"""The list of models, through OpenAI's SDK."""

from __future__ import annotations

import openai
import pytest

NAMES = [
    "whisper-1",
    "whisper-base",
    "whisper-tiny.en",
    "s1-mini",
    "tts-1",
    "tts-1-hd",
    "gpt-4o-mini-tts",
    "kokoro",
]


def test_list(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_one(client: openai.OpenAI, name: str) -> None:
    model = client.models.retrieve(name)
    assert (model.id, model.object, model.owned_by) == (name, "model", "tritone")
    assert model.created > 0


def test_unknown(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="whisper-base") as caught:
        client.models.retrieve("gpt-5")
    assert caught.value.code == "model_not_found"
