"""The real engine, for tests that need one."""

from __future__ import annotations

from pathlib import Path

import pytest

from speech.engines import EngineStore
from speech.speaking.kokoro import Kokoro


@pytest.fixture(scope="session")
def kokoro(engines_dir: Path) -> Kokoro:
    return Kokoro.load(EngineStore(engines_dir).open("kokoro"))
