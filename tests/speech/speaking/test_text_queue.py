"""A queue speaks its texts in order, sends events back at once, and knows when its listener runs out of audio."""

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
from speech.events import Event, TimedWord, from_client
from speech.reading.phonemes import SpokenWord
from speech.speaking.synthesizer import AudioChunk, ResolvedOptions
from speech.speaking.text_queue import MAX_WAITING_CHARACTERS, SynthesisRequest, TextQueue
from speech.speaking.utterances import Utterance
from speech.speaking.voices import Voice
from speech.types import SynthesizeOptions
from tests.speech.speaking.recorded_replies import RecordedReplies

VOICE = Voice("af_heart", "en-us", np.empty(0, np.float32))
SOUND = np.ones(2400, np.float32)


def resolve(options: SynthesizeOptions) -> ResolvedOptions:
    """A fake engine that has one voice and English, Spanish and Chinese; but Chinese is not installed."""
    if options.voice not in ("default", "af_heart"):
        raise BadParameter("no such voice", "voice")
    if options.language not in ("", "en", "es", "zh"):
        raise BadParameter(f"no language {options.language!r}", "language")
    return ResolvedOptions(VOICE, options.language or "en-us", "int8", options)


def synthesize(text: str, resolved: ResolvedOptions) -> Iterator[AudioChunk | None]:
    """A fake engine that gives 0.1 s of audio for each letter, after a step without audio."""
    yield None
    if resolved.language == "zh":
        raise EngineUnusable("install jieba")
    utterance = Utterance(text, 0, len(text), text, (SpokenWord(text, 0, len(text), 0, len(text)),))
    words = (TimedWord(word=text, start=0.0, end=0.1, text_start=0, text_end=len(text)),)
    yield AudioChunk(SOUND, 0, 0.0, utterance, words)
    for number in range(1, len(text)):
        yield AudioChunk(SOUND, 0, number / 10)


def sent(fields: dict[str, Any]) -> Event:
    """An event as it comes from a client, or from the first step of an ensemble."""
    return from_client(json.dumps(fields))


def run(queue: TextQueue) -> None:
    while queue.busy:
        queue.step()


def test_a_text_becomes_audio_and_audio_done() -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(0, SynthesisRequest("abc", None, {}, replies.reply("a")))
    run(queue)
    assert [(one.index, one.event["type"], one.event.get("text"), one.samples) for one in replies.responses] == [
        (0, "audio", "abc", 2400),
        (1, "audio", None, 2400),
        (2, "audio", None, 2400),
        (3, "audio_done", None, 0),
    ]
    first, done = replies.responses[0].event, replies.responses[-1].event
    assert first["words"] == [{"word": "abc", "start": 0.0, "end": 0.1, "text_start": 0, "text_end": 3}]
    assert (first["text"], first["text_start"], first["text_end"]) == ("abc", 0, 3)
    assert done == {"type": "audio_done", "duration": 0.3, "voice": "af_heart", "language": "en-us"}
    assert replies.closed == ["a"]


@given(st.permutations(range(4)))
def test_texts_are_spoken_in_the_order_of_their_index(order: list[int]) -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    for index in order:
        queue.push(
            index, SynthesisRequest("ab"[: 1 + index % 2], sent({"type": "segment"}), {}, replies.reply(str(index)))
        )
    run(queue)
    assert [response.index for response in replies.responses] == list(range(len(replies.responses)))
    spoken = [name for name, type_ in replies.types if type_ == "audio_done"]
    assert spoken == ["0", "1", "2", "3"] == replies.closed
    assert [name for name, type_ in replies.types if type_ == "segment"] == spoken


@pytest.mark.parametrize("index", [0, 2, -1])
def test_an_index_that_was_sent_before_is_refused(index: int) -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    for place in (0, 2):
        queue.push(place, SynthesisRequest("a", sent({"type": "segment"}), {}, replies.reply(str(place))))
    queue.push(index, SynthesisRequest("b", sent({"type": "segment"}), {}, replies.reply("again")))
    assert list(replies.failed) == ["again"]
    queue.push(1, SynthesisRequest("c", sent({"type": "segment"}), {}, replies.reply("1")))
    run(queue)
    assert replies.closed == ["0", "1", "2"]


def test_events_come_back_while_a_text_is_spoken_but_done_waits() -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(0, SynthesisRequest("abc", sent({"type": "segment"}), {}, replies.reply("a")))
    queue.step()
    queue.step()
    queue.push(1, SynthesisRequest("", sent({"type": "progress"}), {}, replies.reply("b")))
    queue.push(2, SynthesisRequest("", sent({"type": "done"}), {}, replies.reply("c")))
    assert replies.types == [("a", "segment"), ("a", "audio"), ("b", "progress")]
    assert replies.closed == ["b"]
    run(queue)
    assert [type_ for _, type_ in replies.types[3:]] == ["audio", "audio", "audio_done", "done"]
    assert replies.closed == ["b", "a", "c"]


def test_playback_ends_when_all_audio_has_been_heard() -> None:
    before, queue = time.monotonic(), TextQueue(resolve, synthesize)
    assert before <= queue.playback_ends_at <= time.monotonic()
    before = time.monotonic()
    queue.push(0, SynthesisRequest("abcdefghij", None, {}, RecordedReplies().reply("a")))
    run(queue)
    assert before + 0.999 <= queue.playback_ends_at <= time.monotonic() + 1.001


def test_a_failure_is_sent_once_and_ends_all_requests() -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    for index in (0, 1, 3):
        queue.push(index, SynthesisRequest("ab", None, {}, replies.reply(str(index))))
    queue.step()
    queue.fail(SpeechError("broken"))
    assert list(replies.failed) == ["0"]
    assert set(replies.closed) == {"0", "1", "3"}
    assert not queue.busy


def test_audio_names_its_event_and_the_first_parameters_apply() -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(
        0, SynthesisRequest("", sent({"type": "progress"}), {"voice": "af_heart", "language": "es"}, replies.reply("a"))
    )
    queue.push(1, SynthesisRequest("ab", sent({"type": "final", "id": 7, "language": "en"}), {}, replies.reply("b")))
    run(queue)
    audio, done = replies.responses[2].event, replies.responses[-1].event
    assert (audio["type"], audio["utterance"]) == ("audio", 7)
    assert (done["type"], done["utterance"], done["language"]) == ("audio_done", 7, "es")


@pytest.mark.parametrize(("language", "spoken"), [("en", 0.2), ("es", 0.2), ("sv", 0), ("zh", 0)])
def test_a_detected_language_is_spoken_or_skipped(language: str, spoken: float) -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(
        0, SynthesisRequest("ab", sent({"type": "segment", "id": 0, "language": language}), {}, replies.reply("a"))
    )
    queue.push(1, SynthesisRequest("", sent({"type": "done"}), {}, replies.reply("b")))
    run(queue)
    done = replies.responses[-2].event
    assert done["duration"] == spoken
    assert bool(done.get("skipped")) == (not spoken)
    assert replies.types[-1] == ("b", "done")
    assert replies.failed == {}


def test_a_language_that_was_asked_for_is_an_error_if_it_cannot_be_spoken() -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(0, SynthesisRequest("", sent({"type": "progress"}), {"language": "sv"}, replies.reply("a")))
    error = {"type": "error", "code": "bad_parameter", "message": "no language 'sv'", "param": "language"}
    assert [response.event for response in replies.responses] == [error]
    assert (replies.failed, replies.closed) == ({}, ["a"])
    queue = TextQueue(resolve, synthesize)
    queue.push(
        0, SynthesisRequest("ab", sent({"type": "segment", "language": "zh"}), {"language": "zh"}, replies.reply("b"))
    )
    with pytest.raises(EngineUnusable):
        run(queue)


def test_pauses_that_are_too_long_are_an_error_before_any_audio() -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(0, SynthesisRequest("abc [pause:11s]", None, {}, replies.reply("a")))
    run(queue)
    assert not replies.responses
    assert (replies.failed["a"].code, replies.failed["a"].param) == ("bad_parameter", "TEXT")


def test_tags_do_not_count_for_the_language_of_a_text() -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(0, SynthesisRequest("[pause:1s][rate:0.5]你好", None, {}, replies.reply("a")))
    with pytest.raises(EngineUnusable, match="jieba"):
        run(queue)


def test_progress_waits_while_much_text_is_queued() -> None:
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(
        0, SynthesisRequest("a" * (MAX_WAITING_CHARACTERS + 1), sent({"type": "segment"}), {}, replies.reply("a"))
    )
    queue.push(1, SynthesisRequest("", sent({"type": "progress"}), {}, replies.reply("b")))
    queue.push(2, SynthesisRequest("c", sent({"type": "segment"}), {}, replies.reply("c")))
    assert replies.types == [("a", "segment"), ("c", "segment")]
    run(queue)
    types = [name for name, type_ in replies.types if type_ in ("audio_done", "progress")]
    assert types == ["a", "b", "c"]


def test_a_sequence_that_has_ended_ignores_requests() -> None:
    """Triton may deliver texts of a sequence after the `describe` request that ended it."""
    replies, queue = RecordedReplies(), TextQueue(resolve, synthesize)
    queue.push(0, SynthesisRequest("", sent({"type": "models"}), {}, replies.reply("a")))
    queue.push(17, SynthesisRequest("late", sent({"type": "segment"}), {}, replies.reply("b")))
    assert replies.types == [("a", "models")]
    assert replies.closed == ["a", "b"]
