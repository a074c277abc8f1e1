"""Live speech as a stream: utterances, partial results while they are spoken, and final results."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from speech.engines import Engine
from speech.events import Event, Final, Partial, Segment, SpeechStarted, SpeechStopped
from speech.hearing.admission import Urgency
from speech.hearing.agreement import LocalAgreement
from speech.hearing.alignment import token_starts
from speech.hearing.decoding import Hypothesis
from speech.hearing.endpointing import Endpointer, Moment, PartialDue, UtteranceEnded, UtteranceStarted
from speech.hearing.stream import Stream
from speech.hearing.tokenizer import Tokenizer
from speech.hearing.transcription import Transcription
from speech.hearing.vad import SpeechLevels, Vad
from speech.hearing.whisper import Whisper
from speech.hearing.window_task import Decoded, DetectedLanguage, WindowTask, first_attempt
from speech.token_logprobs import TokenLogprob, stripped
from speech.types import INPUT_RATE_HZ, LiveOptions, TranscribeOptions

Float = NDArray[np.float32]

MAX_PARALLEL = 2
"""Finals of one stream that are decoded at a time. A second one exists only if audio comes faster than real time."""
MIN_PROBABILITY = 0.5
"""Lowest probability of a word that may become stable."""
MARGIN_S = 0.4
"""Seconds before the end of the audio; a word that ends later may be cut off, or be Whisper's guess at the next."""
MIN_LANGUAGE_PROBABILITY = 0.5
"""Lowest probability of the detected language at which words may become stable and the language is kept.

Below it the audio is too short to tell its language, and so its words.
"""


class LiveStream(Stream):
    """A stream whose windows are utterances. Later partials and the final begin with the stable words of a partial."""

    live = True

    def __init__(
        self,
        whisper: Whisper,
        vad: Engine,
        options: TranscribeOptions,
        live: LiveOptions,
        on_closed: Callable[[], None],
        duration_s: float = 0.0,
    ) -> None:
        super().__init__(whisper, replace(options, timestamps="word"), on_closed, duration_s)
        self._language = self._latest = DetectedLanguage.expected(whisper, options)
        self._vad = Vad(vad)
        self._endpointer = Endpointer(live, SpeechLevels.of(options.vad_threshold))
        self._partials = live.partials
        self._due: PartialDue | None = None
        self._certain = 0
        self._partial: WindowTask | None = None
        self._utterances: deque[_Utterance] = deque()
        self._finals: deque[WindowTask] = deque()
        self._events: deque[Event] = deque()

    @property
    def language(self) -> DetectedLanguage:
        """The language of the first utterance with words and a probable language; until then, the last utterance's."""
        return self._language if self._language.code else self._latest

    @property
    def urgency(self) -> Urgency | None:
        finals = self.in_flight - (self._partial is not None)
        if self._finals and finals < MAX_PARALLEL:
            return Urgency.FINAL
        return Urgency.PARTIAL if self._due and not self._partial else None

    @property
    def _waiting(self) -> int:
        return self._endpointer.buffered + sum(len(task.window.pcm) for task in self._finals)

    @property
    def _exhausted(self) -> bool:
        return not self._utterances

    def _hear(self, pcm: Float) -> None:
        for moment in self._endpointer.push(pcm, self._vad.push(pcm)):
            self._notice(moment)

    def _end(self) -> None:
        for moment in self._endpointer.end(self._vad.flush()):
            self._notice(moment)

    def _notice(self, moment: Moment) -> None:
        if isinstance(moment, UtteranceStarted):
            self._utterances.append(_Utterance(moment, self.whisper))
            self._events.append(SpeechStarted(id=moment.id, start=_seconds(moment.start)))
        elif isinstance(moment, PartialDue):
            self._due = moment if self._partials else None
        else:
            self._withdraw_partial()
            self._finals.append(self._utterances[-1].finish(moment, self.options, self._language))
            self._events.append(SpeechStopped(id=moment.id, end=_seconds(moment.end), cut=moment.cut))

    def _withdraw_partial(self) -> None:
        self._due = None
        if self._partial is not None:
            self._partial.obsolete = True
            self._partial = None
            self.in_flight -= 1

    def _next_task(self) -> WindowTask:
        if self._finals:
            return self._finals.popleft()
        assert self._due is not None
        window = self._endpointer.window(self._due.end)
        utterance = self._utterances[-1]
        attempts = [first_attempt(window, 0.0, self.whisper.window_s)]
        language = utterance.language_or(self._language)
        self._partial = WindowTask(window, self.options, language, attempts, utterance.agreement.stable)
        # A partial sometimes generates text without end. Nobody speaks more than 12 tokens a second.
        self._partial.max_tokens = 16 + round(12 * self._partial.duration_s)
        self._certain = self._due.certain
        self._due = None
        return self._partial

    def _settle(self, task: WindowTask, decoded: Decoded | None) -> None:
        if task is self._partial:
            assert decoded is not None, "a partial has one attempt"
            self._partial = None
            self._tell_partial(task, decoded)
        elif decoded is None:
            self._finals.appendleft(task)
        else:
            utterance = next(utterance for utterance in self._utterances if utterance.task is task)
            if (rest := utterance.take_final(task, decoded)) is not None:
                self._finals.appendleft(rest)
            self._tell_finals()

    def _tell_partial(self, task: WindowTask, decoded: Decoded) -> None:
        if not decoded.hypothesis.ended or not decoded.is_good(self.options) or decoded.is_silence(self.options):
            return
        utterance = self._utterances[-1]
        if task.language.probability >= MIN_LANGUAGE_PROBABILITY:
            utterance.agree(task, decoded.hypothesis, self._certain)
        tokenizer = self.whisper.tokenizer
        self._events.append(
            Partial(
                id=utterance.id,
                start=_seconds(utterance.start),
                end=_seconds(task.window.end),
                text=_said(decoded.text),
                stable=_said(tokenizer.decode(utterance.agreement.stable.tokens)),
            )
        )

    def _tell_finals(self) -> None:
        """Queue the finals that are next in order, up to the first one that is missing."""
        while self._utterances and self._utterances[0].final is not None:
            utterance = self._utterances.popleft()
            assert utterance.final is not None
            if utterance.final.text:
                self._latest = utterance.language
                if self._language.code is None and self._latest.probability >= MIN_LANGUAGE_PROBABILITY:
                    self._language = self._latest
            self._events.append(utterance.final)

    def _tell(self) -> None:
        while self._events:
            self._send(self._events.popleft())


class _Utterance:
    """An utterance from its `speech_started` event to its `final` event."""

    def __init__(self, started: UtteranceStarted, whisper: Whisper) -> None:
        self.id = started.id
        self.start = started.start
        self.language = DetectedLanguage(None, 0.0)
        self.agreement = LocalAgreement(lambda token: token < whisper.tokenizer.eot)
        self.task: WindowTask | None = None
        self.final: Final | None = None
        self._whisper = whisper
        self._transcription: Transcription
        self._end = 0

    def language_or(self, language: DetectedLanguage) -> DetectedLanguage:
        """The language of the stable words if there are any, else `language` if it is known, else one to detect."""
        known = self.language if self.language.code else language
        return known if known.code else DetectedLanguage(None, 0.0)

    def agree(self, task: WindowTask, hypothesis: Hypothesis, certain: int) -> None:
        """Let words of a partial result become stable; those that end after position `certain` may not."""
        limit_s = min(task.duration_s - MARGIN_S, _seconds(certain - task.window.start))
        ends = _certain_word_ends(self._whisper.tokenizer, hypothesis, task, limit_s)
        self.agreement.hear(hypothesis, ends)
        if self.agreement.stable.tokens:
            self.language = task.language

    def finish(self, ended: UtteranceEnded, options: TranscribeOptions, language: DetectedLanguage) -> WindowTask:
        """The task whose result becomes the final."""
        self._end = ended.end
        self.language = self.language_or(language)
        self._transcription = Transcription(self._whisper, options, self.language)
        self.task = self._transcription.start(ended.window, self.agreement.stable)
        return self.task

    def take_final(self, task: WindowTask, decoded: Decoded) -> WindowTask | None:
        """Take a result. Returns a further task if words are missing; else `final` is set."""
        self.task, _ = self._transcription.finish(task, decoded)
        if self.task is None:
            self.final = self._final(self._transcription.ready())
        return self.task

    def _final(self, segments: list[Segment]) -> Final:
        """The segments of the utterance as one event, with the worst of their figures."""
        text = _said("".join(segment.text for segment in segments))
        final = Final(
            id=self.id,
            start=_seconds(self.start),
            end=_seconds(self._end),
            language=self.language.code,
            text=text,
        )
        if not text:
            return final
        return replace(
            final,
            words=tuple(word for segment in segments for word in segment.words or ()),
            logprobs=_logprobs(segments),
            temperature=max(segment.temperature for segment in segments),
            avg_logprob=min(segment.avg_logprob for segment in segments),
            compression_ratio=max(segment.compression_ratio for segment in segments),
            no_speech_prob=max(segment.no_speech_prob for segment in segments),
        )


def _logprobs(segments: Sequence[Segment]) -> tuple[TokenLogprob, ...] | None:
    """The tokens of the text of all segments; None if they were not asked for."""
    tokens = [token for segment in segments for token in segment.logprobs or ()]
    return stripped(tokens) if tokens else None


def _said(text: str) -> str:
    """The text without space around it; empty if it is punctuation only."""
    return text.strip() if any(map(str.isalnum, text)) else ""


def _certain_word_ends(tokenizer: Tokenizer, hypothesis: Hypothesis, task: WindowTask, limit_s: float) -> list[int]:
    """The ends of the words that may become stable: for each, the number of tokens up to and including its last one.

    Stops at the first word that ends after `limit_s` seconds or is improbable.
    """
    tokens = hypothesis.tokens
    text = [i for i, token in enumerate(tokens) if token < tokenizer.eot]
    starts = token_starts(tokens, tokenizer.eot, hypothesis.attention, task.duration_s)
    ends: list[int] = []
    count = 0
    for _, own in tokenizer.words([tokens[i] for i in text], task.language.code or "en"):
        count += own
        end = text[count - 1] + 1
        probability = np.exp(np.mean([hypothesis.logprobs[i] for i in text[count - own : count]]))
        if starts[end] > limit_s or (end > len(task.prefix.tokens) and probability < MIN_PROBABILITY):
            break
        ends.append(end)
    return ends


def _seconds(samples: int) -> float:
    return round(samples / INPUT_RATE_HZ, 3)
