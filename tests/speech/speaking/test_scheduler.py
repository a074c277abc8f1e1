"""The scheduler with the real engine: texts of several clients share one thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from speech.events import from_client
from speech.speaking.kokoro import Kokoro
from speech.speaking.scheduler import SynthesisScheduler
from speech.speaking.text_queue import SynthesisRequest
from tests.speech.speaking.recorded_replies import RecordedReplies

LONG_TEXT = "It was a quiet morning in the harbor, and nobody had come yet to see the boats. " * 20
SMALL_STEPS = {"chunk_length": 100}


@pytest.fixture
def scheduler(kokoro: Kokoro) -> Iterator[SynthesisScheduler]:
    scheduler = SynthesisScheduler(kokoro)
    scheduler.start()
    yield scheduler
    scheduler.stop()


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited for 60 s"
        time.sleep(0.01)


def test_a_new_text_starts_before_a_long_one_ends(scheduler: SynthesisScheduler) -> None:
    replies = RecordedReplies()
    scheduler.submit(1, 0, SynthesisRequest(LONG_TEXT, None, SMALL_STEPS, replies.reply("long")))
    wait_for(lambda: replies.types)
    scheduler.submit(2, 0, SynthesisRequest("Hello.", None, {}, replies.reply("short")))
    wait_for(lambda: "short" in replies.closed)
    assert "long" not in replies.closed
    assert replies.types[-1] == ("short", "audio_done")
    scheduler.close_sequence(1)
    assert replies.closed == ["short", "long"]


def test_starting_a_sequence_again_drops_its_work(scheduler: SynthesisScheduler) -> None:
    replies = RecordedReplies()
    scheduler.submit("a", 0, SynthesisRequest(LONG_TEXT, None, SMALL_STEPS, replies.reply("dropped")))
    scheduler.submit("a", 0, SynthesisRequest("Hello.", None, {}, replies.reply("new")))
    wait_for(lambda: "new" in replies.closed)
    assert replies.closed == ["dropped", "new"]
    assert ("new", "audio_done") in replies.types
    assert ("dropped", "audio_done") not in replies.types


def test_the_work_of_a_client_that_has_gone_is_dropped(scheduler: SynthesisScheduler) -> None:
    replies = RecordedReplies()
    scheduler.submit(1, 0, SynthesisRequest(LONG_TEXT, None, SMALL_STEPS, replies.reply("gone")))
    wait_for(lambda: replies.types)
    replies.cancelled.add("gone")
    wait_for(lambda: replies.closed)
    assert ("gone", "audio_done") not in replies.types


def test_an_error_reaches_its_own_request_only(scheduler: SynthesisScheduler) -> None:
    replies = RecordedReplies()
    scheduler.submit(1, 0, SynthesisRequest("Hello.", None, {"voice": "nobody"}, replies.reply("wrong")))
    scheduler.submit(2, 0, SynthesisRequest("Hello.", None, {}, replies.reply("right")))
    wait_for(lambda: "right" in replies.closed)
    assert list(replies.failed) == ["wrong"]
    assert "no voice 'nobody'" in replies.failed["wrong"].message


def test_a_sequence_without_requests_is_closed(scheduler: SynthesisScheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a request waits for INDEX 0, which never comes."""
    monkeypatch.setattr("speech.speaking.scheduler.IDLE_S", 0.3)
    replies = RecordedReplies()
    event = from_client('{"type": "segment"}')
    scheduler.submit(1, 1, SynthesisRequest("Hello.", event, {}, replies.reply("early")))
    wait_for(lambda: replies.closed)
    (response,) = replies.responses
    assert response.event["type"] == "error"
    assert response.event["message"] == "no request for 0 s: the sequence is closed"
