"""Windows give the same text together as alone: real engines, real speech."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from speech.engines import EngineStore
from speech.hearing.batch import EncodedAudio
from speech.hearing.decoding import Search
from speech.hearing.whisper import Whisper
from speech.sound import decoder

Float = NDArray[np.float32]


@pytest.fixture(scope="module", params=[1, 3], ids=["greedy", "beams"])
def whisper(request: pytest.FixtureRequest, engines_dir: Path) -> Whisper:
    return Whisper.load(EngineStore(engines_dir).open("whisper-tiny.en"), rows=request.param)


@pytest.fixture(scope="module")
def sounds(samples: dict[str, Any]) -> list[Float]:
    sounds = []
    for name in ("en-fox.wav", "en-counting.wav"):
        with samples[name].path.open("rb") as file:
            sounds.append(np.concatenate(list(decoder.decode(file))))
    return [*sounds, sounds[0][: len(sounds[0]) // 2], np.concatenate(sounds)]


PROMPTS = ["", "A fox and a dog.", "", "Count with me, please: one, two, three."]


def start(whisper: Whisper, sound: Float, prompt: str) -> tuple[EncodedAudio, list[int], Search]:
    tokenizer = whisper.tokenizer
    duration_s = len(sound) / 16_000
    search = Search(whisper.rules, tokenizer.eot, whisper.rows, 0.0, duration_s, whisper.max_tokens, attention=True)
    return whisper.encode(sound, duration_s + 4), [*whisper.prompt(prompt), tokenizer.sot], search


def alone(whisper: Whisper, sound: Float, prompt: str) -> Search:
    batch = whisper.batch()
    cross, tokens, search = start(whisper, sound, prompt)
    ended = batch.join(batch.prefill([cross], [tokens]), [search])
    while not ended:
        ended = batch.step()
    return search


def letters(whisper: Whisper, search: Search) -> str:
    return "".join(filter(str.isalnum, whisper.tokenizer.decode(search.best.tokens).lower()))


def test_together_as_alone(whisper: Whisper, sounds: list[Float]) -> None:
    expected = [alone(whisper, sound, prompt) for sound, prompt in zip(sounds, PROMPTS, strict=True)]
    batch = whisper.batch()
    starts = [start(whisper, sound, prompt) for sound, prompt in zip(sounds, PROMPTS, strict=True)]
    pair = batch.prefill([starts[0][0], starts[1][0]], [starts[0][1], starts[1][1]])
    batch.join(pair, [starts[0][2], starts[1][2]])
    steps = 0
    while len(batch):
        batch.step()
        steps += 1
        if steps in (3, 7):
            cross, tokens, search = starts[2 if steps == 3 else 3]
            batch.join(batch.prefill([cross], [tokens]), [search])
    for (_, _, search), reference in zip(starts, expected, strict=True):
        # ONNX Runtime multiplies one row and several rows in different kernels: near ties may go either way.
        assert letters(whisper, search) == letters(whisper, reference)
        assert abs(search.best.score - reference.best.score) < 0.02
        assert {a.shape for a in search.best.attention} == {a.shape for a in reference.best.attention}
        assert len(search.best.attention) == len(search.best.tokens)


def test_a_window_goes_on_from_its_own_beginning(whisper: Whisper, sounds: list[Float]) -> None:
    """When the first half of a result is fed, the second half follows, with the same attention to the audio."""
    whole = alone(whisper, sounds[1], "")
    count = len(whole.best.tokens) // 2
    cross, tokens, search = start(whisper, sounds[1], "")
    started = whisper.batch().prefill([cross], [tokens]).feed([whole.best.tokens[:count]])
    prefix = replace(whole.best.prefix(count), attention=started.attention(count))
    tokenizer, duration_s = whisper.tokenizer, len(sounds[1]) / 16_000
    search = Search(
        whisper.rules, tokenizer.eot, whisper.rows, 0.0, duration_s, whisper.max_tokens, attention=True, prefix=prefix
    )
    batch = whisper.batch()
    ended = batch.join(started, [search])
    while not ended:
        ended = batch.step()
    assert letters(whisper, search) == letters(whisper, whole)
    assert len(search.best.attention) == len(search.best.tokens)
    for forced, chosen in zip(search.best.attention[:count], whole.best.attention[:count], strict=True):
        np.testing.assert_allclose(forced, chosen, atol=0.02)


def test_a_dropped_window_leaves_the_others_alone(whisper: Whisper, sounds: list[Float]) -> None:
    expected = alone(whisper, sounds[0], "")
    batch = whisper.batch()
    kept, gone = start(whisper, sounds[0], ""), start(whisper, sounds[3], PROMPTS[3])
    batch.join(batch.prefill([gone[0], kept[0]], [gone[1], kept[1]]), [gone[2], kept[2]])
    batch.step()
    batch.drop([gone[2]])
    assert len(batch) == 1
    while len(batch):
        batch.step()
    assert letters(whisper, kept[2]) == letters(whisper, expected)
