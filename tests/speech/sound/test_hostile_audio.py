"""The hostile files of tests/hostile.py, given to `decode`."""

from __future__ import annotations

import io

import numpy as np
import pytest

from speech.errors import BadAudio
from speech.sound.decoder import decode
from tests.hostile import HOSTILE, Hostile


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_hostile_file_gives_sound_or_bad_audio(hostile: Hostile) -> None:
    file = io.BytesIO(hostile.build())
    if hostile.status == 400:
        with pytest.raises(BadAudio, match=r"; (send|allowed)") as caught:
            list(decode(file))
        assert caught.value.code == hostile.code
        return
    chunks = list(decode(file))
    assert chunks
    for chunk in chunks:
        assert chunk.dtype == np.float32
        assert chunk.ndim == 1 and len(chunk)
        assert np.abs(chunk).max() <= 1.0
    if hostile.name not in ("silence", "one_sample"):
        assert np.sqrt(np.mean(np.concatenate(chunks) ** 2)) > 0.02, "the tone is gone"


def test_table_is_consistent() -> None:
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE) >= 36
    assert {(hostile.status, hostile.code) for hostile in HOSTILE} == {(200, ""), (400, "bad_audio")}


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_files_are_the_same_every_time(hostile: Hostile) -> None:
    assert hostile.build() == hostile.build()
