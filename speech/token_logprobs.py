"""The log-probabilities of a text's tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from speech.records import Record


@dataclass(frozen=True, kw_only=True)
class TokenLogprob(Record):
    """A token of a transcript. The bytes of all tokens together are the text in UTF-8."""

    token: str
    """The token as text. A part of a character that several tokens share is written as U+FFFD."""
    logprob: float
    """Natural logarithm of the token's probability, at most 0."""
    bytes: tuple[int, ...]
    """The token's own bytes. They may be a part of a UTF-8 sequence."""

    @classmethod
    def of(cls, content: Sequence[int], logprob: float) -> TokenLogprob:
        """The token with these bytes."""
        return cls(token=_decode(content), logprob=logprob, bytes=tuple(content))


def spelled(tokens: Iterable[TokenLogprob]) -> str:
    """The text of all tokens together."""
    return _decode([byte for token in tokens for byte in token.bytes])


def lstripped(tokens: Sequence[TokenLogprob]) -> tuple[TokenLogprob, ...]:
    """The tokens of the text without white space before it, as str.lstrip. Those of white space only are left out."""
    text = spelled(tokens)
    surplus = len(text[: len(text) - len(text.lstrip())].encode())
    kept: list[TokenLogprob] = []
    for token in tokens:
        cut = min(surplus, len(token.bytes))
        surplus -= cut
        if not cut:
            kept.append(token)
        elif cut < len(token.bytes):
            kept.append(_with_bytes(token, token.bytes[cut:]))
    return tuple(kept)


def stripped(tokens: Sequence[TokenLogprob]) -> tuple[TokenLogprob, ...]:
    """The tokens of the text without white space around it, as str.strip."""
    text = spelled(tokens)
    surplus = len(text[len(text.rstrip()) :].encode())
    kept = list(lstripped(tokens))
    while surplus and kept:
        last = kept.pop()
        if surplus < len(last.bytes):
            kept.append(_with_bytes(last, last.bytes[:-surplus]))
        surplus -= min(surplus, len(last.bytes))
    return tuple(kept)


def _with_bytes(token: TokenLogprob, content: Sequence[int]) -> TokenLogprob:
    return replace(token, token=_decode(content), bytes=tuple(content))


def _decode(content: Sequence[int]) -> str:
    return bytes(content).decode(errors="replace")
