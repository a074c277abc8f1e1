"""Voices by name: Kokoro's own, OpenAI's names for some of them, and blends such as `af_bella(2)+af_sky(1)`."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speech.errors import BadParameter
from speech.events import VoiceFacts
from speech.reading.phonemes import language_of

Float = NDArray[np.float32]

ALIASES = {
    "default": "af_heart",
    "alloy": "af_alloy",
    "echo": "am_echo",
    "fable": "bm_fable",
    "onyx": "am_onyx",
    "nova": "af_nova",
    "shimmer": "af_bella",
    "ash": "am_michael",
    "ballad": "bm_george",
    "coral": "af_aoede",
    "sage": "af_sarah",
    "verse": "am_fenrir",
    "marin": "af_kore",
    "cedar": "am_puck",
}
"""OpenAI's names of voices, and `default`, with the voice of Kokoro that each stands for.

Kokoro has voices called alloy, echo, fable, onyx and nova. The other names stand for a voice of the same sex. Shimmer
must not sound like nova: bella speaks four semitones higher (a median of 192 Hz against 152 Hz), and the cosine of
their styles is 0.47. The next choice, sky, has the pitch of nova and a cosine of 0.64.
"""

MAX_BLENDED_VOICES = 8
_PART = re.compile(r"\s*(?P<name>[A-Za-z0-9_-]{1,40})(?:\s*\(\s*(?P<weight>[0-9]{1,4}(?:\.[0-9]{1,4})?)\s*\))?\s*")


@dataclass(frozen=True)
class Voice:
    """A voice, or a blend of voices, with its loaded style."""

    name: str
    language: str
    style: Float
    """float32 [510, 256]: a style vector for each number of phonemes, from 1."""

    def style_for(self, phonemes: int) -> Float:
        """The style vector (float32 [1, 256]) for this number of phonemes, as KPipeline of hexgrad/kokoro picks it."""
        vector: Float = self.style[min(max(phonemes, 1), len(self.style)) - 1][None]
        return vector


class Voices:
    """All voices of a built engine. `voices.json` has their facts, `voices/<name>.npz` their arrays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        facts_by_name = json.loads((folder / "voices.json").read_text("utf-8"))
        self.facts = {name: VoiceFacts.from_dict(facts) for name, facts in facts_by_name.items()}
        self.find = lru_cache(maxsize=64)(self._find)

    def _find(self, name: str) -> Voice:
        """The voice or blend called `name`. Raises: BadParameter, which suggests similar names."""
        parts = [(self._load(kokoro_name), weight) for kokoro_name, weight in parse(name, self.facts)]
        total = sum(weight for _, weight in parts)
        if len(parts) == 1:
            return parts[0][0]
        heaviest = max(parts, key=lambda part: part[1])[0]
        blend = np.sum([voice.style * np.float32(weight / total) for voice, weight in parts], axis=0)
        return Voice(name, heaviest.language, blend)

    def _load(self, name: str) -> Voice:
        with np.load(self._folder / "voices" / f"{name}.npz") as arrays:
            return Voice(name, language_of(name), arrays["style"])


def parse(name: str, known: Collection[str]) -> list[tuple[str, float]]:
    """Kokoro's names of the voices in `name`, each with its weight.

    Raises: BadParameter, which suggests similar names.
    """
    parts = [_parse_part(part, name, known) for part in name.split("+")]
    if len(parts) > MAX_BLENDED_VOICES:
        raise BadParameter(f"a blend has at most {MAX_BLENDED_VOICES} voices; got {len(parts)}", "voice")
    if not any(weight for _, weight in parts):
        raise BadParameter(f"the weights of {name!r} are all zero", "voice")
    return parts


def _parse_part(text: str, whole: str, known: Collection[str]) -> tuple[str, float]:
    """One voice of the blend `whole`: `af_bella(2)` -> ("af_bella", 2.0)."""
    match = _PART.fullmatch(text)
    if match is None:
        raise BadParameter(f"voice {whole!r} cannot be read; write af_heart, or af_bella(2)+af_sky(1)", "voice")
    name = match["name"].lower().replace("-", "_")
    kokoro_name = ALIASES.get(name, name)
    if kokoro_name not in known:
        near = get_close_matches(name, [*known, *ALIASES], n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
        raise BadParameter(f"no voice {match['name']!r}; {hint}GET /v1/voices lists them", "voice")
    return kokoro_name, float(match["weight"] or 1)
