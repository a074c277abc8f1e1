"""Written text -> spoken text, token by token, each with its position in the written text.

It takes one pass from left to right. Where a token begins, the rules of the language are tried in order and the first
match wins; text that no rule matches is read as it is written. So the time is linear, nothing is replaced twice, and
the position of every spoken token is known. English has rules. For the other languages only markup, emoji and the like
are removed here, because espeak (speech/reading/espeak.py) and misaki read numbers themselves.

Known errors: ambiguous figures get the likelier reading (3/4 is a date only after "on" and the like; four digits from
1100 to 2099 are a year; 3:1 is "three to one"); the numeral of Charles I is read as the pronoun; a capital A inside a
sentence in small letters is read as the letter; "St." between two names (Main St. Louis) is read as "Saint".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from speech.reading.english import amounts, arithmetic, codes, dates, measures, money, words
from speech.reading.english.abbreviations import SYMBOLS
from speech.reading.english.latex import without_delimiters
from speech.reading.english.rules import Rule
from speech.reading.line_breaks import line_break
from speech.reading.markup import STARTS, is_silent, markup_at, plain_character


@dataclass(frozen=True)
class SpokenToken:
    """The spoken form of the characters `start` to `end` of the written text; empty for markup."""

    text: str
    start: int
    end: int


Reader = Callable[[int], tuple[int, str]]
"""Reads the token at a position of a text: returns where the token ends, and its spoken form."""

_SPACE = re.compile(r"\s*\n|\s+")
_LETTER = r"[^\W\d_²³¹¼-¾\u2070-\u209f\u2150-\u218f\u2460-\u24ff]"
_LETTERS = rf"{_LETTER}(?:{_LETTER}|[\u0300-\u036f])*"
_WORD = re.compile(rf"{_LETTERS}(?:['-]{_LETTERS})*")
_UNTIL_MARKUP = re.compile(r"[^\s\[\]<>*`|_#&~!:;=-]+|.", re.DOTALL)
"""A run of characters without any that markup begins with, or one such character."""
_PUNCTUATION = re.compile(r"(?:[!?,;:…—–]|\.(?![0-9]))+|--+")

_RULES_AT_LETTERS = (*words.WORD_RULES, *dates.WORD_RULES, *amounts.VERSION_RULES, *money.CURRENCY_RULES)
_RULES_AT_SIGNS = (
    *words.MARK_RULES,
    *codes.CODE_RULES,
    *money.CURRENCY_RULES,
    *money.MONEY_RULES,
    *arithmetic.ARITHMETIC_RULES,
    *arithmetic.POWER_RULES,
    *measures.INCH_RULES,
    *measures.MEASURE_RULES,
    *amounts.FIGURE_RULES,
    *amounts.SIGN_RULES,
)
_RULES_AT_FIGURES = {
    british: (
        *codes.CODE_RULES,
        *arithmetic.ARITHMETIC_RULES,
        *measures.INCH_RULES,
        *dates.figure_rules(british=british),
        *money.MONEY_RULES,
        *measures.MEASURE_RULES,
        *amounts.FIGURE_RULES,
    )
    for british in (False, True)
}
"""The rules in the order in which they are tried. Key: whether the text is British, where dates begin with the day."""
_BRACKETS = {"[": "(", "{": "(", "]": ")", "}": ")", "|": ", ", "«": "“", "»": "”", "„": "“", "‟": "“", "_": " "}
_SILENT = frozenset("*`^\\'")
_QUOTES = frozenset('()"“”')
_CLOSING = " \"'”’»)]」』）"
_PAUSES = frozenset(".,;:!?…—–([{“«。！？、，；：।॥")
_BEFORE_MINUS = frozenset(" \t\n([=<>+*/×,:–")
"""The characters after which a hyphen may be a minus sign."""


def normalize(text: str, language: str = "en-us") -> str:
    """The spoken form of `text` as one line; `language` is one of speech.reading.phonemes.LANGUAGES."""
    said = re.sub(r"\s+", " ", "".join(token.text for token in spoken_tokens(text, language))).strip()
    return re.sub(r" (?=[,.;:!?…](?:\s|\Z))", "", said)


def spoken_tokens(text: str, language: str = "en-us") -> Iterator[SpokenToken]:
    """The tokens of `text` in order; together they cover all of it. Joined, their texts are the spoken text."""
    source = "".join(map(plain_character, text))
    english = language.startswith("en")
    if english:
        source = without_delimiters(source)
        read = _english_reader(source, british=language == "en-gb")
    else:
        read = _verbatim_reader(source)
    position = 0
    last_char, last_spoken = "", "."  # the last character so far; the last one that is no space or closing mark
    while position < len(source):
        markup = _read_markup(source, position, last_spoken)
        end, said = markup or read(position)
        if markup and english and said in SYMBOLS:
            said = f" {SYMBOLS[said]} "
        as_written = said == source[position:end]
        if said and said[0].isalnum() and last_char.isalnum() and not as_written:
            said = " " + said
        yield SpokenToken(said, position, end)
        if said:
            last_char = said[-1]
            last_spoken = said.rstrip(_CLOSING)[-1:] or last_spoken
            if not as_written and end < len(source) and source[end].isalnum() and last_char.isalnum():
                yield SpokenToken(" ", end, end)
                last_char = " "
        position = end


def _read_markup(source: str, position: int, last_spoken: str) -> tuple[int, str] | None:
    """Markup, white space or a silent character at `position`: its end and spoken form; None if there is none."""
    char = source[position]
    if char.isspace():
        line_markup = markup_at(source, position) if char in " \t" else None
        return line_markup or _read_space(source, position, last_spoken)
    if is_silent(char):
        return position + 1, ""
    return markup_at(source, position) if char in STARTS else None


def _read_space(source: str, position: int, last_spoken: str) -> tuple[int, str]:
    """White space; a line break may be a pause, unless the text before it ends with one."""
    space = _SPACE.match(source, position)
    end = space.end() if space else position + 1
    may_pause = source[end - 1] == "\n" and last_spoken not in _PAUSES and end < len(source)
    return end, line_break(source, position, end) if may_pause else " "


def _verbatim_reader(source: str) -> Reader:
    """Tokens are read as they are written, up to the next markup or silent character."""

    def read(position: int) -> tuple[int, str]:
        match = _UNTIL_MARKUP.match(source, position)
        end = match.end() if match else position + 1
        for i in range(position + 1, end):
            if is_silent(source[i]):
                return i, source[position:i]
        return end, source[position:end]

    return read


def _english_reader(source: str, *, british: bool) -> Reader:
    """Tokens are read by the rules that fit their first character, else as they are written."""
    rules_at_figures = _RULES_AT_FIGURES[british]

    def read(position: int) -> tuple[int, str]:
        char = source[position]
        previous = source[position - 1] if position else " "
        rules: Sequence[Rule]
        if "0" <= char <= "9":
            rules = (amounts.GLUED,) if previous.isalnum() else rules_at_figures
        elif char.isalpha():
            rules = () if previous.isalnum() else _RULES_AT_LETTERS
        else:
            is_hyphen = char in "-−–" and previous not in _BEFORE_MINUS and not source.startswith("->", position)
            rules = () if is_hyphen else _RULES_AT_SIGNS
        said = _first_match(rules, source, position)
        if said:
            return said
        word = _WORD.match(source, position)
        return (word.end(), word.group()) if word else _read_sign(source, position, previous)

    return read


def _first_match(rules: Sequence[Rule], source: str, position: int) -> tuple[int, str] | None:
    """The end and the spoken form of the first rule that applies at `position`."""
    for pattern, say in rules:
        match = pattern.match(source, position)
        if match and match.end() > position:
            said = say(match)
            if said is not None:
                return match.end(), said
    return None


def _read_sign(source: str, position: int, previous: str) -> tuple[int, str]:
    """A sign that no rule matches: its end, and a pause, the name of a symbol, or nothing."""
    punctuation = _PUNCTUATION.match(source, position)
    if punctuation:
        return punctuation.end(), _one_mark(punctuation.group())
    char = source[position]
    following = source[position + 1 : position + 2]
    return position + 1, _spoken_sign(char, previous, following)


def _spoken_sign(char: str, previous: str, following: str) -> str:
    inside_word = previous.isalnum() and following.isalnum()
    if char == "-":
        if inside_word:
            return " "
        return "—" if following.isspace() else ""
    if char == "/":
        return " slash " if inside_word else ", "
    if char == "*" and (previous.isdigit() or previous == " ") and (following.isdigit() or following == " "):
        return " times "
    if char in SYMBOLS:
        return f" {SYMBOLS[char]} "
    if char in _SILENT:
        return ""
    if char in _BRACKETS:
        return _BRACKETS[char]
    return char if char in _QUOTES or char.isalnum() else " "


def _one_mark(marks: str) -> str:
    """One punctuation mark for several: '?!!' -> '?', '....' -> '…', '--' -> '—'."""
    for mark in "?!":
        if mark in marks:
            return mark
    if "…" in marks or marks.startswith(".."):
        return "…"
    return "—" if marks[0] in "-–—" else marks[0]
