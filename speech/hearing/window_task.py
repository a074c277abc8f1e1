"""A window on its way through the decoder: the attempts to decode it, and the guards that judge their results.

Reference: openai/whisper, transcribe.py (temperature fallback, no-speech rule).
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from speech.hearing.batch import EncodedAudio
from speech.hearing.decoding import Hypothesis
from speech.hearing.whisper import Whisper
from speech.hearing.windows import Window
from speech.types import INPUT_RATE_HZ, TranscribeOptions

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Temperatures to try in turn when a result is bad. Source: openai/whisper, transcribe.py."""
SHORT_PADDING_S = 4.0
"""Seconds of silence encoded after a window's audio in the first attempt, instead of silence up to 30 s.

4 s changed 4 of 568 English words. With 2 s Whisper generated text without end.
"""


@dataclass(frozen=True)
class Decoded:
    """The best hypothesis for a window in one attempt, with the figures that the guards look at.

    `no_speech_prob` is the probability, from 0 to 1, that Whisper gives to the window holding no speech.
    """

    hypothesis: Hypothesis
    text: str
    temperature: float
    no_speech_prob: float

    @property
    def compression_ratio(self) -> float:
        """Bytes of text for each byte of its zlib compression; 0 without text. High values mean repetition."""
        data = self.text.encode()
        return len(data) / len(zlib.compress(data)) if data else 0.0

    def is_silence(self, options: TranscribeOptions) -> bool:
        """Whether the window holds no speech: probably none, and the text is improbable too."""
        unlikely = self.hypothesis.score < options.logprob_threshold
        return self.no_speech_prob > options.no_speech_threshold and unlikely

    def is_good(self, options: TranscribeOptions) -> bool:
        """Whether no further attempt is needed: silence, or probable text without repetition."""
        if self.is_silence(options):
            return True
        repetitive = self.compression_ratio > options.compression_ratio_threshold
        return not repetitive and self.hypothesis.score >= options.logprob_threshold


@dataclass(frozen=True)
class Attempt:
    """One way to decode a window: seconds of audio and silence to encode, and the sampling temperature."""

    context_s: float
    temperature: float


@dataclass
class DetectedLanguage:
    """The language of an utterance or file, shared by all its windows.

    `code` (ISO 639-1) is None until the first window has been decoded; `probability` is from 0 to 1.
    """

    code: str | None
    probability: float

    @classmethod
    def expected(cls, whisper: Whisper, options: TranscribeOptions) -> DetectedLanguage:
        """The only language that may be spoken, or English if the model knows no other; else one to detect."""
        possible = options.possible_languages if whisper.tokenizer.multilingual else ("en",)
        return cls(possible[0], 1.0) if len(possible) == 1 else cls(None, 0.0)

    def detect(self, probabilities: dict[str, float]) -> str:
        """Set the language to the most probable one of `probabilities`; returns its code."""
        self.code = max(probabilities, key=lambda language: probabilities[language])
        self.probability = probabilities[self.code]
        return self.code


class WindowTask:
    """A window and the attempts to decode it that are left; it starts with the first of them.

    `prefix`: tokens that every result begins with, whatever the audio says. `max_tokens`: limit on the number of tokens
    of a result, prefix included; None stands for the model's limit. `encoded`: the encoder's output for the current
    attempt, kept while the next attempt encodes the same audio. `obsolete`: the result is no longer wanted.
    """

    def __init__(
        self,
        window: Window,
        options: TranscribeOptions,
        language: DetectedLanguage,
        attempts: Iterable[Attempt],
        prefix: Hypothesis | None = None,
        max_tokens: int | None = None,
    ) -> None:
        self.window = window
        self.options = options
        self.language = language
        self.prefix = prefix or Hypothesis()
        self.max_tokens = max_tokens
        self.encoded: EncodedAudio | None = None
        self.obsolete = False
        self._attempts = deque(attempts)
        self._rejected: list[Decoded] = []

    @property
    def attempt(self) -> Attempt:
        """The current attempt."""
        return self._attempts[0]

    @property
    def duration_s(self) -> float:
        """Seconds of audio in the window, without padding."""
        return len(self.window.pcm) / INPUT_RATE_HZ

    def judge(self, decoded: Decoded) -> Decoded | None:
        """The final result for the window, or None if the next attempt must be decoded.

        A good result is taken at once. When no attempt is left, the best of the bad ones is taken.
        """
        if decoded.is_good(self.options):
            return decoded
        self._rejected.append(decoded)
        failed = self._attempts.popleft()
        if not self._attempts:
            return max(self._rejected, key=self._preference)
        if self.attempt.context_s != failed.context_s:
            self.encoded = None
        return None

    def _preference(self, decoded: Decoded) -> tuple[bool, float]:
        """Sort key: text without repetition first, then by score."""
        repetitive = decoded.compression_ratio > self.options.compression_ratio_threshold
        return (not repetitive, decoded.hypothesis.score)


def first_attempt(window: Window, temperature: float, window_s: float) -> Attempt:
    """The cheapest attempt: short padding. `window_s`: seconds of the model's longest window."""
    return Attempt(min(len(window.pcm) / INPUT_RATE_HZ + SHORT_PADDING_S, window_s), temperature)


def all_attempts(window: Window, temperature: float, window_s: float) -> list[Attempt]:
    """Short padding first, then the model's whole window; then higher temperatures if `temperature` is 0."""
    short = first_attempt(window, temperature, window_s)
    temperatures = TEMPERATURES if temperature == 0 else (temperature,)
    return ([short] if short.context_s < window_s else []) + [Attempt(window_s, t) for t in temperatures]
