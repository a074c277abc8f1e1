"""Text -> pieces that are synthesized one after the other: whole sentences where they fit, else clauses.

The first piece is small, so that sound comes early, and pieces grow to where Kokoro is at its best, but no faster than
what was given already covers: it rushes and skips words beyond about 400 phonemes and is unsure of itself below about
ten. Lengths are phonemes, estimated from the characters; speech/speaking/utterances.py counts the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from speech.reading.english.letters import letter_ends
from speech.reading.english.rules import ENDS_SENTENCE
from speech.reading.english.words import BEFORE_FIGURES, MAY_END, NEVER_END

FIRST, LIMIT = 60, 200
"""Estimated phonemes of the first piece and of any piece."""
_OPENING = 45
"""What the first piece counts for at least: a word of greeting must not chop up what follows it."""
_SHORT = 16
"""A sentence below this many phonemes goes with its neighbour."""
_STRETCH = 1.35
"""How far beyond its aim a piece may go to end at a better place."""


@dataclass(frozen=True)
class Piece:
    """`text` is the characters `start` to `end` of the whole text."""

    text: str
    start: int
    end: int


_END = re.compile(
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
_WORD_BEFORE = re.compile(r"[\w.]+\Z")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-HJ-Z]\Z")
_ITEM_BEFORE = re.compile(r"(?:\A|\n)[ \t]*(?:[-*+•][ ]*)?[0-9]{1,3}\Z")
_CUT = re.compile(
    r"""
    (?P<strong>[;:—–][\"'”’)]{0,3})(?=\s)
    | (?P<comma>,[\"'”’)]{0,3})(?=\s(?![0-9]{4}\b))
    | (?P<cjk>[，、；：])
    | (?P<conjunction>(?=\s(?:and|but|or|because|which|that|when|while|if|so|who|where|y|et|e|que|mais|pero|ma)\s))
    | (?P<space>(?=\s))
    """,
    re.VERBOSE,
)
_PARTICLE = re.compile(r"(?P<particle>(?<=[はがをにへでともてのる的了])(?=[\u30a1-\u30fa\u3400-\u9fff]))")
_IDEOGRAPH = re.compile(r"(?P<ideograph>(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[\u3400-\u9fff]))")
"""Where another word may begin, likely and perhaps; never between a figure and its counter, nor before hiragana."""
_STRENGTH = {"strong": 4, "comma": 3, "cjk": 3, "conjunction": 2, "space": 1, "particle": 1, "ideograph": 0}
_OPENS, _CLOSES = "“«「『(（", "”»」』)）"


def weight(text: str) -> int:
    """Phonemes that `text` will take, roughly: figures and ideographs say more than one each."""
    return sum(map(_weight, text))


def _weight(char: str) -> int:
    if "0" <= char <= "9" or char in "$€£%&@":
        return 5
    if "\u3400" <= char <= "\u9fff":
        return 5
    return 2 if "\u3040" <= char <= "\u30ff" else 1


def split_sentences(text: str) -> list[Piece]:
    """Sentences with their places; a full stop of an abbreviation, an initial or a list number ends none."""
    pieces: list[Piece] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if end > start and _ends(text, match):
            pieces += _trim(text, start, end)
            start = end
    return pieces + _trim(text, start, len(text))


def split(text: str, *, first: int = FIRST, limit: int = LIMIT) -> Iterator[Piece]:
    """Pieces of at most `limit` estimated phonemes, the first one about `first`.

    A piece takes a quarter of its length to make on two idle cores. Should it be half on busy ones, then half of what
    came before has been heard when it is begun, but for the first piece, and the next may be as long as all that and
    the first one again. A greeting counts for more: the silence after it is one that nobody minds.
    """
    opening, said, aim = 0, 0, float(min(first, limit))
    for sentence in _gathered(split_sentences(text), limit):
        start, left = sentence.start, weight(text[sentence.start : sentence.end])
        while start < sentence.end:
            end = sentence.end if left <= min(limit, aim * _STRETCH) else _cut(text, start, sentence.end, aim, limit)
            length = weight(text[start:end])
            for piece in _trim(text, start, end):
                yield piece
                opening, said = opening or max(length, _OPENING), said + length
                aim = min(limit, (said + opening) / _STRETCH)
            start, left = end, left - length


def _trim(text: str, start: int, end: int) -> list[Piece]:
    """The piece without white space around it; none if nothing is left or nothing in it can be said."""
    body = text[start:end]
    start += len(body) - len(body.lstrip())
    body = body.strip()
    return [Piece(body, start, start + len(body))] if any(map(str.isalnum, body)) or "&" in body else []


def _ends(text: str, match: re.Match[str]) -> bool:
    mark = match.group()[:1]
    if mark not in (".", "!", "?", "…"):
        return True
    following = text[match.end() : match.end() + 40].lstrip().lstrip("\"'“‘«([*_")[:1]
    if following.islower():
        return False
    if mark != "." or match.group().startswith(".."):
        return True
    left = text[max(0, match.start() - 24) : match.start()]
    word = _WORD_BEFORE.search(left)
    if word is None:
        return True
    if _INITIALS.match(word.group()):
        return letter_ends(text, match.start())
    if word.group() in MAY_END:
        return bool(ENDS_SENTENCE.match(text, match.start() + 1))
    numbered = word.group() in BEFORE_FIGURES and following.isdigit()
    return not (word.group() in NEVER_END or numbered or _ITEM_BEFORE.search(left))


def _gathered(sentences: list[Piece], limit: int) -> Iterator[Piece]:
    """Sentences, with short ones and those of one quotation together as far as `limit` goes."""
    held: Piece | None = None
    for sentence in sentences:
        if held is None:
            held = sentence
            continue
        short = min(weight(held.text), weight(sentence.text)) < _SHORT
        total = weight(held.text) + weight(sentence.text) + 1
        if (short and total <= limit // 2) or (_is_open(held.text) and total <= limit):
            gap = " " * (sentence.start - held.end)
            held = Piece(held.text + gap + sentence.text, held.start, sentence.end)
        else:
            yield held
            held = sentence
    if held is not None:
        yield held


def _is_open(text: str) -> bool:
    """Whether a quotation or a bracket is open at the end."""
    depth = sum(map(text.count, _OPENS)) - sum(map(text.count, _CLOSES))
    return depth > 0 or text.count('"') % 2 == 1


def _cut(text: str, start: int, end: int, aim: float, limit: int) -> int:
    """Where a piece that begins at `start` ends best: after a clause, near its aim.

    Words that nothing parts, as in Chinese, are only cut where the piece would be longer than `limit`.
    """
    near = _reach(text, start, end, min(limit, aim * _STRETCH))
    far = _reach(text, start, end, limit)
    if near == end:
        return end
    return (
        _best(_CUT, text, start, near, aim)
        or _best(_CUT, text, start, far, aim)
        or (end if far == end else 0)
        or _best(_PARTICLE, text, start, near, aim)
        or _best(_PARTICLE, text, start, far, aim)
        or _best(_IDEOGRAPH, text, start, near, aim)
        or _best(_IDEOGRAPH, text, start, far, aim)
        or max(far, start + 1)
    )


def _reach(text: str, start: int, end: int, most: float) -> int:
    """How far `most` phonemes go."""
    reach, total = start, 0
    while reach < end and total + _weight(text[reach]) <= most:
        total += _weight(text[reach])
        reach += 1
    return reach


def _best(cuts: re.Pattern[str], text: str, start: int, reach: int, aim: float) -> int:
    """The strongest cut up to `reach`, near `aim` and outside quotations; 0 if there is none."""
    best, best_score = 0, float("-inf")
    position, so_far, depth = start, 0, 0
    for match in cuts.finditer(text, start + 1, reach + 1):
        at = match.end()
        passed = text[position:at]
        so_far += weight(passed)
        depth += sum(map(passed.count, _OPENS)) - sum(map(passed.count, _CLOSES))
        position = at
        kind = match.lastgroup or "space"
        if so_far < aim * 0.3 or at > reach or (kind == "space" and _keeps_together(text, at)):
            continue
        inside = depth > 0
        score = _STRENGTH[kind] * (0.2 if inside else 1.0) + 1 - abs(so_far - aim) / aim
        if score > best_score:
            best, best_score = at, score
    return best


def _keeps_together(text: str, at: int) -> bool:
    """Whether the space at `at` is inside a number with its unit, or after an abbreviation."""
    word = _WORD_BEFORE.search(text[max(0, at - 12) : at])
    if text[at + 1 : at + 2].isdigit():
        return True
    return word is not None and (word.group()[-1].isdigit() or word.group().rstrip(".") in NEVER_END)
