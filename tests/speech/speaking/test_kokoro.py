"""The real engine: audio has the length that the durations promise, and speed changes them."""

from __future__ import annotations

import numpy as np
import pytest

from speech.emotions import EMOTIONS
from speech.errors import BadParameter
from speech.speaking.kokoro import SAMPLES_PER_FRAME, Kokoro
from speech.speaking.utterances import utterances

(UTTERANCE,) = utterances("The boats came home.")
NEUTRAL = EMOTIONS["neutral"]


def test_audio_ends_with_the_last_token(kokoro: Kokoro) -> None:
    acoustics = kokoro.prepare(UTTERANCE.symbols, kokoro.voices.find("af_heart"), 1.0, NEUTRAL)
    frames = acoustics.token_ends[-1]
    assert len(acoustics.token_ends) == len(UTTERANCE.symbols) + 2
    assert (np.diff(acoustics.token_ends, prepend=0) >= 1).all()
    assert acoustics.acoustic.shape == (1, 512, 2 * frames)
    assert acoustics.harmonics.shape == (1, 22, 120 * frames + 1)
    for precision in kokoro.precisions:
        pcm = kokoro.generate(acoustics, precision)
        assert pcm.shape == (SAMPLES_PER_FRAME * frames,)
        assert pcm.dtype == np.float32
        assert 0.1 < np.abs(pcm).max() < 1.5


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_speed_divides_the_duration_and_leaves_a_frame_to_each_token(kokoro: Kokoro, speed: float) -> None:
    voice = kokoro.voices.find("af_heart")
    normal, changed = (kokoro.prepare(UTTERANCE.symbols, voice, pace, NEUTRAL).token_ends for pace in (1.0, speed))
    assert changed[-1] == round(normal[-1] / speed)
    assert (np.diff(changed, prepend=0) >= 1).all()


def test_precisions(kokoro: Kokoro) -> None:
    assert kokoro.check_precision("") == kokoro.precisions[0]
    assert kokoro.check_precision("fp32") == "fp32"
    with pytest.raises(BadParameter, match="precision must be one of int8, fp32; got 'int1'"):
        kokoro.check_precision("int1")
