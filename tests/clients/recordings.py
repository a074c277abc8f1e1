"""The audio files that clients send."""

from __future__ import annotations

import shutil
from pathlib import Path

from build_engines import packages
from build_engines.recipes import SAMPLES
from speech.sound.encoder import encode
from speech.types import INPUT_RATE_HZ
from tests.frontend.live_client import container, read

FOX_TEXT = "The quick brown fox jumps over the lazy dog."
"""What is said in fox.wav, fox.mp3 and fox.webm."""
SPANISH_TEXT = "One two three four five six seven eight nine ten."
"""The translation of what is said in spanish.wav."""


def provide(folder: Path) -> None:
    """Fill `folder` with recordings as microphones, phones and browsers make them."""
    samples = packages.fetch(SAMPLES)
    shutil.copy(samples / "es-counting.wav", folder / "spanish.wav")
    fox = read(samples / "en-fox.wav")
    (folder / "fox.wav").write_bytes(encode(fox, "wav", INPUT_RATE_HZ))
    (folder / "fox.mp3").write_bytes(container(fox, "mp3"))
    (folder / "fox.webm").write_bytes(container(fox, "webm"))
