"""Text -> speech, step by step: a generator that gives sound as soon as there is some.

The first piece of a text is small, so that sound comes early; each step takes a fraction of a second to a second or
two, so that whoever runs it can serve several texts in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speech.emotions import EMOTIONS
from speech.events import TimedWord
from speech.reading.phonemes import check_language
from speech.reading.splitting import FIRST
from speech.speaking.kokoro import ACOUSTIC_FRAME, Acoustics, Kokoro
from speech.speaking.limiter import limited
from speech.speaking.silence import silence, trimmed
from speech.speaking.utterances import Utterance, utterances
from speech.speaking.voices import Voice
from speech.types import OUTPUT_RATE_HZ, SynthesizeOptions

Float = NDArray[np.float32]

PAUSES_S = {".": 0.4, "!": 0.4, "?": 0.4, "…": 0.45, ":": 0.3, ";": 0.3, "—": 0.2, ",": 0.2}
"""Pause after a piece that ends with this mark, when another one follows; at speed 1."""
NO_MARK_PAUSE_S = 0.03
_CLOSING = '”") '
"""Symbols that may follow the mark."""
_SLOW = 0.6
"""The speed at which the longest piece is 20 s of sound, and so seconds of work in one step: when it is slower, pieces
are shorter. (Not before: a voice's style depends on the number of phonemes.)"""


@dataclass(frozen=True)
class AudioChunk:
    """The next piece of the speech: an utterance with the pause before it, or the silence at the end."""

    pcm: Float
    id: int
    start: float
    utterance: Utterance | None = None
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True)
class Speaker:
    """Options that were checked against the engine."""

    voice: Voice
    language: str
    precision: str
    options: SynthesizeOptions


def speaker(kokoro: Kokoro, options: SynthesizeOptions) -> Speaker:
    """Raises: BadParameter for a voice, a language or a precision that there is not."""
    voice = kokoro.voices.find(options.voice)
    return Speaker(voice, _language(options.language, voice), kokoro.check_precision(options.precision), options)


def _language(given: str, voice: Voice) -> str:
    """A British voice asked for English reads British English."""
    if not given:
        return voice.language
    language, own = check_language(given), voice.language
    any_region = "-" not in given.replace("_", "-") and language.partition("-")[0] == own.partition("-")[0]
    return own if any_region else language


def synthesize(kokoro: Kokoro, text: str, speaker: Speaker) -> Iterator[AudioChunk | None]:
    """Chunks of the speech in order, one an utterance; None where a step has made no sound yet."""
    options, emotion = speaker.options, EMOTIONS[speaker.options.emotion]
    speed = options.speed * emotion.speed
    share = min(1.0, speed / _SLOW)
    limit, first = round(options.chunk_length * share), round(FIRST * share)
    position, number = 0, 0
    before: Utterance | None = None
    for number, utterance in enumerate(utterances(text, speaker.language, first=first, limit=limit)):
        acoustics = kokoro.prepare(utterance.symbols, speaker.voice, speed, emotion)
        yield None
        pause_s = options.lead_in_s if before is None else _pause_s(text, before, utterance) / speed
        lead, sound = trimmed(kokoro.generate(acoustics, speaker.precision))
        pcm = np.concatenate([silence(pause_s), limited(sound * np.float32(emotion.gain))])
        words = _timed(utterance, acoustics, position + len(pcm) - len(sound) - lead, position + len(pcm))
        yield AudioChunk(pcm, number, position / OUTPUT_RATE_HZ, utterance, words)
        position += len(pcm)
        before = utterance
    yield AudioChunk(silence(options.trailing_silence_s), number, position / OUTPUT_RATE_HZ)


def _pause_s(text: str, before: Utterance, after: Utterance) -> float:
    """At speed 1. The end of a line is the end of a sentence: of a heading, an item, a paragraph."""
    mark = before.symbols.rstrip(_CLOSING)[-1:]
    if mark not in PAUSES_S and "\n" in text[before.end : after.start]:
        mark = "."
    return PAUSES_S.get(mark, NO_MARK_PAUSE_S)


def _timed(utterance: Utterance, acoustics: Acoustics, origin: int, end: int) -> tuple[TimedWord, ...]:
    """Times of an utterance's words; its frame 0 is the sample `origin` of the speech, and its sound ends at `end`."""
    # Token 0 is the pad before the first symbol, so symbol i ends where token i + 1 does, and begins where i does.
    times = np.clip(origin + acoustics.ends * ACOUSTIC_FRAME, 0, end) / OUTPUT_RATE_HZ
    return tuple(
        TimedWord(
            word=word.word,
            start=round(float(times[word.first]), 3),
            end=round(float(times[word.last]), 3),
            text_start=word.start,
            text_end=word.end,
        )
        for word in utterance.words
    )
