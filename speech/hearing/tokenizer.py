"""Whisper's vocabulary: text, special and timestamp tokens, and words (reference: openai/whisper, tokenizer.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Tokenizer as Vocabulary

from speech.types import Task

TIMESTAMP_STEP_S = 0.02
_UNSPACED_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
_OPENING = "\"'“¿([{-"
_CLOSING = "\"'.。,，!！?？:：”)]}、"


class Tokenizer:
    """Token ids and what they mean; `vocabulary_size` is the number of logits, which tells the two families apart."""

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
            raise ValueError(f"tokenizer.json has no {token}: not a Whisper tokenizer")
        return int(found)

    @property
    def special(self) -> tuple[int, ...]:
        """Tokens that steer the decoder and may never be generated (<|endoftext|> and timestamps may)."""
        return tuple(range(self.sot, self.timestamp_begin))

    def sot_sequence(self, language: str, task: Task) -> tuple[int, ...]:
        """The start sequence: <|startoftranscript|>, and unless the model knows English only, language and task."""
        if language not in self.languages:
            return (self.sot,)
        return (self.sot, self.languages[language], self.tasks[task])

    def encode(self, text: str) -> list[int]:
        return list(self._vocabulary.encode(text, add_special_tokens=False).ids)

    def decode(self, tokens: Iterable[int]) -> str:
        """Text of the text tokens among `tokens`."""
        return str(self._vocabulary.decode([token for token in tokens if token < self.eot]))

    def is_timestamp(self, token: int) -> bool:
        return token >= self.timestamp_begin

    def seconds(self, timestamp: int) -> float:
        return (timestamp - self.timestamp_begin) * TIMESTAMP_STEP_S

    def words(self, tokens: Sequence[int], language: str) -> list[tuple[str, int]]:
        """(word, number of its tokens) for text tokens; marks are glued to the word that they belong to."""
        pieces = self._characters(tokens)
        if language not in _UNSPACED_LANGUAGES:
            pieces = _join_at_spaces(pieces)
        return _attach_marks(pieces)

    def _characters(self, tokens: Sequence[int]) -> list[tuple[str, int]]:
        """Smallest runs of tokens that are whole characters (a token may hold a part of a UTF-8 sequence)."""
        pieces: list[tuple[str, int]] = []
        start = 0
        for end in range(1, len(tokens) + 1):
            text = self.decode(tokens[start:end])
            if "\ufffd" not in text or end == len(tokens):
                pieces.append((text, end - start))
                start = end
        return pieces


def _join_at_spaces(pieces: list[tuple[str, int]]) -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = []
    for text, count in pieces:
        if not words or text.startswith(" "):
            words.append((text, count))
        else:
            words[-1] = (words[-1][0] + text, words[-1][1] + count)
    return words


def _attach_marks(pieces: list[tuple[str, int]]) -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = []
    opening = ("", 0)
    for text, count in pieces:
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
