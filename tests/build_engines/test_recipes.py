"""How a name, a size, a hub id or a folder finds its recipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_engines import recipes
from speech.errors import EngineUnusable


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("whisper-base", "whisper-base"),
        ("base", "whisper-base"),
        ("tiny.en", "whisper-tiny.en"),
        ("openai/whisper-base", "whisper-base"),
        ("someone/whisper-fine-tuned", "someone--whisper-fine-tuned"),
        ("silero-vad", "silero-vad"),
        ("kokoro", "kokoro"),
        ("hexgrad/Kokoro-82M", "hexgrad--Kokoro-82M"),
    ],
)
def test_names_find_their_recipe(text: str, name: str) -> None:
    assert recipes.find(text).name == name


def test_a_folder_cannot_take_the_name_of_another_model(tmp_path: Path) -> None:
    (tmp_path / "whisper-base").mkdir()
    with pytest.raises(EngineUnusable, match="rename the folder"):
        recipes.find(str(tmp_path / "whisper-base"))


@pytest.mark.parametrize(("text", "near"), [("whisper-bsae", "whisper-base"), ("smal", "small")])
def test_an_unknown_name_gets_the_nearest_one(text: str, near: str) -> None:
    with pytest.raises(EngineUnusable, match=f"did you mean '{near}'"):
        recipes.find(text)


def test_hub_ids_of_kokoro_are_kokoro() -> None:
    assert recipes.find("hexgrad/Kokoro-82M").kind == "kokoro"
    assert recipes.find("someone/whisper-fine-tuned").kind == "whisper"
