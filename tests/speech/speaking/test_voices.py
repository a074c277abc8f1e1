"""Voices are found by their names, by OpenAI's names and as blends; errors say what is wrong with a name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from speech.errors import BadParameter
from speech.speaking.voices import ALIASES, Voices

FACTS = {
    "language": "en-us",
    "gender": "female",
    "f0_median_hz": 190,
    "f0_range_semitones": 11.0,
    "phonemes_per_s": 11.0,
    "description": "somebody",
}
NAMES = ("af_heart", "af_alloy", "am_echo", "bm_fable", "af_bella")


@pytest.fixture
def voices(tmp_path: Path) -> Voices:
    (tmp_path / "voices").mkdir()
    for number, name in enumerate(NAMES):
        style = np.full((510, 256), number, np.float32) + np.arange(510, dtype=np.float32)[:, None] / 1000
        np.savez(tmp_path / "voices" / f"{name}.npz", style=style)
    (tmp_path / "voices.json").write_text(json.dumps(dict.fromkeys(NAMES, FACTS)))
    return Voices(tmp_path)


def test_a_voice_has_a_name_a_language_and_styles(voices: Voices) -> None:
    voice = voices.find("bm_fable")
    assert (voice.name, voice.language) == ("bm_fable", "en-gb")
    assert voice.style_for(3).shape == (1, 256)
    assert voice.style_for(3)[0, 0] == pytest.approx(3 + 0.002)
    assert voice.style_for(0)[0, 0] == pytest.approx(3)
    assert voice.style_for(9999)[0, 0] == pytest.approx(3 + 0.509)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("alloy", "af_alloy"),
        ("echo", "am_echo"),
        ("default", "af_heart"),
        ("shimmer", "af_bella"),
        ("fable", "bm_fable"),
    ],
)
def test_openai_names_stand_for_voices(voices: Voices, alias: str, name: str) -> None:
    assert ALIASES[alias] == name
    assert voices.find(alias).name == voices.find(alias.upper()).name == name


def test_a_blend_is_the_weighted_mean(voices: Voices) -> None:
    blend = voices.find("af_heart(1)+ bm_fable (3)")
    assert blend.style_for(1)[0, 0] == pytest.approx(0.75 * 3)
    assert blend.language == "en-gb"
    assert blend.style.dtype == np.float32
    assert voices.find("alloy+echo").style_for(1)[0, 0] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("af_hart", "did you mean 'af_heart'"),
        ("aloy", "did you mean 'alloy'"),
        ("Allloy", "no voice 'Allloy'; did you mean 'alloy'"),
        ("af-hart2", "did you mean 'af_heart'"),
        ("zzz", "no voice 'zzz'; GET /v1/voices"),
        ("af_heart(0)+af_alloy(0)", "all zero"),
        ("af_heart(", "cannot be read"),
        ("../../etc/passwd", "cannot be read"),
        ("", "cannot be read"),
        ("af_heart+", "cannot be read"),
        ("af_heart(1e9)", "cannot be read"),
        ("+".join(["af_heart"] * 9), "at most 8 voices"),
    ],
)
def test_errors_say_what_is_wrong(voices: Voices, name: str, message: str) -> None:
    with pytest.raises(BadParameter, match=message.replace("(", r"\(")) as caught:
        voices.find(name)
    assert caught.value.param == "voice"
