"""Phonemes in every language: words keep their places in the text, and every symbol is in Kokoro's alphabet."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.errors import BadParameter
from speech.reading.phonemes import LANGUAGES, Phonemes, check_language, language_of, phonemize
from speech.reading.vocabulary import PAD, VOCABULARY, token_ids
from speech.speaking.utterances import MAX_SYMBOLS, utterances
from tests.speech.reading.spoken import is_installed, spoken

TEXTS = {
    "en-us": "Dr. Smith paid $3.50 on May 5th, 2024; “kubernetes” (really?) — 72°F!",
    "en-gb": "The FBI's schedule: a bath, a car… and colour.",
    "es": "El 3 de mayo compré 1.200 huevos: ¿qué tal? ¡Bien, «señor»!",
    "fr": "Bonjour, je voudrais réserver une table ce week-end. L'été, 42,5 %.",
    "hi": "नमस्ते, आज मौसम बहुत अच्छा है। 12 रुपये",
    "it": "Buongiorno, vorrei un caffè a mezzogiorno, perché no?",
    "ja": "こんにちは、今日はとても「良い」天気ですね。333メートル、パソコン！",
    "pt-br": "Bom dia, eu gostaria de reservar dois quartos amanhã; não?",
    "zh": "你好，今天2024年5月3日天气很好，花了3.5元。「是」吗？",
}


def test_a_word_spans_all_that_is_said_for_it() -> None:
    text = "It costs $3.50, now."
    said = phonemize(text)
    price = said.words[2]
    assert (price.word, text[price.start : price.end]) == ("$3.50", "$3.50")
    assert said.symbols[price.first : price.last] == "θɹˈi dˈɑləɹz ænd fˈɪfti sˈɛnts"
    assert said.symbols.endswith(", nˈW.")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en-us", "A Café tête-à-tête"),
        ("es", "el año pasado"),
        ("fr", "cet été"),
        ("pt-br", "eu não sei"),
        ("ja", "パンが"),
    ],
)
def test_accents_apart_from_their_letters_sound_the_same(language: str, text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    said = spoken(apart, language)
    assert said.symbols == spoken(text, language).symbols
    assert [apart[word.start : word.end] for word in said.words] == apart.split()


@pytest.mark.parametrize(
    ("language", "figure", "word"),
    [
        ("es", "Son −5 grados, saldo: -200 €", "Son menos 5 grados, saldo: menos 200 €"),
        ("fr", "Il fait -10 °C", "Il fait moins 10 °C"),
        ("it", "sono -5 gradi", "sono meno 5 gradi"),
        ("pt-br", "são (-5) graus", "são (menos 5) graus"),
        ("hi", "तापमान -5 है", "तापमान माइनस 5 है"),
        ("ja", "気温は-5度です", "気温はマイナス5度です"),
        ("zh", "气温是-5度", "气温是负5度"),
    ],
)
def test_a_minus_is_said_in_every_language(language: str, figure: str, word: str) -> None:
    said = spoken(figure, language)
    assert said.symbols.replace(" ", "") == spoken(word, language).symbols.replace(" ", "")
    assert_in_order(figure, said)


@pytest.mark.parametrize(
    ("language", "text", "minus"),
    [
        ("es", "de 3-5 días, COVID-19, 5%-10%", "mˈenos"),
        ("ja", "5時間-6時間、ボーイング-7", "mainasɨ"),
        ("zh", "3-5天，3月-5月，5公里-10公里", "fu↘"),
    ],
)
def test_the_dash_of_a_word_or_a_range_is_no_minus(language: str, text: str, minus: str) -> None:
    assert minus not in spoken(text, language).symbols


def test_a_minus_is_a_word_of_its_own() -> None:
    assert [word.word for word in spoken("de **-5** grados", "es").words] == ["de", "-", "5", "grados"]


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_every_language_keeps_to_the_alphabet(language: str) -> None:
    text = TEXTS[language]
    said = spoken(text, language)
    assert len(said.symbols) > len(text) // 3
    assert set(said.symbols) <= set(VOCABULARY)
    assert token_ids(said.symbols)[0] == token_ids(said.symbols)[-1] == PAD
    assert_in_order(text, said)


def assert_in_order(text: str, said: Phonemes) -> None:
    character = symbol = 0
    for word in said.words:
        assert character <= word.start < word.end <= len(text)
        assert symbol <= word.first < word.last <= len(said.symbols)
        assert text[word.start : word.end] == word.word
        assert not said.symbols[word.first : word.last].startswith(" ")
        character, symbol = word.end, word.last


def test_languages_of_voices() -> None:
    voices = ["af_heart", "bm_fable", "ef_dora", "ff_siwis", "hf_alpha", "if_sara", "jf_alpha", "pf_dora", "zf_xiaoni"]
    assert [language_of(voice) for voice in voices] == list(LANGUAGES.values())
    with pytest.raises(BadParameter, match="no voice 'xx_y'"):
        language_of("xx_y")


def test_an_unknown_language_is_an_error_that_lists_the_known() -> None:
    assert [check_language(name) for name in ("en", "EN_GB", "pt", "ja-JP")] == ["en-us", "en-gb", "pt-br", "ja"]
    assert [check_language(name) for name in ("en-AU", "es-MX", "zh_TW")] == ["en-us", "es", "zh"]
    assert [check_language(name) for name in ("English", "Portuguese", "cmn")] == ["en-us", "pt-br", "zh"]
    assert [check_language(letter) for letter in "abefhijpz"] == list(LANGUAGES.values())
    with pytest.raises(BadParameter, match="no language 'sv' is spoken; known: en-us, en-gb") as caught:
        phonemize("x", "sv")
    assert caught.value.param == "language"


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=80)
    | st.text(alphabet="abAB'’-. ,!0123$%\n", max_size=80)
    | st.text(alphabet="漢字年かA-－.,:：/012$¥%℃ km", max_size=80),
    st.sampled_from(list(LANGUAGES.values())),
)
def test_any_text_has_phonemes(text: str, language: str) -> None:
    if not is_installed(language):
        return
    said = phonemize(text, language)
    assert set(said.symbols) <= set(VOCABULARY)
    assert_in_order(text, said)


LONG = "The 1,234,567 fishermen paid $987,654.32 on 12/25/2023, " * 60


@pytest.mark.parametrize(
    "text", [LONG, "9" * 5_000, "a" * 5_000, "x-" * 2_000, "Wow! " * 500], ids=lambda text: text[:8]
)
def test_utterances_fit_kokoro(text: str) -> None:
    said = list(utterances(text))
    assert said and all(0 < len(utterance.symbols) <= MAX_SYMBOLS for utterance in said)
    places = [word.start for utterance in said for word in utterance.words]
    assert places == sorted(places)


def test_utterances_are_placed_in_the_whole_text() -> None:
    text = "First, a short one. Then **another** sentence costs $5.\n\n# End\nBye."
    words = [word for utterance in utterances(text) for word in utterance.words]
    assert [text[word.start : word.end] for word in words] == [word.word for word in words]
    assert [word.word for word in words][-3:] == ["$5", "End", "Bye"]


def test_nothing_to_say() -> None:
    assert [list(utterances(text)) for text in ("", " \n", "😀", "...", "<b></b>")] == [[]] * 5
