"""One text becomes audio with the real engine: chunks, pauses, times of words; and options are resolved."""

from __future__ import annotations

import numpy as np
import pytest

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
