"""One text -> its audio: a generator of chunks, one for each utterance, each yielded as soon as it is synthesized.

The first utterance of a text is short, so that audio comes early. A step of the generator takes from a fraction of a
second to two seconds of work. Between steps its caller, speech/speaking/scheduler.py, can work on other texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speech.emotions import EMOTIONS
from speech.events import TimedWord
from speech.reading.phonemes import check_language
from speech.reading.splitting import FIRST, weight
from speech.reading.tags import Passage, passages
from speech.speaking.kokoro import SAMPLES_PER_FRAME, Acoustics, Kokoro
from speech.speaking.limiter import limit_peaks
from speech.speaking.silence import silence, trim_silence
from speech.speaking.utterances import Utterance, utterances
from speech.speaking.voices import Voice
from speech.types import MAX_SPEED, MIN_SPEED, OUTPUT_RATE_HZ, SynthesizeOptions

Float = NDArray[np.float32]

PAUSES_S = {".": 0.4, "!": 0.4, "?": 0.4, "…": 0.45, ":": 0.3, ";": 0.3, "—": 0.2, ",": 0.2}
"""Seconds of pause, at speed 1, between an utterance that ends with this mark and the next one."""
NO_MARK_PAUSE_S = 0.03
"""Seconds of pause, at speed 1, after an utterance that ends without a mark."""
_CLOSING = '”") '
"""Symbols that may follow the mark."""
_FULL_LENGTH_SPEED = 0.6
"""Below this speed utterances get shorter.

At this speed the longest utterance is 20 s of audio, which takes seconds of work in a single step. At higher speeds
utterances keep their length, because the style of a voice depends on the number of phonemes.
"""


@dataclass(frozen=True)
class AudioChunk:
    """Part of the speech of a text: an utterance with the pause before it, or silence after it."""

    pcm: Float
    """float32 [samples], 24 kHz."""
    id: int
    """Number of the utterance, from 0. Silence has the number of the utterance before it, if there is one."""
    start: float
    """Seconds of speech before this chunk."""
    utterance: Utterance | None = None
    """None for silence: the pause of a tag, and the end."""
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True)
class ResolvedOptions:
    """Options whose names the engine has accepted: the voice, the language and the precision that they mean."""

    voice: Voice
    language: str
    precision: str
    options: SynthesizeOptions


def resolve_options(kokoro: Kokoro, options: SynthesizeOptions) -> ResolvedOptions:
    """Raises: BadParameter for a voice, a language or a precision that the engine does not have."""
    voice = kokoro.voices.find(options.voice)
    return ResolvedOptions(
        voice, _resolve_language(options.language, voice), kokoro.check_precision(options.precision), options
    )


def _resolve_language(language: str, voice: Voice) -> str:
    """The language to read, by default the voice's own. For a British voice `en` is British English."""
    if not language:
        return voice.language
    resolved = check_language(language)
    has_region = "-" in language.replace("_", "-") or len(language) == 1  # Kokoro's letters a and b have one
    if not has_region and resolved.partition("-")[0] == voice.language.partition("-")[0]:
        return voice.language
    return resolved


def synthesize(kokoro: Kokoro, text: str, resolved: ResolvedOptions) -> Iterator[AudioChunk | None]:
    """The chunks of the speech in order. Yields None after a step that gave no audio yet.

    Raises: BadParameter if the pauses that tags in the text ask for are too long.
    """
    options, emotion = resolved.options, EMOTIONS[resolved.options.emotion]
    gain = np.float32(emotion.gain * options.volume_multiplier)
    position, number = 0, 0
    previous: Utterance | None = None
    paused = False  # whether a tag has taken the place of the pause before the next utterance
    for passage in passages(text):
        if passage.pause_s is not None:
            pause = silence(passage.pause_s)
            yield AudioChunk(pause, number, position / OUTPUT_RATE_HZ)
            position += len(pause)
            paused = True
        speed = min(max(options.speed * passage.rate, MIN_SPEED), MAX_SPEED) * emotion.speed
        for utterance in _utterances(text, passage, resolved, speed):
            acoustics = kokoro.prepare(utterance.symbols, resolved.voice, speed, emotion)
            yield None
            if previous is None:
                pause_s = options.lead_in_s
            else:
                pause_s = 0.0 if paused else _pause_s(text, previous, utterance) / speed
                number += 1
            cut, sound = trim_silence(kokoro.generate(acoustics, resolved.precision))
            pcm = np.concatenate([silence(pause_s), limit_peaks(sound * gain)])
            end = position + len(pcm)
            words = _timed_words(utterance, acoustics, end - len(sound) - cut, end)
            yield AudioChunk(pcm, number, position / OUTPUT_RATE_HZ, utterance, words)
            position, previous, paused = end, utterance, False
    yield AudioChunk(silence(options.trailing_silence_s), number, position / OUTPUT_RATE_HZ)


def _utterances(text: str, passage: Passage, resolved: ResolvedOptions, speed: float) -> Iterator[Utterance]:
    """The utterances of a passage. The first one may be as long as the text before the passage, because that much is
    already there to be heard."""
    shortening = min(1.0, speed / _FULL_LENGTH_SPEED)
    first = max(FIRST, weight(text[: passage.start]))
    return utterances(
        passage.text,
        resolved.language,
        first=round(first * shortening),
        limit=round(resolved.options.chunk_length * shortening),
        origin=passage.start,
    )


def _pause_s(text: str, before: Utterance, after: Utterance) -> float:
    """Seconds between two utterances at speed 1. A line without a mark, such as a heading, ends like a sentence."""
    mark = before.symbols.rstrip(_CLOSING)[-1:]
    if mark not in PAUSES_S and "\n" in text[before.end : after.start]:
        mark = "."
    return PAUSES_S.get(mark, NO_MARK_PAUSE_S)


def _timed_words(utterance: Utterance, acoustics: Acoustics, origin: int, end: int) -> tuple[TimedWord, ...]:
    """The utterance's words with their times. Its frame 0 is sample `origin` of the speech; its audio ends at `end`."""
    # Token 0 is the pad before the first symbol: symbol i starts where token i ends, and ends where token i + 1 ends.
    times = np.clip(origin + acoustics.token_ends * SAMPLES_PER_FRAME, 0, end) / OUTPUT_RATE_HZ
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
