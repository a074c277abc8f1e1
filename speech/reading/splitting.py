"""Text -> pieces that are synthesized one after the other: whole sentences where they fit, else clauses.

The first piece is short, so that audio starts early. The next ones grow, but only so fast that each is ready before
the listener has heard those before it. Kokoro is at its best between about ten phonemes (shorter text is mumbled) and
about 400 (longer text is rushed, with words left out). Lengths are phonemes, estimated from the characters;
speech/speaking/utterances.py counts the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from speech.reading.english.abbreviations import BEFORE_FIGURES, MAY_END, NEVER_END
from speech.reading.english.letters import letter_ends
from speech.reading.english.rules import ENDS_SENTENCE

FIRST = 60
"""Estimated phonemes that the first piece aims for."""
LIMIT = 200
"""Estimated phonemes of the longest piece."""
_MIN_OPENING = 45
"""Minimum length, in estimated phonemes, that the first piece counts as, so that a greeting of one word does not chop
up the sentence after it."""
_SHORT = 16
"""Estimated phonemes; a shorter sentence is joined with its neighbour."""
_STRETCH = 1.35
"""Factor by which a piece may be longer than its aim, to end at a better place."""
_MIN_PART_OF_AIM = 0.3
"""No piece is cut before this fraction of its aim."""


@dataclass(frozen=True)
class Piece:
    """The characters `start` to `end` of the whole text."""

    text: str
    start: int
    end: int


_SENTENCE_END = re.compile(
    r"""
    [.!?…]+[\"'”’»)\]*_]{0,4}(?=\s|\Z)
    | [。！？｡]+[」』”’）)]{0,4}
    | [।॥]+
    | (?=[ \t]{0,40}\n[ \t]{0,40}\n)
    | (?=\n[ \t]{0,40}(?:[-*+•][ ]|\#{1,6}[ ]|[0-9]{1,3}[.)][ ]))
    | (?<=\n)[ \t]{0,40}\#{1,6}[ ][^\n]{0,400}(?=\n)
    """,
    re.VERBOSE,
)
"""Where a sentence may end: a mark, a blank line, the end of a list item or of a heading."""
_LAST_WORD = re.compile(r"[\w.]+\Z")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-HJ-Z]\Z")
_LIST_NUMBER = re.compile(r"(?:\A|\n)[ \t]*(?:[-*+•][ ]*)?[0-9]{1,3}\Z")
_CLAUSE_END = re.compile(
    r"""
    (?P<strong>[;:—–][\"'”’)]{0,3})(?=\s)
    | (?P<comma>,[\"'”’)]{0,3})(?=\s(?![0-9]{4}\b))
    | (?P<cjk>[，、；：])
    | (?P<conjunction>(?=\s(?:and|but|or|because|which|that|when|while|if|so|who|where|y|et|e|que|mais|pero|ma)\s))
    | (?P<space>(?=\s))
    """,
    re.VERBOSE,
)
"""Where a sentence may be cut: after a mark, before a conjunction, or at any space."""
_PARTICLE = re.compile(r"(?P<particle>(?<=[はがをにへでともてのる的了])(?=[\u30a1-\u30fa\u3400-\u9fff]))")
"""After a Chinese or Japanese particle, where a word probably begins."""
_IDEOGRAPH = re.compile(r"(?P<ideograph>(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[\u3400-\u9fff]))")
"""Before an ideograph, where a word may begin; never between a figure and its counter, nor before hiragana."""
_STRENGTH = {"strong": 4, "comma": 3, "cjk": 3, "conjunction": 2, "space": 1, "particle": 1, "ideograph": 0}
"""How good each kind of cut is: a better kind wins over one that is nearer to the aim."""
_IN_QUOTATION = 0.2
"""Factor on the strength of a cut inside a quotation or brackets."""
_OPENING_MARKS, _CLOSING_MARKS = "“«「『(（", "”»」』)）"


def weight(text: str) -> int:
    """Phonemes of `text`, estimated from its characters."""
    return sum(map(_weight, text))


def _weight(char: str) -> int:
    """A figure, a symbol or an ideograph is read as several phonemes, kana as about two."""
    if "0" <= char <= "9" or char in "$€£%&@":
        return 5
    if "\u3400" <= char <= "\u9fff":
        return 5
    return 2 if "\u3040" <= char <= "\u30ff" else 1


def split_sentences(text: str) -> list[Piece]:
    """The sentences of `text`. The full stop of an abbreviation, an initial or a list number ends no sentence."""
    pieces: list[Piece] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if end > start and _ends_sentence(text, match):
            pieces += _trimmed(text, start, end)
            start = end
    return pieces + _trimmed(text, start, len(text))


def split(text: str, *, first: int = FIRST, limit: int = LIMIT) -> Iterator[Piece]:
    """Pieces of at most `limit` estimated phonemes, the first one about `first`.

    How fast pieces may grow: synthesis takes a quarter of the audio's duration on two idle cores; assume half on busy
    ones. If all pieces so far last A seconds and the first one F, then (A - F) / 2 has been played when the next one is
    begun. In the remaining (A + F) / 2 a piece of A + F seconds can be synthesized. A short greeting counts as
    _MIN_OPENING, because a pause after it does not disturb.
    """
    opening, total, aim = 0, 0, float(min(first, limit))
    for sentence in _joined(split_sentences(text), limit):
        start, left = sentence.start, weight(text[sentence.start : sentence.end])
        while start < sentence.end:
            end = sentence.end if left <= min(limit, aim * _STRETCH) else _cut(text, start, sentence.end, aim, limit)
            length = weight(text[start:end])
            for piece in _trimmed(text, start, end):
                yield piece
                opening, total = opening or max(length, _MIN_OPENING), total + length
                aim = min(limit, (total + opening) / _STRETCH)
            start, left = end, left - length


def _trimmed(text: str, start: int, end: int) -> list[Piece]:
    """The piece without white space around it, in a list; an empty list if nothing in it can be spoken."""
    body = text[start:end]
    start += len(body) - len(body.lstrip())
    body = body.strip()
    return [Piece(body, start, start + len(body))] if any(map(str.isalnum, body)) or "&" in body else []


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether a match of _SENTENCE_END does end a sentence."""
    mark = match.group()[:1]
    if mark not in (".", "!", "?", "…"):
        return True
    following = text[match.end() : match.end() + 40].lstrip().lstrip("\"'“‘«([*_")[:1]
    if following.islower():
        return False
    if mark != "." or match.group().startswith(".."):
        return True
    left = text[max(0, match.start() - 24) : match.start()]
    word = _LAST_WORD.search(left)
    if word is None:
        return True
    if _INITIALS.match(word.group()):
        return letter_ends(text, match.start())
    if word.group() in MAY_END:
        return bool(ENDS_SENTENCE.match(text, match.start() + 1))
    numbered = word.group() in BEFORE_FIGURES and following.isdigit()
    return not (word.group() in NEVER_END or numbered or _LIST_NUMBER.search(left))


def _joined(sentences: list[Piece], limit: int) -> Iterator[Piece]:
    """Sentences; short ones, and those of one quotation, are joined to pieces of at most `limit` phonemes."""
    held: Piece | None = None
    for sentence in sentences:
        if held is None:
            held = sentence
            continue
        short = min(weight(held.text), weight(sentence.text)) < _SHORT
        total = weight(held.text) + weight(sentence.text) + 1
        if (short and total <= limit // 2) or (_in_quotation(held.text) and total <= limit):
            gap = " " * (sentence.start - held.end)
            held = Piece(held.text + gap + sentence.text, held.start, sentence.end)
        else:
            yield held
            held = sentence
    if held is not None:
        yield held


def _in_quotation(text: str) -> bool:
    """Whether a quotation or a bracket is open at the end of `text`."""
    return _open_marks(text) > 0 or text.count('"') % 2 == 1


def _open_marks(text: str) -> int:
    """How many more quotations and brackets open in `text` than close."""
    return sum(map(text.count, _OPENING_MARKS)) - sum(map(text.count, _CLOSING_MARKS))


def _cut(text: str, start: int, end: int, aim: float, limit: int) -> int:
    """The best place for the end of a piece that begins at `start`: after a clause, near its aim.

    Text without spaces, such as Chinese, is cut only where the piece would be longer than `limit`.
    """
    near = _reach(text, start, end, min(limit, aim * _STRETCH))
    far = _reach(text, start, end, limit)
    if near == end:
        return end
    cut = _best_cut(_CLAUSE_END, text, start, near, aim) or _best_cut(_CLAUSE_END, text, start, far, aim)
    if cut:
        return cut
    if far == end:
        return end
    for pattern in (_PARTICLE, _IDEOGRAPH):
        cut = _best_cut(pattern, text, start, near, aim) or _best_cut(pattern, text, start, far, aim)
        if cut:
            return cut
    return max(far, start + 1)


def _reach(text: str, start: int, end: int, limit: float) -> int:
    """The end of the longest part from `start`, up to `end`, that has at most `limit` estimated phonemes."""
    reach, total = start, 0
    while reach < end and total + _weight(text[reach]) <= limit:
        total += _weight(text[reach])
        reach += 1
    return reach


def _best_cut(pattern: re.Pattern[str], text: str, start: int, reach: int, aim: float) -> int:
    """The best match of `pattern` up to `reach`: strong, near `aim`, outside quotations; 0 if there is none."""
    best, best_score = 0, float("-inf")
    position, so_far, depth = start, 0, 0
    for match in pattern.finditer(text, start + 1, reach + 1):
        at = match.end()
        passed = text[position:at]
        so_far += weight(passed)
        depth += _open_marks(passed)
        position = at
        kind = match.lastgroup or "space"
        if so_far < aim * _MIN_PART_OF_AIM or at > reach or (kind == "space" and _belongs_together(text, at)):
            continue
        strength = _STRENGTH[kind] * (_IN_QUOTATION if depth > 0 else 1.0)
        score = strength + 1 - abs(so_far - aim) / aim
        if score > best_score:
            best, best_score = at, score
    return best


def _belongs_together(text: str, at: int) -> bool:
    """Whether the space at `at` is between a number and its unit, or after an abbreviation."""
    word = _LAST_WORD.search(text[max(0, at - 12) : at])
    if text[at + 1 : at + 2].isdigit():
        return True
    return word is not None and (word.group()[-1].isdigit() or word.group().rstrip(".") in NEVER_END)
