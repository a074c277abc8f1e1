"""One text becomes audio with the real engine: chunks, pauses, times of words; and options are resolved."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from speech.errors import BadParameter
from speech.speaking.kokoro import Kokoro
from speech.speaking.synthesizer import PAUSES_S, AudioChunk, resolve_options, synthesize
from speech.types import OUTPUT_RATE_HZ, SynthesizeOptions

TEXT = "It rained all night. We stayed at home."


def chunks_of(kokoro: Kokoro, text: str, options: SynthesizeOptions) -> list[AudioChunk]:
    return [chunk for chunk in synthesize(kokoro, text, resolve_options(kokoro, options)) if chunk is not None]


@pytest.fixture(scope="module")
def chunks(kokoro: Kokoro) -> list[AudioChunk]:
    """Two sentences, in an utterance each, and the silence at the end."""
    return chunks_of(kokoro, TEXT, SynthesizeOptions(lead_in_s=0.5, trailing_silence_s=0.25, chunk_length=100))


def test_each_utterance_is_a_chunk_and_silence_is_the_last(chunks: list[AudioChunk]) -> None:
    first, second, end = chunks
    assert first.utterance and second.utterance
    assert (first.utterance.text.strip(), second.utterance.text.strip()) == (TEXT[:20], TEXT[21:])
    assert end.utterance is None
    assert end.words == ()
    assert end.pcm.tolist() == [0.0] * (OUTPUT_RATE_HZ // 4)
    lengths = np.cumsum([0, *(len(chunk.pcm) for chunk in chunks)]) / OUTPUT_RATE_HZ
    assert [chunk.start for chunk in chunks] == pytest.approx(list(lengths[:-1]))


def test_pauses_are_silent(chunks: list[AudioChunk]) -> None:
    first, second, _ = chunks
    for chunk, pause_s in ((first, 0.5), (second, PAUSES_S["."])):
        samples = round(pause_s * OUTPUT_RATE_HZ)
        assert not chunk.pcm[:samples].any()
        assert chunk.pcm[samples : samples + OUTPUT_RATE_HZ // 4].any()


def test_words_have_times_inside_their_chunk(chunks: list[AudioChunk]) -> None:
    for chunk in chunks[:2]:
        times = [time for word in chunk.words for time in (word.start, word.end)]
        assert times == sorted(times)
        assert chunk.start < times[0]
        assert times[-1] <= round(chunk.start + len(chunk.pcm) / OUTPUT_RATE_HZ, 3)
        assert all(TEXT[word.text_start : word.text_end] == word.word for word in chunk.words)


def test_a_text_without_words_is_silence_at_the_end(kokoro: Kokoro) -> None:
    (end,) = chunks_of(kokoro, "…", SynthesizeOptions(trailing_silence_s=0.5))
    assert (end.id, end.start, len(end.pcm)) == (0, 0.0, OUTPUT_RATE_HZ // 2)


@pytest.mark.parametrize(
    ("voice", "language", "resolved"),
    [
        ("af_heart", "", "en-us"),
        ("bf_emma", "", "en-gb"),
        ("bf_emma", "en", "en-gb"),
        ("bf_emma", "en-us", "en-us"),
        ("bf_emma", "es", "es"),
        ("af_heart", "en_GB", "en-gb"),
        ("bf_emma", "a", "en-us"),
        ("af_heart", "b", "en-gb"),
    ],
)
def test_the_language_is_the_voices_own_unless_another_is_asked_for(
    kokoro: Kokoro, voice: str, language: str, resolved: str
) -> None:
    assert resolve_options(kokoro, SynthesizeOptions(voice, language=language)).language == resolved


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("voice", SynthesizeOptions(voice="nonsense")),
        ("language", SynthesizeOptions(language="nonsense")),
        ("precision", SynthesizeOptions(precision="nonsense")),
    ],
)
def test_unknown_names_are_errors(kokoro: Kokoro, name: str, options: SynthesizeOptions) -> None:
    with pytest.raises(BadParameter) as caught:
        resolve_options(kokoro, options)
    assert caught.value.param == name


def silent_s(pcm: NDArray[np.float32]) -> float:
    """Seconds of the longest run of zeros."""
    loud = np.flatnonzero(np.concatenate([[1.0], pcm, [1.0]]))
    return float(np.diff(loud).max() - 1) / OUTPUT_RATE_HZ


def test_a_pause_is_silence_of_its_own_in_place_of_the_natural_one(kokoro: Kokoro) -> None:
    text = "It rained all night. [pause:1.5s] We stayed at home."
    first, pause, second, _ = chunks_of(kokoro, text, SynthesizeOptions(speed=2))
    assert pause.utterance is None and (pause.id, first.id, second.id) == (0, 0, 1)
    assert pause.pcm.tolist() == [0.0] * (OUTPUT_RATE_HZ * 3 // 2)
    assert second.pcm[: OUTPUT_RATE_HZ // 4].any()
    assert (second.utterance and second.utterance.text) == "We stayed at home."
    everything = np.concatenate([first.pcm, pause.pcm, second.pcm])
    assert silent_s(everything) == pytest.approx(1.5, abs=0.005)
    assert second.start == pytest.approx((len(first.pcm) + len(pause.pcm)) / OUTPUT_RATE_HZ)


def test_words_count_the_characters_of_the_whole_text(kokoro: Kokoro) -> None:
    text = "[pause:1s]Rain[pause:500ms]bow. [rate:0.5] It is [pause:x] slow, [rate:1]你好"
    words = [word for chunk in chunks_of(kokoro, text, SynthesizeOptions()) for word in chunk.words]
    assert [word.word for word in words][:5] == ["Rain", "bow", "It", "is", "slow"]
    assert all(text[word.text_start : word.text_end] == word.word for word in words)
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[0] > 1
    assert words[1].start - words[0].end == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize(
    ("text", "silence_s"), [("[pause:2s]", 2.5), ("… [pause:1s] … [pause:1s]", 2.5), ("[rate:2]", 0.5)]
)
def test_pauses_without_words(kokoro: Kokoro, text: str, silence_s: float) -> None:
    chunks = chunks_of(kokoro, text, SynthesizeOptions(trailing_silence_s=0.5))
    assert {chunk.id for chunk in chunks} == {0}
    assert np.concatenate([chunk.pcm for chunk in chunks]).tolist() == [0.0] * round(silence_s * OUTPUT_RATE_HZ)


def test_pauses_at_the_start_at_the_end_and_in_a_row(kokoro: Kokoro) -> None:
    text = "[pause:1s]Good morning! [pause:1s] … [pause:500ms][rate:2]Good night![pause:2s]"
    options = SynthesizeOptions(lead_in_s=0.5, trailing_silence_s=0.25)
    chunks = chunks_of(kokoro, text, options)
    lengths = [len(chunk.pcm) / OUTPUT_RATE_HZ if chunk.utterance is None else chunk.utterance.text for chunk in chunks]
    assert lengths == [1.0, "Good morning!", 1.0, 0.5, "Good night!", 2.0, 0.25]
    assert not chunks[1].pcm[: OUTPUT_RATE_HZ // 2].any()
    assert chunks[4].pcm[: OUTPUT_RATE_HZ // 4].any()


def spoken_s(kokoro: Kokoro, text: str, speed: float = 1.0) -> float:
    """Seconds from the first to the last word."""
    words = [word for chunk in chunks_of(kokoro, text, SynthesizeOptions(speed=speed)) for word in chunk.words]
    return words[-1].end - words[0].start


@pytest.mark.parametrize(("tag", "speed", "same"), [("[rate:0.5]", 2, 1), ("[rate:9]", 1, 4), ("[rate:0]", 1, 0.25)])
def test_a_rate_multiplies_the_speed_within_its_range(kokoro: Kokoro, tag: str, speed: float, same: float) -> None:
    assert spoken_s(kokoro, tag + TEXT, speed) == pytest.approx(spoken_s(kokoro, TEXT, same), abs=0.001)


def test_a_rate_ends_with_the_next_one(kokoro: Kokoro) -> None:
    normal, slow, again = chunks_of(
        kokoro,
        "It rained all night. [rate:0.5]It rained all night. [rate:1.0]It rained all night.",
        SynthesizeOptions(),
    )[:3]
    durations = [chunk.words[-1].end - chunk.words[0].start for chunk in (normal, slow, again)]
    assert durations[2] == pytest.approx(durations[0], abs=0.001)
    assert durations[1] == pytest.approx(2 * durations[0], rel=0.1)


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0, 10.0])
def test_volume(kokoro: Kokoro, factor: float) -> None:
    normal, loud = (
        np.concatenate([chunk.pcm for chunk in chunks_of(kokoro, TEXT, SynthesizeOptions(volume_multiplier=volume))])
        for volume in (1.0, factor)
    )
    assert len(loud) == len(normal)
    assert np.abs(loud).max() <= 1
    soft = np.abs(normal) * max(factor, 1) < 0.7
    assert np.allclose(loud[soft], factor * normal[soft], atol=1e-6)
