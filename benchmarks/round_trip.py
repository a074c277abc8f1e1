"""Speech is transcribed by our own server: word errors by voice, and where they are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import httpx2
import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

from benchmarks.sentences import Sentence
from benchmarks.speakers import Speaker

_NORMAL = EnglishTextNormalizer()


@dataclass(frozen=True)
class Heard:
    """A sentence that a voice has spoken, and its transcript."""

    who: str
    """The speaker: tritone, or a peer."""
    voice: str
    text: str
    heard: str
    """The transcript."""
    words: int
    errors: int
    changes: str
    """The wrong words as `said>heard`."""


class Listener(Protocol):
    """Transcribes a WAV file."""

    def hear(self, wav: bytes) -> str: ...


class TritoneListener:
    """Transcribes with `POST /v1/audio/transcriptions` of the server under test."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def hear(self, wav: bytes) -> str:
        fields = {"model": "whisper-1", "language": "en", "response_format": "text"}
        answer = self._client.post("/v1/audio/transcriptions", data=fields, files={"file": ("speech.wav", wav)})
        return str(answer.raise_for_status().text).strip()


def round_trip(
    speaker: Speaker, listener: Listener, sentences: Sequence[Sentence], voices: Sequence[str], clients: int
) -> list[Heard]:
    """Every sentence in every voice, in order; `clients` requests at once."""

    def one(turn: tuple[str, Sentence]) -> Heard:
        voice, sentence = turn
        heard = listener.hear(speaker.wav(sentence.text, voice))
        found = Heard(speaker.name, voice, sentence.text, heard, *compare(sentence, heard))
        if found.errors:
            print(f"{found.who} {found.voice}: {found.changes} in {found.text!r}", file=sys.stderr, flush=True)
        return found

    turns = [(voice, sentence) for voice in voices for sentence in sentences]
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, turns))


def compare(sentence: Sentence, heard: str) -> tuple[int, int, str]:
    """The number of words, of wrong words, and the wrong words as `said>heard`, by the spelling that fits best."""
    outputs = [jiwer.process_words(_NORMAL(written), _NORMAL(heard)) for written in (sentence.text, *sentence.also)]
    best = min(outputs, key=lambda output: output.substitutions + output.deletions + output.insertions)
    said, got = best.references[0], best.hypotheses[0]
    changes = [
        f"{' '.join(said[a.ref_start_idx : a.ref_end_idx])}>{' '.join(got[a.hyp_start_idx : a.hyp_end_idx])}"
        for a in best.alignments[0]
        if a.type != "equal"
    ]
    return len(said), best.substitutions + best.deletions + best.insertions, ", ".join(changes)


def error_rates(heard: Sequence[Heard]) -> list[dict[str, Any]]:
    """A row for each speaker and voice, and one for each speaker with all voices together."""
    rows = []
    for who in dict.fromkeys(item.who for item in heard):
        theirs = [item for item in heard if item.who == who]
        voices = list(dict.fromkeys(item.voice for item in theirs))
        groups = {voice: [item for item in theirs if item.voice == voice] for voice in voices}
        if len(voices) > 1:
            groups["all"] = theirs
        for voice, items in groups.items():
            words, errors = sum(item.words for item in items), sum(item.errors for item in items)
            rows.append(
                {
                    "who": who,
                    "voice": voice,
                    "sentences": len(items),
                    "wrong_sentences": sum(item.errors > 0 for item in items),
                    "words": words,
                    "errors": errors,
                    "wer_percent": round(100 * errors / words, 2),
                }
            )
    return rows


def wrong(heard: Sequence[Heard]) -> list[dict[str, Any]]:
    """The items with errors, grouped by sentence; those with the most errors over all voices first."""
    total: dict[tuple[str, str], int] = {}
    for item in heard:
        total[item.who, item.text] = total.get((item.who, item.text), 0) + item.errors
    found = [item for item in heard if item.errors]
    return [asdict(item) for item in sorted(found, key=lambda item: (-total[item.who, item.text], item.text))]
