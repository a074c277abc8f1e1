"""One sequence of texts: said in order, events back at once, and who runs dry first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.errors import SpeechError
from speech.phonemes import SpokenWord
from speech.speaking import Saying, Speaking
from speech.synthesize import Chunk, Speaker, TimedWord
from speech.types import SynthesizeOptions
from speech.utterances import Utterance
from speech.voices import Voice

SPEAKER = Speaker(Voice("af_heart", "en-us", np.empty(0, np.float32)), "en-us", "int8", SynthesizeOptions())
SOUND = np.ones(2400, np.float32)


def speak(text: str, speaker: Speaker) -> Iterator[Chunk | None]:
    """A tenth of a second for each letter, after a step without sound."""
    yield None
    utterance = Utterance(text, 0, len(text), text, (SpokenWord(text, 0, len(text), 0, len(text)),))
    for number in range(len(text)):
        words = (TimedWord(text, 0.0, 0.1, 0, len(text)),)
        yield Chunk(SOUND, 0, number / 10, None if number else utterance, () if number else words)


class Heard:
    """What all replies of a sequence were told, in order."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, str, dict[str, Any], str, int]] = []
        self.closed: list[str] = []
        self.failed: list[str] = []

    def reply(self, name: str) -> Any:
        return _Reply(self, name)

    @property
    def types(self) -> list[tuple[str, str]]:
        return [(name, event["type"]) for _, name, event, _, _ in self.answers]


class _Reply:
    def __init__(self, heard: Heard, name: str) -> None:
        self._heard, self._name = heard, name

    def send(self, index: int, event: dict[str, Any], text: str, audio: Any) -> None:
        self._heard.answers.append((index, self._name, event, text, len(audio)))

    def fail(self, error: SpeechError) -> None:
        self._heard.failed.append(self._name)

    def close(self) -> None:
        self._heard.closed.append(self._name)

    def is_cancelled(self) -> bool:
        return False


def run(speaking: Speaking) -> None:
    while speaking.busy:
        speaking.step()


def test_a_text() -> None:
    heard, speaking = Heard(), Speaking(speak)
    speaking.push(0, Saying("abc", None, SPEAKER, heard.reply("a")))
    run(speaking)
    assert [(index, event["type"], text, size) for index, _, event, text, size in heard.answers] == [
        (0, "audio", "abc", 2400),
        (1, "audio", "", 2400),
        (2, "audio", "", 2400),
        (3, "audio_done", "", 0),
    ]
    first, done = heard.answers[0][2], heard.answers[-1][2]
    assert first["words"] == [{"word": "abc", "start": 0.0, "end": 0.1, "text_start": 0, "text_end": 3}]
    assert (first["text"], first["text_start"], first["text_end"]) == ("abc", 0, 3)
    assert done == {"type": "audio_done", "duration": 0.3, "voice": "af_heart", "language": "en-us"}
    assert heard.closed == ["a"]


@given(st.permutations(range(4)))
def test_texts_are_said_in_the_order_of_their_index(order: list[int]) -> None:
    heard, speaking = Heard(), Speaking(speak)
    for index in order:
        speaking.push(index, Saying("ab"[: 1 + index % 2], {"type": "segment"}, SPEAKER, heard.reply(str(index))))
    run(speaking)
    assert [answer[0] for answer in heard.answers] == list(range(len(heard.answers)))
    said = [name for name, type_ in heard.types if type_ == "audio_done"]
    assert said == ["0", "1", "2", "3"] == heard.closed
    assert [name for name, type_ in heard.types if type_ == "segment"] == said


def test_events_come_back_while_a_text_is_said_but_done_waits() -> None:
    heard, speaking = Heard(), Speaking(speak)
    speaking.push(0, Saying("abc", {"type": "segment"}, SPEAKER, heard.reply("a")))
    speaking.step()
    speaking.step()
    speaking.push(1, Saying("", {"type": "progress"}, None, heard.reply("b")))
    speaking.push(2, Saying("", {"type": "done"}, None, heard.reply("c")))
    assert heard.types == [("a", "segment"), ("a", "audio"), ("b", "progress")]
    assert heard.closed == ["b"]
    run(speaking)
    assert [type_ for _, type_ in heard.types[3:]] == ["audio", "audio", "audio_done", "done"]
    assert heard.closed == ["b", "a", "c"]


def test_who_has_heard_all_runs_dry() -> None:
    speaking = Speaking(speak)
    assert speaking.runs_dry == pytest.approx(time.monotonic(), abs=0.1)
    speaking.push(0, Saying("abcdefghij", None, SPEAKER, Heard().reply("a")))
    run(speaking)
    assert speaking.runs_dry == pytest.approx(time.monotonic() + 1.0, abs=0.2)


def test_a_failure_ends_everything() -> None:
    heard, speaking = Heard(), Speaking(speak)
    for index in (0, 1, 3):
        speaking.push(index, Saying("ab", None, SPEAKER, heard.reply(str(index))))
    speaking.step()
    speaking.fail(SpeechError("broken"))
    assert heard.failed == ["0"]
    assert set(heard.closed) == {"0", "1", "3"}
    assert not speaking.busy
