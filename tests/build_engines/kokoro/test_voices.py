"""Facts about voices."""

from __future__ import annotations

import json

import numpy as np

from build_engines.kokoro.voices import describe
from speech.engines import BuiltEngine
from speech.reading.phonemes import language_of


def test_voices_are_described_by_what_was_measured(built: BuiltEngine) -> None:
    voices = json.loads(built.file("voices.json").read_text())
    assert list(voices) == built.model["voices"]
    for name, facts in voices.items():
        assert facts["language"] == language_of(name)
        assert facts["gender"] == {"f": "female", "m": "male"}[name[1]]
        assert f"({facts['f0_median_hz']} Hz)" in facts["description"]
        assert 4 < facts["phonemes_per_s"] < 25
        assert 0 < facts["f0_range_semitones"] < 36
    pitch = {
        sex: np.median([v["f0_median_hz"] for v in voices.values() if v["gender"] == sex]) for sex in ("female", "male")
    }
    assert pitch["female"] > 1.3 * pitch["male"]


def test_a_description_names_language_pitch_melody_and_pace() -> None:
    low = describe("en-gb", "female", 169, 10.0, 10.3)
    assert low == "British English woman, low pitch (169 Hz), even, unhurried"
    high = describe("ja", "male", 124, 12.3, 11.8)
    assert high == "Japanese man, high pitch (124 Hz), lively, brisk"
