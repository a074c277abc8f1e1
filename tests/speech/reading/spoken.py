"""Phonemes for tests, in the languages that are installed."""

from __future__ import annotations

import importlib.util

import pytest

from speech.reading.phonemes import Phonemes, phonemize

EXTRAS = {"zh": "jieba", "ja": "fugashi"}
"""A module of each optional dependency of pyproject.toml that adds a language."""


def is_installed(language: str) -> bool:
    return language not in EXTRAS or importlib.util.find_spec(EXTRAS[language]) is not None


def spoken(text: str, language: str = "en-us") -> Phonemes:
    """`phonemize`, in a test that is skipped if the language is not installed."""
    if not is_installed(language):
        pytest.skip(f"the extra '{language}' is not installed")
    return phonemize(text, language)
