"""The model `synthesize` in a real tritonserver: its speech is transcribed and measured."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import parselmouth
import pytest
from numpy.typing import NDArray
from tritonclient.grpc import InferInput
from tritonclient.grpc.aio import InferenceServerClient
from whisper_normalizer.basic import BasicTextNormalizer
from whisper_normalizer.english import EnglishTextNormalizer

from frontend.triton import Triton
from speech.contract import EVENT, INDEX, MAX_TEXT, SYNTHESIZE, TEXT
from speech.emotions import EMOTIONS
from speech.errors import BadParameter, SpeechError, TooLong
from speech.events import Audio
from speech.speaking.voices import ALIASES
from speech.types import OUTPUT_RATE_HZ

Float = NDArray[np.float32]

Say = Callable[..., Awaitable[Any]]
Hear = Callable[..., Awaitable[str]]

STORY = """It was a quiet morning in the harbor. She counted her coins, bought two loaves of bread, and walked home \
along the river. "Are you hungry?" she asked her brother. He nodded. They sat down by the window and watched \
the boats."""

OPENAI_VOICES = ("alloy", "echo", "fable", "onyx", "nova", "shimmer")

LANGUAGES = {
    "ef_dora": ("es", "Hola, me llamo Carmen. Hoy hace buen tiempo y vamos a caminar por el parque.", 0.15),
    "ff_siwis": ("fr", "Bonjour, je m'appelle Marie. Aujourd'hui il fait beau et nous allons marcher.", 0.15),
    "if_sara": ("it", "Buongiorno, mi chiamo Lucia. Oggi il tempo è bello e andiamo a camminare.", 0.15),
    "pf_dora": ("pt", "Bom dia, meu nome é Maria. Hoje o tempo está bom e vamos caminhar no parque.", 0.2),
    "hf_alpha": ("hi", "नमस्ते, मेरा नाम सीता है। आज मौसम बहुत अच्छा है।", 0.3),
    "jf_alpha": ("ja", "こんにちは。今日は天気がとてもいいです。公園を歩きましょう。", 0.35),
    "zf_xiaobei": ("zh", "你好,今天天气很好,我们去公园散步吧。", 0.35),
}
"""A voice, its language, a text, and the character error rate that Whisper base itself may cause."""

IN_LATIN_LETTERS = {"hi": "Namaste, mera naam Sita hai. Aaj mausam bahut achha hai."}
"""How Whisper base writes a language whose script it does not know well."""


def wer(reference: str, heard: str) -> float:
    normal = EnglishTextNormalizer()
    return float(jiwer.wer(normal(reference), normal(heard)))


def pitch(pcm: Float, floor_hz: float = 60) -> tuple[float, float]:
    """Geometric mean of F0 in Hz, and its range from the 10th to the 90th percentile in octaves (by Praat)."""
    contour = parselmouth.Sound(pcm.astype(np.float64), OUTPUT_RATE_HZ).to_pitch(
        pitch_floor=floor_hz, pitch_ceiling=500
    )
    f0 = contour.selected_array["frequency"]
    voiced = f0[f0 > 0]
    low, high = np.percentile(np.log2(voiced), (10, 90))
    return float(np.exp2(np.log2(voiced).mean())), float(high - low)


async def test_an_answer_covers_the_text_and_its_audio(say: Say) -> None:
    speech = await say(STORY)
    assert [event.type for event in speech.events][-1] == "audio_done"
    done = speech.events[-1].to_dict()
    assert done["voice"] == "af_heart"
    assert done["language"] == "en-us"
    assert done["duration"] == pytest.approx(speech.seconds, abs=0.01)
    assert [STORY[part["text_start"] : part["text_end"]] for part in speech.sentences] == [
        part["text"] for part in speech.sentences
    ]
    spoken = "".join(part["text"] for part in speech.sentences)
    assert "".join(spoken.split()) == "".join(STORY.split())
    starts = [event.get("start") for event in speech.events if event.type == "audio"]
    sizes = np.cumsum([0, *(len(event.pcm) / OUTPUT_RATE_HZ for event in speech.events if isinstance(event, Audio))])
    assert starts == pytest.approx(sizes[:-1], abs=0.002)


async def test_words_have_times_where_the_audio_has_sound(say: Say) -> None:
    speech = await say(STORY)
    words = speech.words
    assert [STORY[word["text_start"] : word["text_end"]] for word in words] == [word["word"] for word in words]
    times = [time for word in words for time in (word["start"], word["end"])]
    assert times == sorted(times)
    assert times[-1] <= speech.seconds
    # There is sound where the words are, and silence between sentences.
    hungry = next(word for word in words if word["word"] == "hungry")
    loud = np.abs(speech.pcm[int(hungry["start"] * OUTPUT_RATE_HZ) : int(hungry["end"] * OUTPUT_RATE_HZ)]).max()
    assert loud > 0.05
    harbor, she = (next(word for word in words if word["word"] == name) for name in ("harbor", "She"))
    gap = speech.pcm[int((harbor["end"] + 0.1) * OUTPUT_RATE_HZ) : int((she["start"] - 0.15) * OUTPUT_RATE_HZ)]
    assert len(gap) > 0
    assert np.abs(gap).max() < 0.01


@pytest.mark.parametrize(
    ("sentence", "following"),
    [
        ('"The train was late and I had nowhere else to go that night." ', "She looked out of the window for a while."),
        ("She told him everything (or as much of it as she could remember.) ", "Nobody asked her where she had been."),
        ("# What to buy in the village today\n\n", "The first thing that we need is a loaf of fresh bread."),
        ("- Two bottles of the red wine from the south\n", "- A loaf of fresh bread and butter for the cheese."),
    ],
)
async def test_sentences_and_lines_end_with_a_pause(say: Say, sentence: str, following: str) -> None:
    """Also if a bracket or a quotation mark follows the full stop, or if there is no mark."""
    speech = await say(sentence + following)
    (piece,) = (event for event in speech.events if event.get("text_start") == len(sentence))
    assert isinstance(piece, Audio)
    assert not piece.pcm[: round(0.39 * OUTPUT_RATE_HZ)].any()


@pytest.mark.parametrize("voice", OPENAI_VOICES)
async def test_the_voices_are_understood(say: Say, hear: Hear, engines_dir: Path, voice: str) -> None:
    speech = await say(STORY, voice=voice)
    described = json.loads((engines_dir / "kokoro" / "cpu" / "voices.json").read_text())
    assert pitch(speech.pcm)[0] == pytest.approx(described[ALIASES[voice]]["f0_median_hz"], rel=0.15)
    assert wer(STORY, await hear(speech.pcm, language="en")) <= 0.03
    assert np.abs(speech.pcm).max() < 0.99
    assert -32 < speech.level_db < -16
    symbols_per_s = len(STORY) / speech.seconds
    assert 9 < symbols_per_s < 20


@pytest.mark.parametrize("voice", LANGUAGES)
async def test_the_languages_are_understood(say: Say, hear: Hear, voice: str) -> None:
    language, text, tolerance = LANGUAGES[voice]
    speech = await say(text, voice=voice)
    heard = await hear(speech.pcm, language=language)
    normal = BasicTextNormalizer()
    written = IN_LATIN_LETTERS.get(language, text)
    error = jiwer.cer(normal(written).replace(" ", ""), normal(heard).replace(" ", ""))
    assert error <= tolerance, heard


@pytest.mark.parametrize("voice", ["hf_alpha", "jf_alpha", "zf_xiaobei"])
async def test_an_english_voice_reads_other_scripts(say: Say, hear: Hear, voice: str) -> None:
    language, text, tolerance = LANGUAGES[voice]
    speech = await say(text, voice="alloy")
    assert speech.events[-1].get("language") == language
    normal = BasicTextNormalizer()
    written = normal(IN_LATIN_LETTERS.get(language, text)).replace(" ", "")
    heard = normal(await hear(speech.pcm, language=language)).replace(" ", "")
    assert jiwer.cer(written, heard) <= tolerance + 0.1, heard


@pytest.mark.parametrize("voice", ["af_heart", "af_bella", "am_echo", "bm_fable", "am_onyx"])
@pytest.mark.parametrize("text", ["Yes.", "No!", "Hello there, how are you?"])
async def test_short_texts_are_as_loud_as_long_ones(say: Say, voice: str, text: str) -> None:
    speech = await say(text, voice=voice)
    assert -32 < speech.level_db < -16
    assert speech.seconds < 3


async def test_a_long_text_loses_nothing(say: Say, hear: Hear) -> None:
    text = "\n\n".join(
        f"Chapter {number}. {STORY} After that, chapter {number} was over, and nobody in the village spoke of it. "
        "Only the old man at the mill remembered everything."
        for number in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    )
    assert len(text) > 3000
    speech = await say(text, voice="nova")
    normal = EnglishTextNormalizer()
    words = jiwer.process_words(normal(text), normal(await hear(speech.pcm, language="en")))
    assert words.wer <= 0.03
    skipped = [part.ref_end_idx - part.ref_start_idx for part in words.alignments[0] if part.type == "delete"]
    assert max(skipped, default=0) <= 2


async def test_seams_do_not_click(say: Say) -> None:
    """Neither where sound meets a pause, nor where one chunk follows another."""
    speech = await say(STORY, chunk_length=100)
    jumps = np.abs(np.diff(speech.pcm))
    seams = np.cumsum([len(event.pcm) for event in speech.events if isinstance(event, Audio)])[:-1]
    silent = np.flatnonzero(np.diff(speech.pcm == 0, prepend=False, append=False)).reshape(-1, 2)
    edges = silent[silent[:, 1] - silent[:, 0] >= 240].reshape(-1)
    assert len(seams) >= 5 and len(edges) >= 2 * len(seams)
    for place in [*seams, *edges]:
        assert jumps[max(0, place - 4) : place + 4].max(initial=0) < 0.001


@pytest.mark.parametrize(("voice", "floor_hz"), [("af_heart", 110), ("am_onyx", 60)])
@pytest.mark.parametrize("name", [name for name in EMOTIONS if name != "neutral"])
async def test_emotions_do_what_they_say(say: Say, hear: Hear, name: str, voice: str, floor_hz: float) -> None:
    emotion = EMOTIONS[name]
    plain, shaped = await say(STORY, voice=voice), await say(STORY, voice=voice, emotion=name)
    # The floor is below the pitch of the voice; without it Praat takes some sounds for an octave lower than they are.
    (pitch_before, range_before), (pitch_after, range_after) = (pitch(s.pcm, floor_hz) for s in (plain, shaped))
    assert 12 * np.log2(pitch_after / pitch_before) == pytest.approx(12 * np.log2(emotion.pitch), abs=0.5)
    assert range_after / range_before == pytest.approx(emotion.range, rel=0.15)
    talking_before, talking_after = (speech.words[-1]["end"] - speech.words[0]["start"] for speech in (plain, shaped))
    assert talking_before / talking_after == pytest.approx(emotion.speed, rel=0.02)
    assert shaped.level_db - plain.level_db == pytest.approx(20 * np.log10(emotion.gain), abs=0.6)
    assert wer(STORY, await hear(shaped.pcm, language="en")) <= 0.03
    assert np.abs(shaped.pcm).max() < 1


@pytest.mark.parametrize("speed", [0.25, 0.75, 1.3, 4.0])
async def test_speed_divides_the_durations(say: Say, speed: float) -> None:
    text = "The boats came home at noon."
    plain, changed = await say(text), await say(text, speed=speed)
    before, after = (speech.words[-1]["start"] - speech.words[0]["start"] for speech in (plain, changed))
    # At speed 4 most phonemes have the single frame that is their minimum.
    assert before / after == pytest.approx(speed, rel=0.4 if speed == 4 else 0.1)


async def test_silence_around_the_speech(say: Say) -> None:
    near, far = await say("Hello."), await say("Hello.", lead_in_s=1.5, trailing_silence_s=2)
    assert far.seconds - near.seconds == pytest.approx(1.45 + 1.8, abs=0.001)
    assert not far.pcm[: int(1.5 * OUTPUT_RATE_HZ)].any()
    assert not far.pcm[-2 * OUTPUT_RATE_HZ :].any()
    assert far.words[0]["start"] >= 1.5


async def test_tags_pause_and_change_the_rate(say: Say, hear: Hear) -> None:
    first, second = STORY.split('"')[0], "He nodded. They sat down by the window and watched the boats."
    text = f"{first}[pause:1.5s] [rate:0.7] {second} [pause:x] [rate:1][pause:500ms]"
    speech = await say(text, trailing_silence_s=0)
    assert wer(first + second, await hear(speech.pcm, language="en")) <= 0.03
    assert [text[word["text_start"] : word["text_end"]] for word in speech.words] == [w["word"] for w in speech.words]
    river, he = (next(word for word in speech.words if word["word"] == name) for name in ("river", "He"))
    assert he["start"] - river["end"] == pytest.approx(1.5, abs=0.2)
    assert not speech.pcm[-OUTPUT_RATE_HZ // 2 :].any()
    spoken_s = [(await say(one)).words[-1]["end"] for one in (second, f"[rate:0.5]{second}")]
    assert spoken_s[1] > 1.7 * spoken_s[0]


async def test_a_blend_lies_between_its_voices(say: Say, hear: Hear) -> None:
    low, high, both = [await say(STORY, voice=voice) for voice in ("am_onyx", "af_bella", "am_onyx(1)+af_bella(1)")]
    assert pitch(low.pcm)[0] < pitch(both.pcm)[0] < pitch(high.pcm)[0]
    assert wer(STORY, await hear(both.pcm, language="en")) <= 0.03
    assert both.events[-1].get("voice") == "am_onyx(1)+af_bella(1)"


async def test_precisions_say_the_same(say: Say, hear: Hear) -> None:
    fast, exact = await say(STORY, precision="int8"), await say(STORY, precision="fp32")
    assert len(fast.pcm) == pytest.approx(len(exact.pcm), rel=0.01)
    assert fast.level_db == pytest.approx(exact.level_db, abs=1)
    assert wer(STORY, await hear(exact.pcm, language="en")) <= 0.03


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"voice": "af_hart"}, "did you mean 'af_heart'"),
        ({"emotion": "bored"}, "neutral, happy, sad, angry, excited, calm"),
        ({"speed": 5.0}, "from 0.25 to 4"),
        ({"language": "klingon"}, "no language 'klingon'"),
        ({"precision": "int1"}, "int8, fp32"),
        ({"lead_in_s": -1.0}, "from 0 to 10"),
        ({"chunk_length": 50.0}, "from 100 to 300"),
        ({"vioce": "alloy"}, "did you mean 'voice'"),
    ],
)
async def test_bad_parameters_are_named(say: Say, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(BadParameter, match=message) as caught:
        await say("Hello.", **parameters)
    assert caught.value.param == next(iter(parameters))


async def test_texts_have_bounds(say: Say) -> None:
    with pytest.raises(TooLong, match=f"at most {MAX_TEXT}"):
        await say("a" * (MAX_TEXT + 1))
    with pytest.raises(BadParameter, match="at most 60 s together") as caught:
        await say("Wait. [pause:10s]" * 7)
    assert caught.value.param == TEXT
    with pytest.raises(BadParameter, match="empty"):
        await say("")


@pytest.mark.parametrize("text", [" ", "…", "🙂🙂", "\x00\x01", "***", "\ud800".encode("utf-8", "replace").decode()])
async def test_texts_without_words_are_silence(say: Say, text: str) -> None:
    speech = await say(text)
    assert speech.events[-1].type == "audio_done"
    assert speech.seconds < 2


async def test_a_new_text_does_not_wait_for_long_ones(triton: str, say: Say) -> None:
    """A new text starts while long texts are ahead of their listeners."""
    long = [asyncio.ensure_future(say(STORY * 2)) for _ in range(3)]
    await asyncio.sleep(4)
    client = Triton(triton)

    async def hello() -> AsyncIterator[str]:
        yield "Hello there."

    async for _ in client.stream(SYNTHESIZE, hello(), {}):  # type: ignore[arg-type]
        break
    assert sum(task.done() for task in long) == 0
    results = await asyncio.gather(*long)
    await client.close()
    assert len({len(speech.pcm) for speech in results}) == 1


async def test_giving_up_stops_the_work(triton: str, say: Say) -> None:
    client = Triton(triton)

    async def text() -> AsyncIterator[str]:
        yield STORY * 40

    stream = client.stream(SYNTHESIZE, text(), {})  # type: ignore[arg-type]
    await anext(stream)
    await stream.aclose()
    started = time.monotonic()
    await say("Hello.")
    await say("Hello again.")
    assert time.monotonic() - started < 30
    await client.close()


async def test_errors_leave_the_model_alive(say: Say) -> None:
    with pytest.raises(SpeechError):
        await say("Hello.", voice="nobody")
    assert (await say("Hello.")).seconds > 0.3


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("hello", "JSON"),
        ("[" * 100_000, "JSON"),
        ('"final"', 'object with a "type"'),
        ('{"type": "final", "language": 5}', "language must be a string"),
    ],
)
async def test_events_of_other_pipelines(triton: str, event: str, message: str) -> None:
    """An event that cannot be read is an error. Any other one is sent back. The id of a sequence may be a string."""
    results = [result async for result in _send(triton, "Hello.", event)]
    assert message in str(results[0])
    results = [result async for result in _send(triton, "Hello.", '{"type": "final", "id": 7}')]
    results.sort(key=lambda result: int(result.as_numpy(INDEX)[0]))
    events = [json.loads(result.as_numpy(EVENT)[0]) for result in results]
    assert [event["type"] for event in events] == ["final", "audio", "audio", "audio_done"]
    assert events[-1]["utterance"] == 7


async def _send(url: str, text: str, event: str) -> AsyncIterator[Any]:
    """The results and errors of one request."""
    inputs = [InferInput(TEXT, [1], "BYTES"), InferInput(EVENT, [1], "BYTES")]
    for tensor, value in zip(inputs, (text, event), strict=True):
        tensor.set_data_from_numpy(np.array([value.encode()], dtype=object))

    async def requests() -> AsyncIterator[dict[str, Any]]:
        yield {"model_name": SYNTHESIZE.name, "inputs": inputs, "sequence_id": secrets.token_hex()}

    async with asyncio.timeout(60), InferenceServerClient(url) as client:
        async for result, error in client.stream_infer(requests()):
            yield error or result
