"""Whisper's tokens: text, special tokens and timestamps, and how text tokens form words.

Reference: openai/whisper, tokenizer.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Tokenizer as Vocabulary

from speech.types import Task

TIMESTAMP_STEP_S = 0.02
"""Seconds from one timestamp token to the next."""
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
"""Languages written without spaces between words; each character counts as a word."""
_OPENING = "\"'“¿([{-"
"""Punctuation that belongs to the word after it. Source: openai/whisper, timing.py."""
_CLOSING = "\"'.。,，!！?？:：”)]}、"
"""Punctuation that belongs to the word before it. Source: openai/whisper, timing.py."""


def _byte_of_letter() -> dict[str, int]:
    """The byte that each letter of the vocabulary stands for: byte-level BPE writes tokens in 256 visible letters.

    A byte that is a visible character of Latin-1 is that character; the others, in order, are those from U+0100 on.
    Reference: openai/gpt-2, encoder.py (bytes_to_unicode).
    """
    visible = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {chr(256 + at): byte for at, byte in enumerate(hidden)}


_BYTE_OF_LETTER = _byte_of_letter()


class Tokenizer:
    """Token ids and their meanings.

    `vocabulary_size` is the number of logits; it tells multilingual models from English-only ones. `languages` maps
    language codes (ISO 639-1) to tokens and is empty for an English-only model. Raises ValueError if `file` is not the
    tokenizer.json of a Whisper model.
    """

    def __init__(self, file: Path, vocabulary_size: int) -> None:
        self._vocabulary = Vocabulary.from_file(str(file))
        self.eot = self._id("<|endoftext|>")
        self.sot = self._id("<|startoftranscript|>")
        self.prev = self._id("<|startofprev|>")
        self.no_timestamps = self._id("<|notimestamps|>")
        self.no_speech = self.no_timestamps - 1
        self.timestamp_begin = self.no_timestamps + 1
        self.tasks: dict[Task, int] = {"translate": self._id("<|translate|>"), "transcribe": self._id("<|transcribe|>")}
        self.multilingual = vocabulary_size >= 51865
        languages = range(self.sot + 1, self.tasks["translate"]) if self.multilingual else ()
        self.languages = {str(self._vocabulary.id_to_token(i)).strip("<|>"): i for i in languages}

    def _id(self, token: str) -> int:
        found = self._vocabulary.token_to_id(token)
        if found is None:
            raise ValueError(f"tokenizer.json has no {token}: it is not the tokenizer of a Whisper model")
        return int(found)

    @property
    def special(self) -> tuple[int, ...]:
        """Special tokens that may not be generated: all but <|endoftext|> and the timestamps."""
        return tuple(range(self.sot, self.timestamp_begin))

    def sot_sequence(self, language: str, task: Task) -> tuple[int, ...]:
        """The start sequence: <|startoftranscript|>, and unless the model knows English only, language and task."""
        if language not in self.languages:
            return (self.sot,)
        return (self.sot, self.languages[language], self.tasks[task])

    def encode(self, text: str) -> list[int]:
        """The text tokens of `text`. Special tokens that are written out in it, as in <|endoftext|>, are left out."""
        ids = self._vocabulary.encode(text, add_special_tokens=False).ids
        return [token for token in ids if token < self.eot]

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of `tokens`; special tokens and timestamps are skipped."""
        return str(self._vocabulary.decode([token for token in tokens if token < self.eot]))

    def spelling(self, token: int) -> bytes:
        """The bytes of a text token, which may be a part of a UTF-8 sequence."""
        return bytes(_BYTE_OF_LETTER[letter] for letter in str(self._vocabulary.id_to_token(token)))

    def is_timestamp(self, token: int) -> bool:
        return token >= self.timestamp_begin

    def seconds(self, timestamp: int) -> float:
        """Seconds from the start of the window that a timestamp token stands for."""
        return (timestamp - self.timestamp_begin) * TIMESTAMP_STEP_S

    def words(self, tokens: Sequence[int], language: str) -> list[tuple[str, int]]:
        """Each word of the text `tokens` with the number of its tokens.

        Words keep their leading space. Punctuation is attached to the word that it belongs to.
        """
        runs = self._characters(tokens)
        if language not in _UNSPACED_LANGUAGES:
            runs = _join_at_spaces(runs)
        return _attach_punctuation(runs)

    def _characters(self, tokens: Sequence[int]) -> list[tuple[str, int]]:
        """The shortest runs of tokens that form whole characters: a token may hold a part of a UTF-8 sequence."""
        runs: list[tuple[str, int]] = []
        start = 0
        for end in range(1, len(tokens) + 1):
            text = self.decode(tokens[start:end])
            if "\ufffd" not in text or end == len(tokens):
                runs.append((text, end - start))
                start = end
        return runs


def _join_at_spaces(runs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Join each run that does not begin with a space to the run before it."""
    words: list[tuple[str, int]] = []
    for text, count in runs:
        if not words or text.startswith(" "):
            words.append((text, count))
        else:
            words[-1] = (words[-1][0] + text, words[-1][1] + count)
    return words


def _attach_punctuation(runs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Join opening punctuation to the run after it, and closing punctuation to the run before it."""
    words: list[tuple[str, int]] = []
    opening = ("", 0)
    for text, count in runs:
        text, count = opening[0] + text, opening[1] + count
        opening = ("", 0)
        if text.startswith(" ") and text.strip() and all(mark in _OPENING for mark in text.strip()):
            opening = (text, count)
        elif words and text and all(mark in _CLOSING for mark in text):
            words[-1] = (words[-1][0] + text, words[-1][1] + count)
        else:
            words.append((text, count))
    if opening[1]:
        words.append(opening)
    return words
