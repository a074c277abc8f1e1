"""Written text -> what is said, token by token, each with its place in the written text.

One pass from left to right: at the beginning of a token the rules of the language are tried in order, the first match
wins, and what no rule takes stands for itself. So a text costs linear time, nothing is replaced twice, and the place
of everything that is said is known. English has rules; in the other languages espeak (speech/reading/espeak.py) and
misaki read numbers themselves, and only markup, emoji and the like are taken out here.

Known to be wrong: figures that could be two things are read as the likelier one (3/4 is a date only after "on" and the
like; four digits from 1100 to 2099 are a year; 3:1 is "three to one"); the numeral of Charles I is the pronoun; a
capital A inside a sentence in small letters is the letter; a street between two names (Main St. Louis) is a saint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from speech.reading.english import amounts, arithmetic, codes, dates, measures, money, words
from speech.reading.english.latex import without_delimiters
from speech.reading.english.rules import Rule
from speech.reading.line_breaks import line_break
from speech.reading.markup import STARTS, is_dropped, markup_at, plain


@dataclass(frozen=True)
class SpokenToken:
    """`text` is said for the characters `start` to `end` of the source; nothing, for markup."""

    text: str
    start: int
    end: int


Step = Callable[[int], tuple[int, str]]
"""From a position in the source to the end of the token there, and what it says."""

_SPACE = re.compile(r"\s*\n|\s+")
_LETTERS = r"[^\W\d_²³¹¼-¾\u2070-\u209f\u2150-\u218f\u2460-\u24ff]"
_LETTERED = rf"{_LETTERS}(?:{_LETTERS}|[\u0300-\u036f])*"
_WORD = re.compile(rf"{_LETTERED}(?:['-]{_LETTERED})*")
_OTHER = re.compile(r"[^\s\[\]<>*`|_#&~!:;=-]+|.", re.DOTALL)
_STOPS = re.compile(r"(?:[!?,;:…—–]|\.(?![0-9]))+|--+")

_LETTER = (*words.WORD_RULES, *dates.WORD_RULES, *amounts.VERSION_RULES, *money.CURRENCY_RULES)
_MARK = (
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
_FIGURE = {
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
_BRACKETS = {"[": "(", "{": "(", "]": ")", "}": ")", "|": ", ", "«": "“", "»": "”", "„": "“", "‟": "“", "_": " "}
_SILENT = frozenset("*`^\\'")
_QUOTES = frozenset('()"“”')
_CLOSING = " \"'”’»)]」』）"
_PAUSES = frozenset(".,;:!?…—–([{“«。！？、，；：।॥")
_BEFORE_MINUS = frozenset(" \t\n([=<>+*/×,:–")


def normalize(text: str, language: str = "en-us") -> str:
    """What is said for `text`, as one line."""
    said = re.sub(r"\s+", " ", "".join(token.text for token in spoken_tokens(text, language))).strip()
    return re.sub(r" (?=[,.;:!?…](?:\s|\Z))", "", said)


def spoken_tokens(text: str, language: str = "en-us") -> Iterator[SpokenToken]:
    """The tokens of `text` in order; together they cover all of it."""
    source = "".join(map(plain, text))
    english = language.startswith("en")
    source = without_delimiters(source) if english else source
    step = _english(source, british=language == "en-gb") if english else _as_written(source)
    position, glue, last = 0, "", "."
    while position < len(source):
        markup = _markup(source, position, last)
        end, said = markup or step(position)
        if markup and english and said in words.SYMBOLS:
            said = f" {words.SYMBOLS[said]} "
        as_written = said == source[position:end]
        if said and said[0].isalnum() and glue.isalnum() and not as_written:
            said = " " + said
        yield SpokenToken(said, position, end)
        if said:
            glue = said[-1]
            last = said.rstrip(_CLOSING)[-1:] or last
            if not as_written and end < len(source) and source[end].isalnum() and glue.isalnum():
                yield SpokenToken(" ", end, end)
                glue = " "
        position = end


def _markup(source: str, position: int, last: str) -> tuple[int, str] | None:
    char = source[position]
    if char.isspace():
        line = markup_at(source, position) if char in " \t" else None
        return line or _blank(source, position, last)
    if is_dropped(char):
        return position + 1, ""
    return markup_at(source, position) if char in STARTS else None


def _blank(source: str, position: int, last: str) -> tuple[int, str]:
    """White space; a line break is a pause unless there is one already."""
    blank = _SPACE.match(source, position)
    end = blank.end() if blank else position + 1
    parts = source[end - 1] == "\n" and last not in _PAUSES and end < len(source)
    return end, line_break(source, position, end) if parts else " "


def _as_written(source: str) -> Step:
    def step(position: int) -> tuple[int, str]:
        match = _OTHER.match(source, position)
        end = match.end() if match else position + 1
        end = next((i for i in range(position + 1, end) if is_dropped(source[i])), end)
        return end, source[position:end]

    return step


def _english(source: str, *, british: bool) -> Step:
    figures = _FIGURE[british]

    def step(position: int) -> tuple[int, str]:
        char, last = source[position], source[position - 1] if position else " "
        if "0" <= char <= "9":
            rules: Sequence[Rule] = (amounts.GLUED,) if last.isalnum() else figures
        elif char.isalpha():
            rules = () if last.isalnum() else _LETTER
        else:
            arrow = source.startswith("->", position)
            rules = () if char in "-−–" and last not in _BEFORE_MINUS and not arrow else _MARK
        said = _first(rules, source, position)
        if said:
            return said
        word = _WORD.match(source, position)
        return (word.end(), word.group()) if word else _sign(source, position, last)

    return step


def _first(rules: Sequence[Rule], source: str, position: int) -> tuple[int, str] | None:
    for pattern, say_it in rules:
        match = pattern.match(source, position)
        if match and match.end() > position:
            said = say_it(match)
            if said is not None:
                return match.end(), said
    return None


def _sign(source: str, position: int, last: str) -> tuple[int, str]:
    """What a character says that no rule took: a pause, the name of a symbol, or nothing."""
    stops = _STOPS.match(source, position)
    if stops:
        return stops.end(), _pause(stops.group())
    char = source[position]
    following = source[position + 1 : position + 2]
    if char == "-":
        return position + 1, " " if last.isalnum() and following.isalnum() else "—" if following.isspace() else ""
    if char == "/":
        return position + 1, " slash " if last.isalnum() and following.isalnum() else ", "
    if char == "*" and (last.isdigit() or last == " ") and (following.isdigit() or following == " "):
        return position + 1, " times "
    if char in words.SYMBOLS:
        return position + 1, f" {words.SYMBOLS[char]} "
    if char in _SILENT:
        return position + 1, ""
    return position + 1, _BRACKETS.get(char, char if char in _QUOTES or char.isalnum() else " ")


def _pause(stops: str) -> str:
    """One mark for many: '?!!' -> '?', '....' -> '…', '--' -> '—'."""
    for mark in "?!":
        if mark in stops:
            return mark
    if "…" in stops or stops.startswith(".."):
        return "…"
    return "—" if stops[0] in "-–—" else stops[0]
