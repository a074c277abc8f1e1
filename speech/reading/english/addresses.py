"""Web addresses, e-mail addresses and file paths."""

from __future__ import annotations

import re

from speech.reading.english.numbers import cardinal, digits
from speech.reading.english.rules import Rule, rule

_TOP_LEVEL_DOMAINS = (
    "com|org|net|edu|gov|io|dev|ai|app|info|co|uk|us|eu|de|fr|es|it|nl|jp|cn|in|br|ca|au|ch|tv|me|xyz|tech|blog|biz"
)
"""Endings by which an address is recognised without https:// or www in front of it."""
_FILE_EXTENSIONS = (
    "py|js|ts|jsx|tsx|html|css|txt|md|json|ya?ml|toml|ini|cfg|csv|tsv|xml|pdf|docx?|xlsx?|pptx?|zip|gz|tar|exe|dll|so|"
    "conf|env|lock|jpe?g|png|gif|svg|mp3|mp4|wav|flac|ogg|mov|avi|sh|bat|cpp|hpp|rs|go|rb|java|kt|swift|sql|log|onnx"
)
_SAID_AS_WORD = frozenset({
    "com", "org", "net", "dot", "info", "dev", "app", "tech", "blog", "biz", "me", "java", "swift", "zip", "tar", "wav",
    "gif", "so", "go", "bat", "log", "jpeg", "jpg", "json", "css",
})  # fmt: skip
"""Endings that are read as words. Other endings of up to three letters are spelled."""
_MARKS = {".": "dot", "/": "slash", "-": "dash", "_": "underscore", "~": "tilde", ":": "colon", "@": "at",
          "+": "plus", "#": "hash", "%": "percent", "\\": "backslash"}  # fmt: skip
_SPELLED = re.compile("[b-df-hj-np-tv-xz]+|a|etc", re.IGNORECASE)
"""Parts that are spelled: those without a vowel, the single letter a, and the folder etc."""
_NAME = r"[\w.@+%=-]{0,64}\w(?!(?u:\w))"
_LONGEST_PATH = 40
"""Longest path of a web address that is read out, in characters."""


def _spell_address(address: str) -> str:
    """Names as words, marks by their names: 'my-x.io/tmp' -> 'my dash X dot I O slash T M P'."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+|[^\w]|_", address)
    said = [_spell_part(part, is_ending=i > 0 and parts[i - 1] == ".") for i, part in enumerate(parts)]
    return " ".join(part for part in said if part)


def _spell_part(part: str, *, is_ending: bool) -> str:
    """A name as a word or letter by letter, a number in words, a mark by its name."""
    if part.isdecimal():
        return cardinal(part) if len(part) < 5 else digits(part)
    if not part.isalpha():
        return _MARKS.get(part, "")
    short_ending = is_ending and len(part) < 4 and part.lower() not in _SAID_AS_WORD
    return " ".join(part.upper()) if short_ending or _SPELLED.fullmatch(part) else part


def _url(match: re.Match[str]) -> str:
    host, path = match["host"], match["path"] or ""
    path = path.partition("?")[0].partition("#")[0].rstrip("/")
    return _spell_address(host + (path if len(path) <= _LONGEST_PATH else ""))


def _address(match: re.Match[str]) -> str:
    return _spell_address(match.group())


def _path(match: re.Match[str]) -> str:
    return _spell_address(match["path"])


def _domain(match: re.Match[str]) -> str | None:
    """An address, unless it is two sentences with no space between them: 'I like it.In the end'."""
    name, _, ending = match.group().rpartition(".")
    is_first_word = ending in ("In", "It", "Me", "Us") or (ending.istitle() and name.islower())
    return None if is_first_word else _address(match)


def _in_brackets(match: re.Match[str]) -> str | None:
    """An address in angle brackets, which are not read out: 'John <john@example.com>'."""
    for pattern, say in ADDRESS_RULES:
        address = pattern.fullmatch(match["address"])
        if address:
            return say(address)
    return None


ADDRESS_RULES: tuple[Rule, ...] = (
    rule(
        r"(?:https?://|ftp://|(?=www\.))(?P<host>\w(?:[\w.-]{0,98}\w)?(?::[0-9]{1,5})?)"
        r"(?P<path>(?:/|[?\#](?=\w))(?:[^\s<>\"'”’)\]]{0,2000}[^\s<>\"'”’)\].,;:!?])?)?",
        _url,
        re.IGNORECASE,
    ),
    rule(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,12}\b", _address),
    rule(
        rf"(?:[a-z0-9-]{{1,63}}\.){{1,5}}(?:{_TOP_LEVEL_DOMAINS})(?:/[\w./-]{{0,40}}[\w/])?(?![\w.]\w|\w)",
        _domain,
        re.IGNORECASE,
    ),
    rule(rf"[\w-]{{1,64}}\.(?:{_FILE_EXTENSIONS})(?!\w)", _address),
    rule(rf"[A-Za-z]:(?:\\{_NAME}){{1,20}}", _address),
)
"""Tried where a word begins."""

PATH_RULES = (
    rule(r"<(?:mailto:)?(?P<address>[^\s<>]{1,2000})>", _in_brackets),
    rule(rf"(?<![^\s\"'(\[`*=:,>])(?P<path>(?:~|\.{{1,2}})?(?:/{_NAME}){{1,20}})(?:/(?!(?u:\w)))?", _path),
)
"""Tried at a sign, such as < or /."""
