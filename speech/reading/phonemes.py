"""Text -> Kokoro's phonemes, word by word, in every language that it has voices for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from speech.errors import BadParameter
from speech.languages import language_code
from speech.reading import chinese, espeak, japanese
from speech.reading.cjk_figures import GLUE, SIGN, is_latin
from speech.reading.english.lexicon import pronounce
from speech.reading.normalizer import SpokenToken, spoken_tokens
from speech.reading.vocabulary import MARKS, known

LANGUAGES = {
    "a": "en-us", "b": "en-gb", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-br", "z": "zh",
}  # fmt: skip
"""Language of a voice, by the first letter of its name."""
_ALIASES = {"en-uk": "en-gb", "jp": "ja", "cn": "zh", "cmn": "zh"}


@dataclass(frozen=True)
class SpokenWord:
    """A word as it is written, its characters `start` to `end` of the text, and its symbols `first` to `last`."""

    word: str
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True)
class Phonemes:
    """`symbols` are all in the vocabulary; spaces and marks between words belong to none."""

    symbols: str
    words: tuple[SpokenWord, ...]


@dataclass(frozen=True)
class _Sound:
    """What is said for some characters: the symbols of a word, or a mark."""

    symbols: str
    start: int
    end: int


def language_of(voice: str) -> str:
    """The language of a voice, from the first letter of its name: 'bf_emma' -> 'en-gb'."""
    if voice[:1] not in LANGUAGES or voice[2:3] != "_":
        raise BadParameter(
            f"no voice '{voice}': names begin with one of {', '.join(LANGUAGES)}, as in af_heart", "voice"
        )
    return LANGUAGES[voice[0]]


def check_language(language: str) -> str:
    """The name of a language as it is used here: 'en', 'English' and 'en-AU' -> 'en-us'."""
    name = language.strip().lower().replace("_", "-")
    name = _ALIASES.get(name, name)
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
    sounds = _english(text, language) if language.startswith("en") else _others(text, language)
    return _assemble(text, sounds)


def _assemble(text: str, sounds: Sequence[_Sound]) -> Phonemes:
    """One string: words apart by spaces, marks at the word that they follow, or open before."""
    symbols, words = "", list[SpokenWord]()
    opened, quoted = True, False
    for sound in sounds:
        said = known(sound.symbols).strip()
        if not said:
            continue
        if said == '"':
            quoted = not quoted
            said = "“" if quoted else "”"
        if said in MARKS:
            if said in "“(":
                symbols, opened = symbols + ("" if opened else " ") + said, True
            elif symbols and symbols[-1] not in ",;:—":
                symbols, opened = symbols + said, False
            continue
        if not opened:
            symbols += " "
        first, opened = len(symbols), False
        symbols += said
        last = words[-1] if words else None
        if last and (last.start, last.end) == (sound.start, sound.end):
            words[-1] = SpokenWord(last.word, last.start, last.end, last.first, len(symbols))
        else:
            words.append(SpokenWord(text[sound.start : sound.end], sound.start, sound.end, first, len(symbols)))
    return Phonemes(symbols, tuple(words))


_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*(?:['-][^\W\d_]+)*|[;:,.!?—…\"“”()]")
_LONG = re.compile(r"[^-]{1,40}")


def _english(text: str, language: str) -> list[_Sound]:
    tokens = [(token, saying) for saying in spoken_tokens(text, language) for token in _tokens(saying)]
    said = pronounce([token for token, _ in tokens], british=language == "en-gb")
    return [_Sound(symbols, saying.start, saying.end) for symbols, (_, saying) in zip(said, tokens, strict=True)]


_TENS = re.compile(r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?=[a-z])")
"""As one word the lexicon gives the second part too little stress: 72 was heard as 7 to 2."""


def _tokens(saying: SpokenToken) -> list[str]:
    tokens: list[str] = []
    for token in _TOKEN.findall(_TENS.sub(r"\1 ", _composed(saying.text))):
        tokens += [token] if len(token) <= 40 else _LONG.findall(token)
    return tokens


def _composed(text: str) -> str:
    """Letters and their accents as one, as lexicons have them and espeak reads them."""
    return unicodedata.normalize("NFC", text)


_IN_CHUNK = r"[^\s\"“”()«»„‟。！？、，；：「」『』（）《》〈〉【】…—।॥]"
_CHUNK = re.compile(rf"{_IN_CHUNK}+|\S")
_CJK_CHUNK = re.compile(rf"(?:{_IN_CHUNK}|{GLUE})+|\S")
_STRIPPED = ".,;:!?…¿¡'’‘-–"
_UNSIGNED = re.compile(rf"\A(?:(?!{SIGN})[{re.escape(_STRIPPED)}])+")
_CJK_MARKS = str.maketrans("。！？、，；：（）「」『』《》〈〉【】।॥«»„‟", ".!?,,;:()“”“”“”“”“”..“”““")


def _others(text: str, language: str) -> list[_Sound]:
    """Every language but English: words and marks of what is left of the text without its markup."""
    said, places = "", list[int]()
    for saying in spoken_tokens(text, language):
        same = len(saying.text) == saying.end - saying.start
        said += saying.text
        places += range(saying.start, saying.end) if same else [saying.start] * len(saying.text)
    if language in _MINUS:
        said, places = _with_minus(said, places, language)
    marked: list[tuple[str, int, int]] = []
    for match in (_CJK_CHUNK if language in _PARTS else _CHUNK).finditer(said):
        marked += _chunk(match.group(), match.start(), language)
    sounds: list[_Sound] = []
    for is_mark, group in groupby(marked, key=lambda item: item[0].translate(_CJK_MARKS) in MARKS):
        clause = list(group)
        spoken = (
            [word.translate(_CJK_MARKS) for word, _, _ in clause]
            if is_mark
            else _SPEAKERS.get(language, _speak)([_composed(word) for word, _, _ in clause], language)
        )
        sounds += [
            _Sound(symbols, places[start], places[end - 1] + 1)
            for symbols, (_, start, end) in zip(spoken, clause, strict=True)
        ]
    return sounds


_MINUS = {"es": "menos", "fr": "moins", "it": "meno", "pt-br": "menos", "hi": "माइनस"}
"""What espeak leaves out."""
_BELOW_ZERO = re.compile(r"(?<![^\s(\[=<>+*/×,:;\"“«¿¡])[-–](?=[$€£¥₹]?[.,]?[0-9])")
"""A minus in front of a figure, not the dash of a word or a range (3-5)."""


def _with_minus(said: str, places: list[int], language: str) -> tuple[str, list[int]]:
    """The sign as a word, which stands where the sign does."""
    text, at, position = "", list[int](), 0
    for match in _BELOW_ZERO.finditer(said):
        word = f" {_MINUS[language]} "
        text += said[position : match.start()] + word
        at += places[position : match.start()] + [places[match.start()]] * len(word)
        position = match.end()
    return text + said[position:], at + places[position:]


def _chunk(chunk: str, start: int, language: str) -> list[tuple[str, int, int]]:
    """The word inside `chunk` and the marks behind it; a Chinese or Japanese chunk may have many."""
    core = _UNSIGNED.sub("", chunk.rstrip(_STRIPPED))
    if not core:
        return [(chunk[0], start, start + 1)] if chunk[0].translate(_CJK_MARKS) in MARKS else []
    at = start + chunk.index(core)
    result: list[tuple[str, int, int]] = []
    for part in _PARTS[language](core) if language in _PARTS else [core]:
        result.append((part, at, at + len(part)))
        at += len(part)
    tail = next((mark for mark in chunk[at - start :] if mark in MARKS), None)
    return [*result, (tail, at, at + 1)] if tail else result


def _speak(words: list[str], language: str) -> list[str]:
    """espeak reads a clause as a whole (liaison, stress); where its words are not ours, each half on its own."""
    said = _misaki_letters(espeak.phonemes(" ".join(words), language)).split(" ")
    if len(said) == len(words):
        return said
    if len(words) == 1:
        return [" ".join(said)]
    half = len(words) // 2
    return _speak(words[:half], language) + _speak(words[half:], language)


_LETTERS = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^z", "ʣ"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ə^ʊ", "Q"), ("s^s", "S"),
    ("t^s", "ʦ"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"), ("^", ""),
)  # fmt: skip
"""Sounds that are one letter in Kokoro's alphabet (misaki/espeak.py, EspeakG2P)."""


def _misaki_letters(ipa: str) -> str:
    for old, new in _LETTERS:
        ipa = ipa.replace(old, new)
    return ipa


def _among_latin(words: list[str], speak: Callable[[str], str]) -> list[str]:
    """Words in Latin letters are English in Chinese and Japanese text."""
    said: list[str] = []
    for latin, group in groupby(words, key=is_latin):
        run = list(group)
        if latin:  # a lone a is no article here, but the letter
            run = ["A" if word == "a" else word for word in run]
        said += pronounce(run, british=False) if latin else map(speak, run)
    return said


_PARTS: dict[str, Callable[[str], list[str]]] = {"zh": chinese.words, "ja": japanese.parts}
_SPEAKERS: dict[str, Callable[[list[str], str], list[str]]] = {
    "zh": lambda words, _: _among_latin(words, chinese.pronounce),
    "ja": lambda words, _: _among_latin(words, japanese.pronounce),
}
