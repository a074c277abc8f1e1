"""One sequence of texts: said in order, events back at once, and who runs dry first."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.errors import BadParameter, EngineUnusable, SpeechError
from speech.events import Audio, Event, TimedWord, from_client
from speech.reading.phonemes import SpokenWord
from speech.speaking.synthesizer import AudioChunk, Speaker
from speech.speaking.text_queue import MUCH, SynthesisRequest, TextQueue
from speech.speaking.utterances import Utterance
from speech.speaking.voices import Voice
from speech.types import SynthesizeOptions

VOICE = Voice("af_heart", "en-us", np.empty(0, np.float32))
SOUND = np.ones(2400, np.float32)


def cast(options: SynthesizeOptions) -> Speaker:
    """One voice, that speaks English, Spanish and (if only it were installed) Chinese."""
    if options.voice not in ("default", "af_heart"):
        raise BadParameter("no such voice", "voice")
    if options.language not in ("", "en", "es", "zh"):
        raise BadParameter(f"no language {options.language!r}", "language")
    return Speaker(VOICE, options.language or "en-us", "int8", options)


def speak(text: str, speaker: Speaker) -> Iterator[AudioChunk | None]:
    """A tenth of a second for each letter, after a step without sound."""
    yield None
    if speaker.language == "zh":
        raise EngineUnusable("install jieba")
    utterance = Utterance(text, 0, len(text), text, (SpokenWord(text, 0, len(text), 0, len(text)),))
    for number in range(len(text)):
        words = (TimedWord(word=text, start=0.0, end=0.1, text_start=0, text_end=len(text)),)
        yield AudioChunk(SOUND, 0, number / 10, None if number else utterance, () if number else words)


def sent(fields: dict[str, Any]) -> Event:
    """An event as a client, or the first step of an ensemble, sends it."""
    return from_client(json.dumps(fields))


class Heard:
    """What all replies of a sequence were told, in order."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, str, dict[str, Any], int]] = []
        self.closed: list[str] = []
        self.failed: list[str] = []

    def reply(self, name: str) -> Any:
        return _Reply(self, name)

    @property
    def types(self) -> list[tuple[str, str]]:
        return [(name, event["type"]) for _, name, event, _ in self.answers]


class _Reply:
    def __init__(self, heard: Heard, name: str) -> None:
        self._heard, self._name = heard, name

    def send(self, index: int, event: Event) -> None:
        size = len(event.pcm) if isinstance(event, Audio) else 0
        self._heard.answers.append((index, self._name, {"type": event.type, **event.to_dict()}, size))

    def fail(self, error: SpeechError) -> None:
        self._heard.failed.append(self._name)

    def close(self) -> None:
        self._heard.closed.append(self._name)

    def is_cancelled(self) -> bool:
        return False


def run(speaking: TextQueue) -> None:
    while speaking.busy:
        speaking.step()


def test_a_text() -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    speaking.push(0, SynthesisRequest("abc", None, {}, heard.reply("a")))
    run(speaking)
    assert [(index, event["type"], event.get("text"), size) for index, _, event, size in heard.answers] == [
        (0, "audio", "abc", 2400),
        (1, "audio", None, 2400),
        (2, "audio", None, 2400),
        (3, "audio_done", None, 0),
    ]
    first, done = heard.answers[0][2], heard.answers[-1][2]
    assert first["words"] == [{"word": "abc", "start": 0.0, "end": 0.1, "text_start": 0, "text_end": 3}]
    assert (first["text"], first["text_start"], first["text_end"]) == ("abc", 0, 3)
    assert done == {"type": "audio_done", "duration": 0.3, "voice": "af_heart", "language": "en-us"}
    assert heard.closed == ["a"]


@given(st.permutations(range(4)))
def test_texts_are_said_in_the_order_of_their_index(order: list[int]) -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    for index in order:
        speaking.push(
            index, SynthesisRequest("ab"[: 1 + index % 2], sent({"type": "segment"}), {}, heard.reply(str(index)))
        )
    run(speaking)
    assert [answer[0] for answer in heard.answers] == list(range(len(heard.answers)))
    said = [name for name, type_ in heard.types if type_ == "audio_done"]
    assert said == ["0", "1", "2", "3"] == heard.closed
    assert [name for name, type_ in heard.types if type_ == "segment"] == said


@pytest.mark.parametrize("index", [0, 2, -1])
def test_an_index_that_has_come_before_is_refused(index: int) -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    for place in (0, 2):
        speaking.push(place, SynthesisRequest("a", sent({"type": "segment"}), {}, heard.reply(str(place))))
    speaking.push(index, SynthesisRequest("b", sent({"type": "segment"}), {}, heard.reply("again")))
    assert heard.failed == ["again"]
    speaking.push(1, SynthesisRequest("c", sent({"type": "segment"}), {}, heard.reply("1")))
    run(speaking)
    assert heard.closed == ["0", "1", "2"]


def test_events_come_back_while_a_text_is_said_but_done_waits() -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    speaking.push(0, SynthesisRequest("abc", sent({"type": "segment"}), {}, heard.reply("a")))
    speaking.step()
    speaking.step()
    speaking.push(1, SynthesisRequest("", sent({"type": "progress"}), {}, heard.reply("b")))
    speaking.push(2, SynthesisRequest("", sent({"type": "done"}), {}, heard.reply("c")))
    assert heard.types == [("a", "segment"), ("a", "audio"), ("b", "progress")]
    assert heard.closed == ["b"]
    run(speaking)
    assert [type_ for _, type_ in heard.types[3:]] == ["audio", "audio", "audio_done", "done"]
    assert heard.closed == ["b", "a", "c"]


def test_who_has_heard_all_runs_dry() -> None:
    before, speaking = time.monotonic(), TextQueue(cast, speak)
    assert before <= speaking.runs_dry <= time.monotonic()
    before = time.monotonic()
    speaking.push(0, SynthesisRequest("abcdefghij", None, {}, Heard().reply("a")))
    run(speaking)
    assert before + 0.999 <= speaking.runs_dry <= time.monotonic() + 1.001


def test_a_failure_ends_everything() -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    for index in (0, 1, 3):
        speaking.push(index, SynthesisRequest("ab", None, {}, heard.reply(str(index))))
    speaking.step()
    speaking.fail(SpeechError("broken"))
    assert heard.failed == ["0"]
    assert set(heard.closed) == {"0", "1", "3"}
    assert not speaking.busy


def test_sound_tells_what_it_answers_and_the_first_parameters_hold() -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    speaking.push(
        0, SynthesisRequest("", sent({"type": "progress"}), {"voice": "af_heart", "language": "es"}, heard.reply("a"))
    )
    speaking.push(1, SynthesisRequest("ab", sent({"type": "final", "id": 7, "language": "en"}), {}, heard.reply("b")))
    run(speaking)
    audio, done = heard.answers[2][2], heard.answers[-1][2]
    assert (audio["type"], audio["utterance"]) == ("audio", 7)
    assert (done["type"], done["utterance"], done["language"]) == ("audio_done", 7, "es")


@pytest.mark.parametrize(("language", "spoken"), [("en", 0.2), ("es", 0.2), ("sv", 0), ("zh", 0)])
def test_the_language_that_was_heard_is_spoken_or_skipped(language: str, spoken: float) -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    speaking.push(
        0, SynthesisRequest("ab", sent({"type": "segment", "id": 0, "language": language}), {}, heard.reply("a"))
    )
    speaking.push(1, SynthesisRequest("", sent({"type": "done"}), {}, heard.reply("b")))
    run(speaking)
    done = heard.answers[-2][2]
    assert done["duration"] == spoken
    assert bool(done.get("skipped")) == (not spoken)
    assert heard.types[-1] == ("b", "done")
    assert heard.failed == []


def test_a_language_that_was_asked_for_is_not_skipped() -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    speaking.push(0, SynthesisRequest("", sent({"type": "progress"}), {"language": "sv"}, heard.reply("a")))
    told = {"type": "error", "code": "bad_parameter", "message": "no language 'sv'", "param": "language"}
    assert [answer[2] for answer in heard.answers] == [told]
    assert (heard.failed, heard.closed) == ([], ["a"])
    speaking = TextQueue(cast, speak)
    speaking.push(
        0, SynthesisRequest("ab", sent({"type": "segment", "language": "zh"}), {"language": "zh"}, heard.reply("b"))
    )
    with pytest.raises(EngineUnusable):
        run(speaking)


def test_progress_waits_while_much_is_to_be_said() -> None:
    heard, speaking = Heard(), TextQueue(cast, speak)
    speaking.push(0, SynthesisRequest("a" * (MUCH + 1), sent({"type": "segment"}), {}, heard.reply("a")))
    speaking.push(1, SynthesisRequest("", sent({"type": "progress"}), {}, heard.reply("b")))
    speaking.push(2, SynthesisRequest("c", sent({"type": "segment"}), {}, heard.reply("c")))
    assert heard.types == [("a", "segment"), ("c", "segment")]
    run(speaking)
    types = [name for name, type_ in heard.types if type_ in ("audio_done", "progress")]
    assert types == ["a", "b", "c"]


def test_a_sequence_that_has_ended_takes_nothing() -> None:
    """Triton may deliver texts of a sequence after the question that ended it."""
    heard, speaking = Heard(), TextQueue(cast, speak)
    speaking.push(0, SynthesisRequest("", sent({"type": "models"}), {}, heard.reply("a")))
    speaking.push(17, SynthesisRequest("late", sent({"type": "segment"}), {}, heard.reply("b")))
    assert heard.types == [("a", "models")]
    assert heard.closed == ["a", "b"]
