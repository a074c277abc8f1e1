"""Facts about each voice: language and gender by its name, pitch and pace as measured while it reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from build_engines.kokoro.chain import Utterance
from speech.reading.phonemes import language_of
from speech.reading.vocabulary import MARKS

FRAMES_PER_S = 40
"""Kokoro's frames in a second."""
UNVOICED_BELOW_HZ = 60.0
"""f0 below which a frame counts as unvoiced."""
_SEMITONES_PER_OCTAVE = 12
GENDERS = {"f": "female", "m": "male"}
"""Gender by the second letter of a voice's name."""
_PEOPLE = {
    "en-us": "American English", "en-gb": "British English", "es": "Spanish", "fr": "French", "hi": "Hindi",
    "it": "Italian", "ja": "Japanese", "pt-br": "Brazilian Portuguese", "zh": "Mandarin Chinese",
}  # fmt: skip
_NOUNS = {"female": "woman", "male": "man"}
_PITCHES_HZ = {"female": (170, 200), "male": (109, 124)}
_RANGES_SEMITONES = (10.1, 12.3)
_RATES_PER_S = (10.4, 11.8)
# Each of these pairs divides the 54 voices into thirds: below the first value, between them, from the second value on.


def facts(name: str, said: Utterance) -> dict[str, Any]:
    """Language, gender, pitch (median and range), pace, and a description of the voice in one line.

    said: what the voice reads, a text of several seconds.
    """
    f0 = said.f0[0]
    voiced = f0[f0 > UNVOICED_BELOW_HZ]
    low, median, high = np.percentile(voiced, (5, 50, 95))
    phonemes = sum(symbol not in MARKS and symbol not in " ˈˌ" for symbol in said.phonemes)
    language, gender, pitch_hz = language_of(name), GENDERS[name[1]], round(float(median))
    range_semitones = round(float(_SEMITONES_PER_OCTAVE * np.log2(high / low)), 1)
    rate = round(phonemes / (said.frames / FRAMES_PER_S), 1)
    return {
        "language": language,
        "gender": gender,
        "f0_median_hz": pitch_hz,
        "f0_range_semitones": range_semitones,
        "phonemes_per_s": rate,
        "description": describe(language, gender, pitch_hz, range_semitones, rate),
    }


def describe(language: str, gender: str, f0_median_hz: int, f0_range_semitones: float, phonemes_per_s: float) -> str:
    """'American English woman, mid pitch (180 Hz), lively, brisk'."""
    pitch = _third(f0_median_hz, _PITCHES_HZ[gender], ("low", "mid", "high"))
    melody = _third(f0_range_semitones, _RANGES_SEMITONES, ("even", "moderate", "lively"))
    pace = _third(phonemes_per_s, _RATES_PER_S, ("unhurried", "measured", "brisk"))
    return f"{_PEOPLE[language]} {_NOUNS[gender]}, {pitch} pitch ({f0_median_hz} Hz), {melody}, {pace}"


def _third(value: float, borders: tuple[float, float], words: tuple[str, str, str]) -> str:
    return words[sum(value >= border for border in borders)]
