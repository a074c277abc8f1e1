"""How English words sound in both lexicons, and what loading them does not import."""

from __future__ import annotations

import subprocess
import sys

import pytest

from speech.reading.phonemes import phonemize

GOLDEN = [
    ("Hello world!", "həlˈO wˈɜɹld!"),
    ("NASA and the FBI", "nˈæsə ænd ði ˌɛfbˌiˈI"),
    ("the CEO of IT", "ðə sˌiˌiˈO ʌv ˌItˈi"),
    ("It is in the US.", "ˌɪt ɪz ɪn ðə jˌuˈɛs."),
    ("Tell us.", "tˈɛl ˌʌs."),
    ("the apple", "ði ˈæpᵊl"),
    ("the banana", "ðə bənˈænə"),
    ("two CPUs", "tˈu sˌipˌijˈuz"),
    ("don't", "dˈOnt"),
    ("well-known", "wˌɛlnˈOn"),
    ("72 degrees", "sˈɛvənti tˈu dəɡɹˈiz"),
    ("Anna", "ˈænə"),
]


@pytest.mark.parametrize(("text", "symbols"), GOLDEN)
def test_golden_words(text: str, symbols: str) -> None:
    assert phonemize(text).symbols == symbols


def test_british_and_american_differ() -> None:
    assert phonemize("bath car", "en-gb").symbols == "bˈɑːθ kˈɑː"
    assert phonemize("bath car", "en-us").symbols == "bˈæθ kˈɑɹ"


def test_heavy_libraries_stay_out() -> None:
    code = """if True:
        import sys
        from speech.reading.phonemes import phonemize
        phonemize("A cat, $5.", "en-gb")
        phonemize("hola", "es")
        assert not {"torch", "spacy", "phonemizer", "transformers"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True)
