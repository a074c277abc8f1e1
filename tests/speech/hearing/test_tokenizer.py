"""Tokens of multilingual and English-only models, and words from tokens."""

from pathlib import Path

import pytest

from speech.engines import EngineStore
from speech.hearing.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def multilingual(engines_dir: Path) -> Tokenizer:
    return Tokenizer(EngineStore(engines_dir).open("whisper-base").file("tokenizer.json"), 51865)


@pytest.fixture(scope="module")
def english(engines_dir: Path) -> Tokenizer:
    return Tokenizer(EngineStore(engines_dir).open("whisper-tiny.en").file("tokenizer.json"), 51864)


def test_ids_are_those_of_the_published_models(multilingual: Tokenizer, english: Tokenizer) -> None:
    assert (multilingual.eot, multilingual.sot, multilingual.timestamp_begin) == (50257, 50258, 50364)
    assert (english.eot, english.sot, english.timestamp_begin) == (50256, 50257, 50363)
    assert multilingual.no_speech == 50362
    assert len(multilingual.languages) == 99
    assert multilingual.languages["en"] == 50259
    assert english.languages == {}


def test_timestamps_are_no_text(multilingual: Tokenizer) -> None:
    tokens = [50364, *multilingual.encode(" Hello"), 50364 + 75]
    assert multilingual.decode(tokens) == " Hello"
    assert multilingual.seconds(tokens[-1]) == 1.5


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        (" Hello, world!", "en", [" Hello,", " world!"]),
        (" It's 5 o'clock (or so).", "en", [" It's", " 5", " o'clock", " (or", " so)."]),
        (' He said "no" twice.', "en", [" He", " said", ' "no"', " twice."]),
        (" ¿Qué tal, señor?", "es", [" ¿Qué", " tal,", " señor?"]),
        (" Naïve café — été", "fr", [" Naïve", " café", " —", " été"]),
        ("こんにちは。", "ja", None),
        ("👍🏽 ok", "en", None),
    ],
)
def test_words(multilingual: Tokenizer, text: str, language: str, words: list[str] | None) -> None:
    tokens = multilingual.encode(text)
    found = multilingual.words(tokens, language)
    assert "".join(word for word, _ in found) == text
    assert sum(count for _, count in found) == len(tokens)
    assert "\ufffd" not in "".join(word for word, _ in found)
    if words is not None:
        assert [word for word, _ in found] == words


def test_unspaced_languages_are_split_at_characters(multilingual: Tokenizer) -> None:
    found = [word for word, _ in multilingual.words(multilingual.encode("今日はいい天気ですね。"), "ja")]
    assert len(found) >= 3
    assert found[-1].endswith("。")
    assert found[-1] != "。"


def test_the_start_sequence_names_language_and_task(multilingual: Tokenizer, english: Tokenizer) -> None:
    assert multilingual.sot_sequence("es", "transcribe") == (50258, 50262, 50359)
    assert multilingual.sot_sequence("es", "translate") == (50258, 50262, 50358)
    assert english.sot_sequence("en", "transcribe") == (50257,)


@pytest.mark.parametrize(
    "text", [" Hello, world!", "こんにちは、世界。", " 👍🏽 ok", " Naïve café — été", "\u3000あ\n", " don’t"]
)
def test_the_spelling_of_all_tokens_is_the_text(multilingual: Tokenizer, english: Tokenizer, text: str) -> None:
    for tokenizer in (multilingual, english):
        assert b"".join(map(tokenizer.spelling, tokenizer.encode(text))) == text.encode()


def test_every_text_token_has_a_spelling(multilingual: Tokenizer, english: Tokenizer) -> None:
    for tokenizer in (multilingual, english):
        for token in range(tokenizer.eot):
            assert tokenizer.spelling(token).decode(errors="replace") == tokenizer.decode([token])


@pytest.mark.parametrize("special", ["<|endoftext|>", "<|startoftranscript|>", "<|de|>", "<|translate|>", "<|0.00|>"])
def test_special_tokens_in_a_text_are_left_out(multilingual: Tokenizer, english: Tokenizer, special: str) -> None:
    for tokenizer in (multilingual, english):
        assert all(token < tokenizer.eot for token in tokenizer.encode(f" Hello {special} world"))
