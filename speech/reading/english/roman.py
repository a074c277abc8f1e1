"""Roman numerals: parts of books and plays, wars, kings, centuries, sequels."""

from __future__ import annotations

import re

from speech.reading.english.numbers import cardinal, ordinal
from speech.reading.english.rules import ENDS_SENTENCE, after, before, rule

_ROMAN = r"(?P<numeral>(?=[IVX]|[LC][IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?P<possessive>'s\b)?(?![\w'])"
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_PARTS = (
    "Chapter|Part|Volume|Book|Act|Scene|Section|Article|Appendix|Phase|Type|Class|Level|Stage|Grade|Tier|War|Bowl|"
    "Title|Figure|Table|Mark|Mk|Vol|Episode|Unit|Module|Lesson|Step|Round|Annex|Schedule|chapter|part|volume|book|act|"
    "scene|section|article|phase|type|class|level|stage|grade|tier"
)
_KINGS = (
    "Henry|Louis|Elizabeth|Charles|George|James|Edward|William|Richard|Philip|Pius|Paul|Benedict|Leo|Francis|Frederick|"
    "Napoleon|Nicholas|Alexander|Ivan|Peter|Catherine|Gustav|Christian|Harald|Wilhelm|Felipe|Carlos|Innocent|Gregory|"
    "Clement|Urban|Boniface|Ramses|Ramesses|Cleopatra|Ptolemy|Mehmed|Otto|Haakon|Margrethe"
)


def _figure(match: re.Match[str]) -> str:
    """'XIV' -> '14': a digit in front of a greater one is subtracted."""
    values = [_VALUES[letter] for letter in match["numeral"]]
    total = 0
    for i, value in enumerate(values):
        total += value if value >= max(values[i:]) else -value
    return str(total)


def _possessive(match: re.Match[str]) -> str:
    """The 's of World War II's, or ''."""
    return match["possessive"] or ""


def _roman_part(match: re.Match[str]) -> str | None:
    if len(match["numeral"]) == 1 and not _is_numeral(match):
        return None
    return f"{match['part']} {cardinal(_figure(match))}{_possessive(match)}"


def _is_numeral(match: re.Match[str]) -> bool:
    """Whether I, V or X is a numeral, and not the pronoun, an initial, or the name of a type."""
    part, letter = match["part"], match["numeral"]
    if part == "Mark" and re.match(r"\.[ ][A-Z]", after(match)):
        return bool(ENDS_SENTENCE.match(match.string, match.end() + 1))
    if letter == "I":
        return part[0].isupper() and not _is_pronoun(match)
    return letter == "V" or part.lower() not in ("type", "class")


def _is_pronoun(match: re.Match[str]) -> bool:
    """Whether the I in "The Book I read" is the pronoun.

    After "the" it is the pronoun, unless a word follows that only a numeral can precede. Without "the" (Stage I breast
    cancer) it is a numeral, unless a verb such as "think" follows.
    """
    following = re.match(r"\s([a-z]+)", after(match))
    if not following or re.search(r"(?:World|Super)[ ]$", before(match)):
        return False
    if _DETERMINER.search(before(match)):
        return not _AFTER_NUMERAL.fullmatch(following[1])
    return bool(_AFTER_PRONOUN.fullmatch(following[1]))


_DETERMINER = re.compile(r"\b(?:the|this|each|every|any|only|first|last)[ ]$", re.IGNORECASE)
_AFTER_PRONOUN = re.compile(
    "am|believe|do|doubt|feel|guess|have|hope|know|like|love|mean|need|promise|said|see|suppose|swear|think|thought|"
    "understand|want|wanted|wish|wonder"
)
_AFTER_NUMERAL = re.compile(
    "of|and|or|to|in|on|at|by|for|from|with|is|are|a|an|the|this|that|it|we|he|she|you|they|"
    "error|trial|study|diabetic|disease|cancer|tumou?r|lesion|reaction|hypersensitivity|collagen|interferon|trauma|"
    "clinical|scene|drug|substance|supernova|civilization|tank|railroad|supplier|building|listed|funding|school|"
    "(?!always|sometimes|was)[a-z]+[^s]s"
)
"""Words that follow a numeral but not the pronoun: function words, nouns such as "error", and most words that end with
an s, because no verb after "I" does."""


def _roman_king(match: re.Match[str]) -> str:
    return f"{match['name']} the {ordinal(_figure(match))}{_possessive(match)}"


def _roman_century(match: re.Match[str]) -> str:
    return ordinal(_figure(match))


def _roman_sequel(match: re.Match[str]) -> str | None:
    named = re.search(r"[A-Z][a-z]+[ ]$", before(match))
    return cardinal(_figure(match)) + _possessive(match) if named else None


ROMAN_RULES = (
    rule(rf"(?P<part>{_PARTS})[ ]{_ROMAN}", _roman_part),
    rule(rf"(?P<name>{_KINGS})[ ](?![IVXLC](?![IVXLC])){_ROMAN}", _roman_king),
    rule(rf"(?=[IVX]{{2,5}}\b){_ROMAN}(?=(?:th)?[ ](?:century|centuries|Century|Olympi))", _roman_century),
    rule(r"(?P<numeral>II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XVI)(?P<possessive>'s\b)?(?![\w'])", _roman_sequel),
)
"""Tried where a word begins."""
