"""Words that are not read as they are written: abbreviations, titles, hashtags, chemical formulas, names in code.

The tables are in abbreviations.py.
"""

from __future__ import annotations

import re

from speech.reading.english.abbreviations import (
    ABBREVIATIONS,
    CHEMICAL_FORMULAS,
    NEVER_END,
    NUMBERED,
    SAINTS,
    TITLES,
    TITLES_IN_SMALL_LETTERS,
    TITLES_WITH_STOP_ONLY,
)
from speech.reading.english.addresses import ADDRESS_RULES, PATH_RULES
from speech.reading.english.latex import LATEX_RULES
from speech.reading.english.letters import LETTER_RULES
from speech.reading.english.numbers import cardinal
from speech.reading.english.roman import ROMAN_RULES
from speech.reading.english.rules import Rule, after, before, keep_stop, rule


def _title(match: re.Match[str]) -> str | None:
    """Mr Smith: a title without a full stop."""
    title = match["title"]
    return None if title in TITLES_WITH_STOP_ONLY else TITLES[title]


def _title_with_stop(match: re.Match[str]) -> str | None:
    """Mr. Smith, mr. smith."""
    title = match["title"]
    if title.islower() and title not in TITLES_IN_SMALL_LETTERS:
        return None
    is_title = title not in TITLES_WITH_STOP_ONLY or re.match(r"\s+[A-Z]", after(match))
    return TITLES[title.capitalize()] if is_title else None


def _abbreviation(match: re.Match[str]) -> str:
    name = match.group()
    return ABBREVIATIONS[name] if name.rstrip(".") in NEVER_END else keep_stop(match, ABBREVIATIONS[name])


def _versus(match: re.Match[str]) -> str | None:
    """Roe v. Wade: v between names."""
    named = re.search(r"(?:\b[A-Z][\w.'-]*|\bal\.),?[ ]$", before(match))
    return "versus" if named else None


def _numbered(match: re.Match[str]) -> str:
    return NUMBERED[match["name"]]


def _after_name(match: re.Match[str]) -> bool:
    """Whether a capitalised word or an ordinal (5th) is in front of the match."""
    return bool(re.search(r"(?:[A-Z][\w'’-]*|[0-9](?:st|nd|rd|th))[ ]$", before(match)))


def _street_or_saint(match: re.Match[str]) -> str | None:
    """Main St., but St. Louis."""
    if re.match(rf"[ ](?:{SAINTS})\b", after(match), re.IGNORECASE):
        return "Saint"
    if _after_name(match):
        return keep_stop(match, "Street")
    return "Saint" if re.match(r"[ ][A-Z]", after(match)) else keep_stop(match, "Street")


def _doctor_or_drive(match: re.Match[str]) -> str | None:
    """Dr. Smith, but 12 Maple Dr."""
    named = re.match(r"[ ][A-Z]", after(match)) or match.group() == "dr."
    if _after_name(match) and (not named or re.search(r"[0-9][ ](?:[A-Z][\w'’]+[ ]){1,3}$", before(match, 48))):
        return keep_stop(match, "Drive")
    return "Doctor" if named or match.group().endswith(".") else None


def _mention(match: re.Match[str]) -> str:
    """@user_name."""
    return "at " + " ".join(_figures_in_words(re.findall(r"[^\W\d_]+|[0-9]+", match["name"])))


def _hashtag(match: re.Match[str]) -> str:
    """#ThrowbackThursday."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+", match["name"])
    return "hashtag " + " ".join(_figures_in_words(words)).replace(" A ", " a ")


def _figures_in_words(parts: list[str]) -> list[str]:
    return [cardinal(part) if part.isdecimal() else part for part in parts]


def _letters_with_stops(match: re.Match[str]) -> str:
    """A.B.C."""
    letters = " ".join(c for c in match.group() if c != ".")
    return keep_stop(match, letters.upper())


def _snake_case(match: re.Match[str]) -> str:
    """snake_case_name."""
    return " ".join(_figures_in_words(re.findall(r"[^\W\d_]+|[0-9]+", match.group())))


def _formula(match: re.Match[str]) -> str:
    """Elements letter by letter, figures as numbers: 'CO₂' -> 'C O two', 'x₁' -> 'x one'."""
    parts = re.findall("[A-Z][a-z]?(?![a-z])|[A-Za-z]?[a-z]+|[0-9]+", match.group().translate(_SUBSCRIPTS))
    spelled = [" ".join(part.upper()) if part[0].isupper() and len(part) < 3 else part for part in parts]
    return " ".join(_figures_in_words(spelled))


def _subscript(match: re.Match[str]) -> str:
    return cardinal(match.group().translate(_SUBSCRIPTS))


_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _any_of(words: dict[str, str]) -> str:
    """A pattern that matches any key of `words`, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_COMPARISONS = {"<=": "is at most", ">=": "is at least", "!=": "is not equal to"}


def _heart(match: re.Match[str]) -> str | None:
    """I <3 you."""
    return "love" if re.search(r"\b(?:I|we|We|you|You|they|They)[ ]$", before(match)) else None


WORD_RULES: tuple[Rule, ...] = (
    *ADDRESS_RULES,
    rule(rf"(?:{_any_of(ABBREVIATIONS)})(?!\w)", _abbreviation),
    rule(rf"(?P<name>{_any_of(NUMBERED)})(?=[ ]?[0-9])", _numbered),
    rule(r"v\.?(?=[ ][A-Z])", _versus),
    rule(r"St\b\.?|(?:ST|st)\.", _street_or_saint),
    rule(r"Dr\b\.?|(?:DR|dr)\.", _doctor_or_drive),
    rule(rf"(?P<title>{'|'.join(TITLES)})\.(?=\s{{1,4}}(?u:[^\W\d_]))", _title_with_stop, re.IGNORECASE),
    rule(rf"(?P<title>{'|'.join(TITLES)})(?=[ ][A-Z])", _title),
    *ROMAN_RULES,
    rule(r"(?:[A-Za-z]\.){2,8}", _letters_with_stops),
    *LETTER_RULES,
    rule(r"(?:[A-Za-z]{1,12}[₀-₉]{1,4}){1,8}[A-Za-z]{0,12}", _formula),
    rule(rf"(?:{CHEMICAL_FORMULAS})e?(?!\w)", _formula),
    rule(r"[^\W\d]{1,64}(?:_{1,3}[A-Za-z0-9]{1,64}){1,8}", _snake_case),
)
"""Tried where a word begins."""

MARK_RULES: tuple[Rule, ...] = (
    *PATH_RULES,
    *LATEX_RULES,
    rule(r"@(?P<name>\w{1,40})", _mention),
    rule(r"\#(?=[0-9]{1,9}\b)", lambda match: "number"),
    rule(r"\#(?P<name>[^\W\d_]\w{0,80})", _hashtag),
    rule(r"[₀-₉]{1,4}", _subscript),
    rule(r"(?P<name>№|§)(?=[ ]?[0-9])", _numbered),
    rule(r"\.(?=NET\b)", lambda match: "dot"),
    rule(r"[-=]{1,2}>", lambda match: "to"),
    rule(r"[<>!]=|={2,3}", lambda match: _COMPARISONS.get(match.group(), "equals")),
    rule(r"<3(?=\s)", _heart),
)
"""Tried at a sign."""
