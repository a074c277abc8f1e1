"""Text -> Kokoro's phonemes, word by word, in every language that Kokoro has voices for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from speech.errors import BadParameter
from speech.languages import language_code
from speech.reading import chinese, espeak, japanese
from speech.reading.cjk_figures import INSIDE_FIGURE, SIGN, is_latin
from speech.reading.english.lexicon import pronounce
from speech.reading.normalizer import SpokenToken, spoken_tokens
from speech.reading.vocabulary import MARKS, to_vocabulary

LANGUAGES = {
    "a": "en-us", "b": "en-gb", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-br", "z": "zh",
}  # fmt: skip
"""The language of a voice by the first letter of its name; all languages that are spoken."""
_ALIASES = {"en-uk": "en-gb", "jp": "ja", "cn": "zh", "cmn": "zh"}


@dataclass(frozen=True)
class SpokenWord:
    """A word as it is written, its place in the text, and the place of its phonemes."""

    word: str
    start: int
    """Index of its first character in the text."""
    end: int
    """Index after its last character in the text."""
    first: int
    """Index of its first phoneme in `Phonemes.symbols`."""
    last: int
    """Index after its last phoneme in `Phonemes.symbols`."""


@dataclass(frozen=True)
class Phonemes:
    """A text as Kokoro gets it."""

    symbols: str
    """Symbols of speech.reading.vocabulary.VOCABULARY, spaces and punctuation marks between words included."""
    words: tuple[SpokenWord, ...]
    """The words in order; spaces and marks belong to none of them."""


@dataclass(frozen=True)
class _Sound:
    """The phonemes of a word, or a punctuation mark, for the characters `start` to `end` of the text."""

    symbols: str
    start: int
    end: int


def language_of(voice: str) -> str:
    """The language of a voice by its name: 'bf_emma' -> 'en-gb'. Raises: BadParameter for other names."""
    if voice[:1] not in LANGUAGES or voice[2:3] != "_":
        raise BadParameter(
            f"no voice '{voice}': names begin with one of {', '.join(LANGUAGES)}, as in af_heart", "voice"
        )
    return LANGUAGES[voice[0]]


def check_language(language: str) -> str:
    """One of LANGUAGES for a language as a client may write it: 'en', 'English', 'en-AU' and Kokoro's 'a' -> 'en-us'.

    Raises: BadParameter for a language that no voice speaks.
    """
    name = language.strip().lower().replace("_", "-")
    name = LANGUAGES.get(name) or _ALIASES.get(name, name)
    if name in LANGUAGES.values():
        return name
    with suppress(BadParameter):
        code = language_code(name)
        for known_name in LANGUAGES.values():
            if known_name.partition("-")[0] == code:
                return known_name
    raise BadParameter(f"no language {language!r} is spoken; known: {', '.join(LANGUAGES.values())}", "language")


def phonemize(text: str, language: str = "en-us") -> Phonemes:
    """Phonemes of a sentence or a clause.

    Raises: BadParameter for an unknown language, EngineUnusable for one that is not installed.
    """
    language = check_language(language)
    sounds = _english_sounds(text, language) if language.startswith("en") else _other_sounds(text, language)
    return _assemble(text, sounds)


def _assemble(text: str, sounds: Sequence[_Sound]) -> Phonemes:
    """Join sounds: a space before each word, closing marks right after a word, opening marks right before one."""
    symbols, words = "", list[SpokenWord]()
    needs_space, quoted = False, False
    for sound in sounds:
        said = to_vocabulary(sound.symbols).strip()
        if not said:
            continue
        if said == '"':
            quoted = not quoted
            said = "“" if quoted else "”"
        if said in MARKS:
            if said in "“(":
                symbols += (" " if needs_space else "") + said
                needs_space = False
            elif symbols and symbols[-1] not in ",;:—":
                symbols += said
                needs_space = True
            continue
        if needs_space:
            symbols += " "
        first = len(symbols)
        symbols += said
        needs_space = True
        previous = words[-1] if words else None
        if previous and (previous.start, previous.end) == (sound.start, sound.end):
            words[-1] = replace(previous, last=len(symbols))
        else:
            words.append(SpokenWord(text[sound.start : sound.end], sound.start, sound.end, first, len(symbols)))
    return Phonemes(symbols, tuple(words))


_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*(?:['-][^\W\d_]+)*|[;:,.!?—…\"“”()]")
"""A word or a punctuation mark of spoken English."""
_PART_OF_LONG_WORD = re.compile(r"[^-]{1,40}")


def _english_sounds(text: str, language: str) -> list[_Sound]:
    """Words and punctuation marks of the normalized text."""
    words: list[str] = []
    sources: list[SpokenToken] = []
    for token in spoken_tokens(text, language):
        for word in _words(token):
            words.append(word)
            sources.append(token)
    phonemes = pronounce(words, british=language == "en-gb")
    return [_Sound(symbols, token.start, token.end) for symbols, token in zip(phonemes, sources, strict=True)]


_TENS = re.compile(r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?=[a-z])")
"""The tens of a number such as seventy-two, which is read as two words: in one word the lexicon gives the second part
too little stress, and 72 was heard as "7 to 2"."""


def _words(token: SpokenToken) -> list[str]:
    """Words and marks of a token; a word of more than 40 letters is divided."""
    words: list[str] = []
    for word in _TOKEN.findall(_TENS.sub(r"\1 ", _composed(token.text))):
        words += [word] if len(word) <= 40 else _PART_OF_LONG_WORD.findall(word)
    return words


def _composed(text: str) -> str:
    """Letters and their accents as single characters, as in the lexicons and as espeak reads them."""
    return unicodedata.normalize("NFC", text)


_IN_CHUNK = r"[^\s\"“”()«»„‟。！？、，；：「」『』（）《》〈〉【】…—।॥]"
_CHUNK = re.compile(rf"{_IN_CHUNK}+|\S")
_CJK_CHUNK = re.compile(rf"(?:{_IN_CHUNK}|{INSIDE_FIGURE})+|\S")
"""A word with the punctuation around it. In Chinese and Japanese it is a phrase, in which figures may have a space."""
_OUTER_MARKS = ".,;:!?…¿¡'’‘-–"
_LEADING_MARKS = re.compile(rf"\A(?:(?!{SIGN})[{re.escape(_OUTER_MARKS)}])+")
"""The punctuation in front of a word, up to a minus sign."""
_PLAIN_MARKS = str.maketrans("。！？、，；：（）「」『』《》〈〉【】।॥«»„‟", ".!?,,;:()“”“”“”“”“”..“”““")


@dataclass(frozen=True)
class _Word:
    """A word or a mark: the characters `start` to `end` of the text without markup."""

    text: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        return _plain_mark(self.text) in MARKS


def _plain_mark(mark: str) -> str:
    """The mark of Kokoro's alphabet for one of another script."""
    return mark.translate(_PLAIN_MARKS)


def _other_sounds(text: str, language: str) -> list[_Sound]:
    """Words and punctuation marks in any language but English."""
    plain, places = _without_markup(text, language)
    if language in _MINUS:
        plain, places = _with_minus(plain, places, language)
    words: list[_Word] = []
    for match in (_CJK_CHUNK if language in _SPLITTERS else _CHUNK).finditer(plain):
        words += _words_of_chunk(match.group(), match.start(), language)
    speak = _SPEAKERS.get(language, _speak_with_espeak)
    sounds: list[_Sound] = []
    for is_mark, group in groupby(words, key=lambda word: word.is_mark):
        clause = list(group)
        if is_mark:
            phonemes = [_plain_mark(word.text) for word in clause]
        else:
            phonemes = speak([_composed(word.text) for word in clause], language)
        for symbols, word in zip(phonemes, clause, strict=True):
            sounds.append(_Sound(symbols, places[word.start], places[word.end - 1] + 1))
    return sounds


def _without_markup(text: str, language: str) -> tuple[str, list[int]]:
    """The normalized text, and for each of its characters the place in `text`."""
    plain, places = "", list[int]()
    for token in spoken_tokens(text, language):
        same_length = len(token.text) == token.end - token.start
        plain += token.text
        places += range(token.start, token.end) if same_length else [token.start] * len(token.text)
    return plain, places


_MINUS = {"es": "menos", "fr": "moins", "it": "meno", "pt-br": "menos", "hi": "माइनस"}
"""The word for a minus sign in the languages in which espeak leaves it out."""
_MINUS_SIGN = re.compile(r"(?<![^\s(\[=<>+*/×,:;\"“«¿¡])[-–](?=[$€£¥₹]?[.,]?[0-9])")
"""A minus sign in front of a figure, but not a hyphen, nor the dash of a range (3-5)."""


def _with_minus(plain: str, places: list[int], language: str) -> tuple[str, list[int]]:
    """Replace minus signs by words. The characters of a word all get the position of the sign."""
    result, result_places, position = "", list[int](), 0
    for match in _MINUS_SIGN.finditer(plain):
        word = f" {_MINUS[language]} "
        result += plain[position : match.start()] + word
        result_places += places[position : match.start()] + [places[match.start()]] * len(word)
        position = match.end()
    return result + plain[position:], result_places + places[position:]


def _words_of_chunk(chunk: str, start: int, language: str) -> list[_Word]:
    """The word in `chunk` and the mark after it; a Chinese or Japanese chunk may have several words."""
    core = _LEADING_MARKS.sub("", chunk.rstrip(_OUTER_MARKS))
    if not core:
        first = _Word(chunk[0], start, start + 1)
        return [first] if first.is_mark else []
    at = start + chunk.index(core)
    words: list[_Word] = []
    for part in _SPLITTERS[language](core) if language in _SPLITTERS else [core]:
        words.append(_Word(part, at, at + len(part)))
        at += len(part)
    for mark in chunk[at - start :]:
        if mark in MARKS:
            return [*words, _Word(mark, at, at + 1)]
    return words


def _speak_with_espeak(words: list[str], language: str) -> list[str]:
    """Phonemes of the words of a clause.

    espeak reads the clause as a whole, for liaison and stress. If it finds a different number of words in it, each half
    is read on its own.
    """
    phonemes = _misaki_letters(espeak.phonemes(" ".join(words), language)).split(" ")
    if len(phonemes) == len(words):
        return phonemes
    if len(words) == 1:
        return [" ".join(phonemes)]
    half = len(words) // 2
    return _speak_with_espeak(words[:half], language) + _speak_with_espeak(words[half:], language)


_LETTERS = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^z", "ʣ"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ə^ʊ", "Q"), ("s^s", "S"),
    ("t^s", "ʦ"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"), ("^", ""),
)  # fmt: skip
"""IPA of espeak, and the single symbol that Kokoro's alphabet has for it (misaki/espeak.py, EspeakG2P)."""


def _misaki_letters(ipa: str) -> str:
    for old, new in _LETTERS:
        ipa = ipa.replace(old, new)
    return ipa


def _speak_with_english(words: list[str], speak: Callable[[str], str]) -> list[str]:
    """Phonemes of Chinese or Japanese words; those in Latin letters are read as American English."""
    phonemes: list[str] = []
    for latin, group in groupby(words, key=is_latin):
        if latin:
            # A lone "a" is the letter here, not the article.
            phonemes += pronounce(["A" if word == "a" else word for word in group], british=False)
        else:
            phonemes += map(speak, group)
    return phonemes


def _speak_chinese(words: list[str], _: str) -> list[str]:
    return _speak_with_english(words, chinese.pronounce)


def _speak_japanese(words: list[str], _: str) -> list[str]:
    return _speak_with_english(words, japanese.pronounce)


_SPLITTERS: dict[str, Callable[[str], list[str]]] = {"zh": chinese.split_words, "ja": japanese.split_at_latin}
"""How a phrase is split into words, in languages without spaces between words."""
_SPEAKERS: dict[str, Callable[[list[str], str], list[str]]] = {"zh": _speak_chinese, "ja": _speak_japanese}
"""How the words of a clause become phonemes, in languages for which espeak is not used."""
