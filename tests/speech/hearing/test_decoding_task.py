"""One attempt at a window, from its audio to a result: real engines, real speech."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from speech.engines import EngineStore
from speech.hearing.decoding_task import DecodingTask
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import Decoded, DetectedLanguage, WindowTask, all_attempts
from speech.hearing.windows import Window
from speech.sound import decoder
from speech.types import TranscribeOptions

Float = NDArray[np.float32]


@pytest.fixture(scope="module")
def multilingual(engines_dir: Path) -> Whisper:
    return Whisper.load(EngineStore(engines_dir).open("whisper-base"))


@pytest.fixture(scope="module")
def english(engines_dir: Path) -> Whisper:
    return Whisper.load(EngineStore(engines_dir).open("whisper-tiny.en"))


def read(samples: dict[str, Any], name: str) -> Float:
    with samples[name].path.open("rb") as file:
        return np.concatenate(list(decoder.decode(file)))


def window_task(whisper: Whisper, pcm: Float, **options: Any) -> WindowTask:
    given = TranscribeOptions(**options)
    window = Window(0, pcm, ((0, len(pcm)),))
    attempts = all_attempts(window, given.temperature, whisper.window_s)
    return WindowTask(window, given, DetectedLanguage.expected(whisper, given), attempts)


def decode(whisper: Whisper, task: WindowTask) -> Decoded:
    decoding, batch = DecodingTask(whisper, task), whisper.batch()
    ended = batch.join(decoding.prefill(batch), [decoding.search])
    while not ended:
        ended = batch.step()
    return decoding.result()


@pytest.mark.parametrize(
    ("clip", "code", "text"), [("en-fox.wav", "en", "quick brown fox"), ("ja-hello.wav", "ja", "こんにちは")]
)
def test_the_language_is_detected_and_spoken(
    multilingual: Whisper, samples: dict[str, Any], clip: str, code: str, text: str
) -> None:
    task = window_task(multilingual, read(samples, clip))
    assert not task.language.code
    decoded = decode(multilingual, task)
    assert task.language.code == code
    assert task.language.probability > 0.5
    assert text in decoded.text.lower()
    assert decoded.is_good(task.options)


def test_the_language_of_the_prompt_does_not_sway_the_detection(multilingual: Whisper, samples: dict[str, Any]) -> None:
    plain = window_task(multilingual, read(samples, "es-counting.wav"))
    prompted = window_task(multilingual, read(samples, "es-counting.wav"), prompt="Guten Tag, meine Damen und Herren.")
    decode(multilingual, plain)
    decode(multilingual, prompted)
    assert prompted.language == plain.language


def test_a_given_language_is_not_detected(multilingual: Whisper, samples: dict[str, Any]) -> None:
    task = window_task(multilingual, read(samples, "es-counting.wav"), language="es")
    decode(multilingual, task)
    assert task.language == DetectedLanguage("es", 1.0)


def test_possible_languages_share_the_whole_probability(multilingual: Whisper, samples: dict[str, Any]) -> None:
    pcm = read(samples, "es-counting.wav")
    among_all, among_three = window_task(multilingual, pcm), window_task(multilingual, pcm, languages="ja, es,it")
    decode(multilingual, among_all)
    decode(multilingual, among_three)
    assert among_all.language.code == among_three.language.code == "es"
    assert among_all.language.probability <= among_three.language.probability <= 1
    elsewhere = window_task(multilingual, pcm, languages="ja,it")
    decode(multilingual, elsewhere)
    assert elsewhere.language.code in ("ja", "it") and elsewhere.language.probability >= 0.5


def test_one_possible_language_is_given(multilingual: Whisper, english: Whisper) -> None:
    one = TranscribeOptions(languages="es")
    assert DetectedLanguage.expected(multilingual, one) == DetectedLanguage("es", 1.0)
    assert DetectedLanguage.expected(english, TranscribeOptions(languages="en")) == DetectedLanguage("en", 1.0)
    assert DetectedLanguage.expected(multilingual, TranscribeOptions(languages="es,en")).code is None


def test_a_translation_is_english(multilingual: Whisper, samples: dict[str, Any]) -> None:
    pcm = read(samples, "ja-hello.wav")
    transcribed = decode(multilingual, window_task(multilingual, pcm, language="ja"))
    translated = decode(multilingual, window_task(multilingual, pcm, language="ja", task="translate"))
    assert "こんにちは" in transcribed.text
    assert translated.text and translated.text.isascii()


def test_silence_is_probably_no_speech(multilingual: Whisper, samples: dict[str, Any]) -> None:
    silence = decode(multilingual, window_task(multilingual, np.zeros(5 * 16_000, np.float32), language="en"))
    speech = decode(multilingual, window_task(multilingual, read(samples, "en-fox.wav"), language="en"))
    assert speech.no_speech_prob < 0.1 < silence.no_speech_prob


def test_a_result_begins_with_the_prefix_of_its_window(english: Whisper, samples: dict[str, Any]) -> None:
    pcm = read(samples, "en-fox.wav")
    whole = decode(english, window_task(english, pcm, timestamps="word"))
    task = window_task(english, pcm, timestamps="word")
    task.prefix = whole.hypothesis.prefix(4)
    decoded = decode(english, task)
    assert decoded.hypothesis.tokens[:4] == whole.hypothesis.tokens[:4]
    assert decoded.hypothesis.logprobs[:4] == whole.hypothesis.logprobs[:4]
    assert decoded.text == whole.text
    assert len(decoded.hypothesis.attention) == len(decoded.hypothesis.tokens)


def test_the_limit_of_tokens_counts_the_prefix(english: Whisper, samples: dict[str, Any]) -> None:
    pcm = read(samples, "en-fox.wav")
    whole = decode(english, window_task(english, pcm))
    task = window_task(english, pcm)
    task.prefix, task.max_tokens = whole.hypothesis.prefix(4), 6
    decoded = decode(english, task)
    assert len(decoded.hypothesis.tokens) == 6
    assert not decoded.hypothesis.ended


def test_attempts_with_the_same_audio_encode_it_once(english: Whisper, samples: dict[str, Any]) -> None:
    task = window_task(english, read(samples, "en-fox.wav"), no_speech_threshold=1.0, logprob_threshold=0.0)
    lengths = []
    while True:
        rejected = decode(english, task)
        assert task.encoded is not None
        lengths.append(task.encoded.frames)
        encoded = task.encoded
        if task.judge(rejected) is not None:
            break
        assert (task.encoded is encoded) == (len(lengths) > 1)
    assert lengths[0] < lengths[1] == 1500
    assert lengths[1:] == lengths[1:2] * 6
