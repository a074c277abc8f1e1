"""The model `transcribe` in a real tritonserver, over gRPC, on real speech."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest
from numpy.typing import NDArray
from whisper_normalizer.english import EnglishTextNormalizer

from frontend.triton import Triton
from speech.contract import TRANSCRIBE
from speech.errors import BadParameter, SpeechError, TooLong, UnknownModel
from speech.events import Event, Segment
from speech.sound import decoder
from speech.token_logprobs import spelled
from tests.hostile import tone

Float = NDArray[np.float32]

RATE = 16_000


def read(path: Path) -> Float:
    with path.open("rb") as file:
        return np.concatenate(list(decoder.decode(file)))


async def run(url: str, chunks: Iterable[Float], **parameters: Any) -> list[Event]:
    async def send() -> AsyncIterator[Float]:
        for chunk in chunks:
            yield chunk

    triton = Triton(url)
    try:
        return [event async for event in triton.stream(TRANSCRIBE, send(), parameters)]  # type: ignore[arg-type]
    finally:
        await triton.close()


def segments(events: list[Event]) -> list[dict[str, Any]]:
    return [event.to_dict() for event in events if event.type == "segment"]


def text(events: list[Event]) -> str:
    return "".join(segment["text"] for segment in segments(events)).strip()


def wer(reference: str, got: str) -> float:
    normal = EnglishTextNormalizer()
    return float(jiwer.wer(normal(reference), normal(got)))


@pytest.fixture(scope="module")
def reading(clips: dict[str, Any]) -> tuple[Float, str]:
    """Two minutes of one reader, and the text: sixteen sentences of LJ Speech with 0.4 s between them."""
    names = [name for name in sorted(clips) if name.startswith("lj-")]
    gap = np.zeros(round(0.4 * RATE), np.float32)
    sound = np.concatenate([part for name in names for part in (read(clips[name].path), gap)])
    return sound, " ".join(clips[name].text for name in names)


async def test_a_file_is_transcribed(triton: str, samples: dict[str, Any]) -> None:
    clip = samples["en-fox.wav"]
    events = await run(triton, [read(clip.path)])
    assert wer(clip.text, text(events)) == 0
    assert [event.type for event in events][-1] == "done"
    done = events[-1].to_dict()
    assert done["language"] == "en"
    assert done["language_probability"] > 0.5
    assert done["model"] == "whisper-base"
    assert done["duration"] == pytest.approx(len(read(clip.path)) / RATE, abs=0.001)


@pytest.mark.parametrize("name", ["es-counting.wav", "fr-counting.wav", "it-counting.wav", "ja-hello.wav"])
async def test_the_language_is_detected(triton: str, samples: dict[str, Any], name: str) -> None:
    events = await run(triton, [read(samples[name].path)])
    assert events[-1].get("language") == name[:2]


async def test_a_translation_is_english(triton: str, clips: dict[str, Any]) -> None:
    events = await run(triton, [read(clips["es-mls.flac"].path)], task="translate", language="es")
    words = set(EnglishTextNormalizer()(text(events)).split())
    assert len(words & {"the", "and", "that", "of", "his", "to", "while"}) >= 3, text(events)


async def test_another_model_can_be_asked_for(triton: str, samples: dict[str, Any]) -> None:
    clip = samples["en-fox.wav"]
    events = await run(triton, [read(clip.path)], model="whisper-tiny.en")
    assert wer(clip.text, text(events)) == 0
    assert events[-1].get("model") == "whisper-tiny.en"


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.float32),
        np.zeros(1, np.float32),
        np.zeros(60 * RATE, np.float32),
        np.random.default_rng(0).normal(scale=0.1, size=10 * RATE).astype(np.float32),
        tone(10.0, RATE)[:, 0],
        np.eye(1, 5 * RATE, 2 * RATE, dtype=np.float32)[0],
        np.full(10 * RATE, 0.9, np.float32),
    ],
    ids=["empty", "one sample", "silence", "noise", "tone", "click", "offset"],
)
async def test_sounds_without_speech_have_no_text(triton: str, sound: Float) -> None:
    events = await run(triton, [sound])
    assert segments(events) == []
    assert events[-1].type == "done"
    assert events[-1].get("duration") == pytest.approx(len(sound) / RATE, abs=0.001)


async def test_chunks_do_not_matter(triton: str, samples: dict[str, Any]) -> None:
    sound = read(samples["en-counting.wav"].path)
    whole = await run(triton, [sound])
    for size in (1_601, 16_000):
        parts = await run(triton, [sound[at : at + size] for at in range(0, len(sound), size)])
        assert segments(parts) == segments(whole)


async def test_long_speech_is_whole_and_in_order(triton: str, reading: tuple[Float, str]) -> None:
    sound, reference = reading
    events = await run(triton, [sound], language="en")
    assert wer(reference, text(events)) < 0.06
    found = segments(events)
    assert [segment["id"] for segment in found] == list(range(len(found)))
    for before, after in itertools.pairwise(found):
        assert before["start"] <= before["end"] <= after["start"] + 0.05
        assert before["seek"] <= after["seek"]
    assert found[-1]["end"] <= len(sound) / RATE


async def test_no_word_is_lost_or_doubled_where_speech_has_no_pause(triton: str, reading: tuple[Float, str]) -> None:
    """Without pauses, windows are cut inside speech. The text must still be the same."""
    sound, reference = reading
    loud = np.abs(np.convolve(np.abs(sound), np.ones(800) / 800, "same")) > 0.004
    dense = sound[np.convolve(loud, np.ones(2400), "same") > 0]
    events = await run(triton, [dense], language="en")
    cut = EnglishTextNormalizer()(text(events)).split()
    assert wer(reference, text(events)) < 0.09
    doubled = [a for a, b in itertools.pairwise(cut) if a == b and f"{a} {a}" not in reference.lower()]
    assert doubled == []


async def test_a_file_and_its_halves_have_the_same_words(triton: str, reading: tuple[Float, str]) -> None:
    sound, _ = reading
    quiet = np.convolve(np.abs(sound), np.ones(4_000), "same")
    middle = len(sound) // 2 + int(quiet[len(sound) // 2 : len(sound) // 2 + 10 * RATE].argmin())
    whole, first, second = await asyncio.gather(
        run(triton, [sound], language="en"),
        run(triton, [sound[:middle]], language="en"),
        run(triton, [sound[middle:]], language="en"),
    )
    assert wer(text(whole), text(first) + " " + text(second)) < 0.03


async def test_words_have_times_inside_their_segment(triton: str, reading: tuple[Float, str]) -> None:
    sound, _ = reading
    events = await run(triton, [sound[: 60 * RATE]], language="en", timestamps="word")
    found = segments(events)
    assert found
    for segment in found:
        words = segment["words"]
        assert "".join(word["word"] for word in words) == segment["text"]
        times = [time for word in words for time in (word["start"], word["end"])]
        assert times == sorted(times)
        assert segment["start"] <= times[0] <= times[-1] <= segment["end"]
        assert all(0 <= word["probability"] <= 1 for word in words)
        spoken = [word["end"] - word["start"] for word in words]
        assert np.median(spoken) > 0.08


async def test_word_times_follow_the_sound(triton: str, samples: dict[str, Any]) -> None:
    """After three seconds of silence, every word of the same sentence is three seconds later."""
    sound = read(samples["en-fox.wav"].path)
    later = np.concatenate([np.zeros(3 * RATE, np.float32), sound])
    at_once, delayed = await asyncio.gather(
        run(triton, [sound], timestamps="word", language="en"), run(triton, [later], timestamps="word", language="en")
    )
    pairs = zip(segments(at_once)[0]["words"], segments(delayed)[0]["words"], strict=True)
    assert all(abs(after["start"] - before["start"] - 3) < 0.25 for before, after in pairs)


async def test_a_prompt_spells_names(triton: str, clips: dict[str, Any]) -> None:
    sound = read(clips["ls-1272-128104-0000.flac"].path)
    events = await run(triton, [sound], language="en", prompt="A talk about Mr. Kwilter, the Apostle.")
    assert "Kwilter" in text(events)


async def test_keywords_are_recognized_and_do_no_harm(triton: str, clips: dict[str, Any]) -> None:
    keywords = "Kwilter, Kokoro, Tritone, polyphony, Wentworth"
    for name, expected in (("ls-1272-128104-0000.flac", "Kwilter"), ("jfk.flac", "Americans")):
        sound = read(clips[name].path)
        plain = await run(triton, [sound], language="en")
        with_keywords = await run(triton, [sound], language="en", keywords=keywords, prompt="A talk.")
        assert expected in text(with_keywords)
        assert wer(text(plain), text(with_keywords)) <= 1 / 17  # the name, in a sentence of 17 words


async def test_keywords_that_are_too_long_are_refused(triton: str) -> None:
    words = ", ".join(f"Quilter{number}" for number in range(60))
    with pytest.raises(BadParameter, match=r"keywords take \d+ of Whisper's tokens, and there is room for 223"):
        await run(triton, [np.zeros(RATE, np.float32)], keywords=words)


@pytest.mark.parametrize(
    ("clip", "parameters"),
    [
        ("en-fox.wav", {"model": "whisper-tiny.en"}),
        ("en-fox.wav", {}),
        ("ja-hello.wav", {}),
        ("es-counting.wav", {"task": "translate"}),
        ("en-fox.wav", {"temperature": 0.8, "timestamps": "word"}),
    ],
)
async def test_logprobs_are_those_of_the_tokens_of_the_text(
    triton: str, samples: dict[str, Any], clip: str, parameters: dict[str, Any]
) -> None:
    events = await run(triton, [read(samples[clip].path)], logprobs=True, **parameters)
    end_of_text = 50_256 if "model" in parameters else 50_257
    heard = [event for event in events if isinstance(event, Segment)]
    assert heard
    for segment in heard:
        assert segment.logprobs
        assert len(segment.logprobs) == sum(token < end_of_text for token in segment.tokens)
        assert spelled(segment.logprobs) == segment.text
        assert all(token.logprob <= 0 for token in segment.logprobs)
        assert "".join(token.token for token in segment.logprobs).replace("\ufffd", "") in segment.text
    assert np.mean([token.logprob for token in heard[0].logprobs or ()]) > -2


async def test_logprobs_are_not_sent_unless_asked_for(triton: str, samples: dict[str, Any]) -> None:
    events = await run(triton, [read(samples["en-fox.wav"].path)])
    assert all("logprobs" not in segment for segment in segments(events))


@pytest.mark.parametrize(
    ("clip", "languages", "codes"),
    [
        ("es-counting.wav", "es", ("es",)),
        ("es-counting.wav", "fr, es, ja", ("es",)),
        ("es-counting.wav", "it,fr", ("it", "fr")),
        ("ja-hello.wav", "en,zh", ("en", "zh")),
    ],
)
async def test_the_language_is_detected_among_those_that_are_possible(
    triton: str, samples: dict[str, Any], clip: str, languages: str, codes: tuple[str, ...]
) -> None:
    events = await run(triton, [read(samples[clip].path)], languages=languages)
    assert events[-1].get("language") in codes
    assert 1 / len(languages.split(",")) <= events[-1].get("language_probability") <= 1


async def test_a_higher_vad_threshold_finds_less_speech(triton: str, samples: dict[str, Any]) -> None:
    sound = read(samples["en-fox.wav"].path)
    assert segments(await run(triton, [sound], vad_threshold=1.0)) == []
    for threshold in (0.0, 0.3, 0.8):
        assert "fox" in text(await run(triton, [sound], vad_threshold=threshold))


async def test_sampling_is_repeatable(triton: str, samples: dict[str, Any]) -> None:
    sound = read(samples["en-fox.wav"].path)
    first = await run(triton, [sound], temperature=0.8)
    second = await run(triton, [sound], temperature=0.8)
    assert segments(first) == segments(second)
    assert {segment["temperature"] for segment in segments(first)} == {0.8}


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"model": "whisper-huge"}, UnknownModel, "loaded: whisper-base, whisper-tiny.en"),
        ({"language": "xx"}, BadParameter, "whisper-base has no language 'xx'"),
        ({"model": "whisper-tiny.en", "language": "de"}, BadParameter, "no language 'de'; it has: en"),
        ({"model": "whisper-tiny.en", "languages": "en,de"}, BadParameter, "no language 'de'; it has: en"),
        ({"languages": "en,xx"}, BadParameter, "no language 'xx'"),
        ({"language": "en", "languages": "de,fr"}, BadParameter, "language 'en' is not among languages"),
        ({"vad_threshold": 1.5}, BadParameter, "from 0 to 1"),
        ({"model": "whisper-tiny.en", "task": "translate"}, BadParameter, "cannot translate"),
        ({"temperature": 2.0}, BadParameter, "from 0 to 1"),
        ({"langauge": "en"}, BadParameter, "did you mean 'language'"),
    ],
)
async def test_errors_have_codes_and_say_what_is_allowed(
    triton: str, parameters: dict[str, Any], error: type[SpeechError], message: str
) -> None:
    with pytest.raises(error, match=message):
        await run(triton, [np.zeros(RATE, np.float32)], **parameters)


async def test_too_much_sent_ahead_is_refused(triton: str) -> None:
    """A client that does not wait for `progress` cannot fill the model's memory."""
    triton_client = Triton(triton)
    minutes = np.zeros(10 * 60 * RATE, np.float32)

    async def send() -> AsyncIterator[Float]:
        for _ in range(6):
            yield minutes

    with pytest.MonkeyPatch.context() as patch, pytest.raises(TooLong, match="progress"):
        patch.setattr("frontend.triton.MAX_UNACKNOWLEDGED", 10 * len(minutes))
        async for _ in triton_client.stream(TRANSCRIBE, send(), {}):  # type: ignore[arg-type]
            pass
    await triton_client.close()


async def test_many_streams_keep_apart(triton: str, samples: dict[str, Any]) -> None:
    names = ["en-fox.wav", "en-counting.wav", "es-counting.wav", "it-counting.wav"] * 3
    alone = {name: text(await run(triton, [read(samples[name].path)], language=name[:2])) for name in set(names)}
    together = await asyncio.gather(*(run(triton, [read(samples[n].path)], language=n[:2]) for n in names))
    for name, events in zip(names, together, strict=True):
        assert jiwer.cer(alone[name], text(events)) < 0.35, (name, alone[name], text(events))
        assert len(segments(events)) == 1
        assert events[-1].get("language") == name[:2]


async def test_a_stream_that_is_given_up_stops_its_work(triton: str, reading: tuple[Float, str]) -> None:
    """The segments of a long file stop coming, and a short request is served at once."""
    sound, _ = reading
    client = Triton(triton)

    async def send() -> AsyncIterator[Float]:
        for _ in range(10):
            yield sound

    stream = client.stream(TRANSCRIBE, send(), {"language": "en"})  # type: ignore[arg-type]
    async for event in stream:
        if event.type == "segment":
            break
    await stream.aclose()
    async with asyncio.timeout(60):
        events = await run(triton, [np.zeros(RATE, np.float32)])
    assert events[-1].type == "done"
    await client.close()
