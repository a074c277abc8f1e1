"""Phonemes: golden words, the alphabet, words in their places, languages."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.errors import BadParameter, EngineUnusable
from speech.reading.phonemes import LANGUAGES, Phonemes, check_language, language_of, phonemize
from speech.reading.vocabulary import PAD, TOKENS, VOCABULARY, token_ids
from speech.speaking.utterances import MAX_SYMBOLS, utterances

EXTRAS = {"zh": "jieba", "ja": "fugashi"}
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


def spoken(text: str, language: str = "en-us") -> Phonemes:
    if language in EXTRAS and importlib.util.find_spec(EXTRAS[language]) is None:
        pytest.skip(f"the extra '{language}' is not installed")
    return phonemize(text, language)


GOLDEN = [
    ("Hello world!", "həlˈO wˈɜɹld!"),
    ("NASA and the FBI", "nˈæsə ænd ði ˌɛfbˌiˈI"),
    ("the CEO of IT", "ðə sˌiˌiˈO ʌv ˌItˈi"),
    ("It is in the US.", "ˌɪt ɪz ɪn ðə jˌuˈɛs."),
    ("Tell us.", "tˈɛl ˌʌs."),
    ("the apple", "ði ˈæpᵊl"),
    ("the banana", "ðə bənˈænə"),
    ("two CPUs", "tˈu sˌipˌijˈuz"),
    ("don't", "dˈOnt"),
    ("well-known", "wˌɛlnˈOn"),
    ("72 degrees", "sˈɛvənti tˈu dəɡɹˈiz"),
    ("Anna", "ˈænə"),
]


@pytest.mark.parametrize(("text", "symbols"), GOLDEN)
def test_golden_words(text: str, symbols: str) -> None:
    assert phonemize(text).symbols == symbols


HETERONYMS = [
    ("I read the book yesterday.", "read", "ɹˈɛd"),
    ("I will read it again.", "read", "ɹˈid"),
    ("She has read it.", "read", "ɹˈɛd"),
    ("I want to read.", "read", "ɹˈid"),
    ("The wind blew.", "wind", "wˈɪnd"),
    ("We wind the clock.", "wind", "wˈInd"),
    ("They live here.", "live", "lˈɪv"),
    ("a live show", "live", "lˈIv"),
    ("Please record it.", "record", "ɹəkˈɔɹd"),
    ("a new record", "record", "ɹˈɛkəɹd"),
    ("Please close the door.", "close", "klˈOz"),
    ("a close friend", "close", "klˈOs"),
    ("We use it.", "use", "jˈuz"),
    ("the use of it", "use", "jˈus"),
    ("He wound the rope.", "wound", "wˈWnd"),
    ("a deep wound", "wound", "wˈund"),
    ("one minute", "minute", "mˈɪnət"),
    ("I object to it.", "object", "əbʤˈɛkt"),
    ("an object", "object", "ˈɑbʤəkt"),
    ("I used to go.", "used", "jˈust"),
    ("It was used up.", "used", "jˈuzd"),
    ("the content of it", "content", "kˈɑntɛnt"),
    ("a desert storm", "desert", "dˈɛzəɹt"),
    ("don't desert me", "desert", "dəzˈɜɹt"),
    ("in tears", "tears", "tˈɪɹz"),
    ("He tears it.", "tears", "tˈɛɹz"),
]


@pytest.mark.parametrize(("text", "word", "symbols"), HETERONYMS, ids=lambda value: value)
def test_heteronyms(text: str, word: str, symbols: str) -> None:
    said = phonemize(text)
    assert [said.symbols[w.first : w.last] for w in said.words if w.word == word] == [symbols]


AMONG_IDEOGRAPHS = [
    ("zh", "我喜欢用Python写代码", ["我", "喜欢", "用", "Python", "写", "代码"], "pˈIθˌɑn"),
    ("zh", "iPhone 15很好", ["iPhone", "15", "很", "好"], "ˈIfˌOn"),
    ("zh", "GPT和AI", ["GPT", "和", "AI"], "ʤˌipˌitˈi"),
    ("zh", "Hello World", ["Hello", "World"], "həlˈO wˈɜɹld"),
    ("ja", "Pythonが", ["Python", "が"], "pˈIθˌɑn ɡa"),
    ("ja", "AIはWi-Fiを使う。", ["AI", "は", "Wi-Fi", "を使う"], "ˈAˌI βa wˈIfˌI o ʦɨkaɯ."),
]


@pytest.mark.parametrize(("language", "text", "words", "symbols"), AMONG_IDEOGRAPHS, ids=lambda value: str(value))
def test_latin_letters_in_chinese_and_japanese_are_english(
    language: str, text: str, words: list[str], symbols: str
) -> None:
    said = spoken(text, language)
    assert [text[word.start : word.end] for word in said.words] == [word.word for word in said.words] == words
    assert symbols in said.symbols


FIGURES = [
    ("zh", "100km", "一百公里"),
    ("zh", "5 kg", "五公斤"),
    ("zh", "20℃", "二十摄氏度"),
    ("zh", "20.5°C", "二十点五摄氏度"),
    ("zh", "¥100", "一百元"),
    ("zh", "$100万", "一百万美元"),
    ("zh", "€20", "二十欧元"),
    ("zh", "50％", "百分之五十"),
    ("zh", "12,000元", "一万二千元"),
    ("zh", "1,234,567人", "一百二十三万四千五百六十七人"),
    ("zh", "2024年", "二零二四年"),
    ("zh", "20年", "二十年"),
    ("zh", "2024-01-05", "二零二四年一月五日"),
    ("zh", "10:30", "十点三十分"),
    ("zh", "10：00", "十点"),
    ("zh", "9:05-9:30", "九点零五分到九点三十分"),
    ("zh", "3:1", "三比一"),
    ("zh", "1/2", "二分之一"),
    ("zh", "3-5天", "三到五天"),
    ("zh", "$5-10", "五到十美元"),
    ("zh", "10%-20%", "百分之十到百分之二十"),
    ("zh", "-5度", "负五度"),
    ("zh", "温度是-5℃", "温度是负五摄氏度"),
    ("zh", "138-1234-5678", "一三八一二三四五六七八"),
    ("zh", "12345678901234567890", "一二三四五六七八九零一二三四五六七八九零"),
    ("ja", "5kg", "五キログラム"),
    ("ja", "5 cm", "五センチメートル"),
    ("ja", "20℃", "二十度"),
    ("ja", "10%", "十パーセント"),
    ("ja", "$100", "百ドル"),
    ("ja", "¥100", "百円"),
    ("ja", "12,000円", "一万二千円"),
    ("ja", "1,234円", "千二百三十四円"),
    ("ja", "3.14", "さんてんいちよん"),
    ("ja", "10:30", "十時三十分"),
    ("ja", "3-5日", "三から五日"),
    ("ja", "-5度", "マイナス五度"),
    ("ja", "3:1", "三対一"),
]


@pytest.mark.parametrize(("language", "written", "words"), FIGURES, ids=lambda value: str(value))
def test_figures_and_their_signs_are_words_of_the_language(language: str, written: str, words: str) -> None:
    said = spoken(written, language)
    assert said.symbols.replace(" ", "") == spoken(words, language).symbols.replace(" ", "")
    assert (said.words[0].start, said.words[-1].end) == (0, len(written))


def test_a_hyphen_between_letters_and_a_figure_is_no_minus() -> None:
    assert spoken("GPT-4很好", "zh").symbols == spoken("GPT 4很好", "zh").symbols
    assert spoken("GPT-4は", "ja").symbols == spoken("GPT 4は", "ja").symbols


def test_british_and_american_differ() -> None:
    assert phonemize("bath car", "en-gb").symbols == "bˈɑːθ kˈɑː"
    assert phonemize("bath car", "en-us").symbols == "bˈæθ kˈɑɹ"


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


def test_the_alphabet() -> None:
    assert len(set(VOCABULARY.values())) == len(VOCABULARY) == 114
    assert all(len(symbol) == 1 and PAD < number < TOKENS for symbol, number in VOCABULARY.items())


def test_languages_of_voices() -> None:
    voices = ["af_heart", "bm_fable", "ef_dora", "ff_siwis", "hf_alpha", "if_sara", "jf_alpha", "pf_dora", "zf_xiaoni"]
    assert [language_of(voice) for voice in voices] == list(LANGUAGES.values())
    with pytest.raises(BadParameter, match="no voice 'xx_y'"):
        language_of("xx_y")


def test_an_unknown_language_is_an_error_that_lists_the_known() -> None:
    assert [check_language(name) for name in ("en", "EN_GB", "pt", "ja-JP")] == ["en-us", "en-gb", "pt-br", "ja"]
    assert [check_language(name) for name in ("en-AU", "es-MX", "zh_TW")] == ["en-us", "es", "zh"]
    assert [check_language(name) for name in ("English", "Portuguese", "cmn")] == ["en-us", "pt-br", "zh"]
    with pytest.raises(BadParameter, match="no language 'sv' is spoken; known: en-us, en-gb") as caught:
        phonemize("x", "sv")
    assert caught.value.param == "language"


@pytest.mark.parametrize(("language", "module"), [("zh", "misaki.zh"), ("ja", "misaki.cutlet")])
def test_a_language_that_is_not_installed_says_what_to_install(
    language: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from speech.reading import chinese, japanese

    for cached in (chinese._misaki, chinese._jieba, japanese._romanizer):
        cached.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EngineUnusable, match=rf"tritone\[{language}\]"):
        phonemize("你好 333", language)


def test_heavy_libraries_stay_out() -> None:
    code = """if True:
        import sys
        from speech.reading.phonemes import phonemize
        phonemize("A cat, $5.", "en-gb")
        phonemize("hola", "es")
        assert not {"torch", "spacy", "phonemizer", "transformers"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True)


def test_threads_share_espeak() -> None:
    texts = {"es": "Buenos días, señor", "fr": "Bonjour à tous", "it": "Buongiorno a tutti", "en-gb": "blorptangle zyx"}
    expected = {language: phonemize(text, language) for language, text in texts.items()}
    wrong: list[str] = []

    def work(language: str) -> None:
        for _ in range(50):
            if phonemize(texts[language], language) != expected[language]:
                wrong.append(language)

    threads = [threading.Thread(target=work, args=(language,)) for language in texts for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=80)
    | st.text(alphabet="abAB'’-. ,!0123$%\n", max_size=80)
    | st.text(alphabet="漢字年かA-－.,:：/012$¥%℃ km", max_size=80),
    st.sampled_from(list(LANGUAGES.values())),
)
def test_any_text_has_phonemes(text: str, language: str) -> None:
    if language in EXTRAS and importlib.util.find_spec(EXTRAS[language]) is None:
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
