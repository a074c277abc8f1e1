"""The figures of the benchmarks of live speech, computed from recorded events. No server and no peer runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.alternative import Answer
from benchmarks.live import shared_out
from benchmarks.live_report import answering, converting, goals, listening, lost_finals, quantiles, report
from benchmarks.soak import GROWTH_MB, Sample, growth
from benchmarks.soak import report as soak_report
from benchmarks.talkers import Talked, Turn
from benchmarks.utterances import RATE_HZ, Utterance, joined, room, speech_of

THREE = Utterance(np.zeros(10 * RATE_HZ, np.float32), "We walked home together.", 3)


def event(at: float, kind: str, id_: int = 0, **fields: Any) -> tuple[float, dict[str, Any]]:
    return at, {"type": kind, "id": id_, **fields}


def turn() -> Turn:
    """Speech from second 5 to 15 of a connection, which the server cuts in two. Its answer begins at second 17."""
    events = [
        event(5.5, "speech_started", 3, start=5.0),
        event(7.0, "partial", 3, end=6.6, text="One", stable=""),
        event(9.0, "speech_stopped", 3, end=8.2),
        event(9.5, "speech_started", 4, start=9.1),
        event(9.8, "final", 3, text="We walked"),
        event(14.0, "partial", 4, end=13.4, text="home", stable=""),
        event(15.9, "speech_stopped", 4, end=14.9),
        event(16.4, "final", 4, text="home to gather"),
    ]
    return Turn(THREE, 5.0, events, [(17.0, 48_000), (17.9, 48_000)])


def test_times_are_counted_from_the_end_of_speech_and_for_the_utterance_it_is_in() -> None:
    one = turn()
    assert one.stopped_s == pytest.approx(0.9)
    assert one.final_s == pytest.approx(1.4)
    assert one.decision_s == pytest.approx(0.5)
    assert one.first_audio_s == pytest.approx(2.0)
    assert one.partial_lags_s == pytest.approx([0.4, 0.6])
    assert one.slack_s == pytest.approx(0.1)  # one second of audio at 17 s, the next piece at 17.9 s
    assert (one.text, one.finals, one.lost) == ("We walked home to gather", 2, 0)


def test_an_answer_may_begin_before_the_end_of_speech() -> None:
    assert replace(turn(), audio=[(12.0, 2)]).first_audio_s == pytest.approx(-3)


def test_a_turn_is_over_when_its_last_final_and_all_answers_have_arrived() -> None:
    one = turn()
    assert one.is_over(spoken=False) and not one.is_over(spoken=True)
    done = [(18.0, {"type": "audio_done", "utterance": id_}) for id_ in (3, 4)]
    assert replace(one, events=[*one.events, *done]).is_over(spoken=True)
    assert not replace(one, events=one.events[:5]).is_over(spoken=False), "a pause is not the end"


def test_a_final_is_lost_when_it_does_not_come() -> None:
    one = turn()
    assert replace(one, events=one.events[:-1]).lost == 1
    assert replace(one, events=[]).lost == 1
    assert replace(one, events=one.events[:3]).lost == 1
    assert lost_finals([{"lost": 0, "finals": 2}]).startswith("met")
    assert lost_finals([{"lost": 1, "finals": 2}]).startswith("MISSED")
    assert lost_finals([{"lost": 0, "finals": 0}]).startswith("MISSED")


def test_quantiles_leave_out_what_is_missing() -> None:
    assert quantiles([None, 1.0, 2.0, 3.0]) == {"median": 2.0, "p95": 2.9}
    assert quantiles([None]) is None


def test_shares_are_ours_over_theirs_and_goals_read_them() -> None:
    talked = [Talked([turn()], 0.02)]
    theirs = [Answer(THREE, 1.5, 8.0, "We walked home together.")]
    result = {
        "listening": [{"set": "3 sentences", "connections": 1, **listening(talked)}],
        "answering": [{"set": "3 sentences", "connections": 1, **row} for row in answering(talked, theirs)],
        "files": [{"set": "3 sentences", "audio_s": 10.0, **converting([(1.0, 4.0)], [5.0])}],
    }
    assert [row["share"] for row in result["answering"]] == [1.0, 0.25]
    assert [row["wer_percent"] for row in result["answering"]] == [50.0, 0.0]
    assert result["files"][0]["share"] == 0.2
    assert [line.startswith("met") for line in goals(result)] == [True, True, True]
    assert "| 3 sentences | 1 | 1 | alternative | 1.50 / 1.50 s | 8.00 / 8.00 s | 0.25 |" in report(result)
    json.dumps(result)


def test_what_is_missing_fails_the_goal() -> None:
    silent = [Talked([replace(turn(), audio=[], events=turn().events[:-1])], 0.0)]
    result = {
        "listening": [{"set": "3", "connections": 1, **listening(silent)}],
        "answering": [
            {"set": "3", "connections": 1, **row} for row in answering(silent, [Answer(THREE, 1.5, 8.0, "One")])
        ],
        "files": [],
    }
    assert [line.startswith("MISSED") for line in goals(result)] == [True, True, True]
    report(result)


def test_silence_around_speech_is_cut_off() -> None:
    speech = np.sin(np.arange(RATE_HZ, dtype=np.float32)) / 2
    clip = np.concatenate([room(1600), speech, room(4800)])
    assert len(speech_of(clip)) == pytest.approx(RATE_HZ, abs=160)
    two = joined([Utterance(speech, "One.", 1), Utterance(speech, "Two.", 1)])
    assert two.seconds == pytest.approx(2.4)
    assert (two.text, two.sentences) == ("One. Two.", 2)
    np.testing.assert_array_equal(two.pcm[-RATE_HZ:], speech)


def test_connections_say_different_things() -> None:
    utterances = [replace(THREE, text=str(i)) for i in range(5)]
    shares = [[one.text for one in share] for share in shared_out(utterances, connections=2, turns=2, number=1)]
    assert shares == [["4", "1"], ["0", "2"]]


def test_growth_is_measured_after_the_warm_up() -> None:
    samples = [Sample(i / 10, {"leaky": 100 + i / 10, "level": 500.0 if i >= 100 else i}) for i in range(400)]
    leaky, level = growth(samples, warm_up_minutes=10)
    assert leaky["mb_per_hour"] == pytest.approx(60)
    assert leaky["growth_mb"] == pytest.approx(22.5, abs=0.2) and leaky["growth_mb"] > GROWTH_MB
    assert (level["mb_per_hour"], level["growth_mb"], level["peak_mb"]) == (0, 0, 500)
    told = soak_report([leaky, level], {"lost": 0, "finals": 3}, ["minute 3.0: OSError()"])
    assert "MISSED growth of leaky in MB" in told and "met  growth of level in MB" in told and "1 did" in told


@pytest.mark.parametrize("number", [0, 1, 2])
def test_tables_have_a_head_for_each_column(number: int) -> None:
    talked = [Talked([turn()], 0.02)]
    result = {
        "listening": [{"set": "a", "connections": 1, **listening(talked)}],
        "answering": [
            {"set": "a", "connections": 1, **row} for row in answering(talked, [Answer(THREE, 1.5, 8.0, "We")])
        ],
        "files": [{"set": "a", "audio_s": 10.0, **converting([(1.0, 4.0)], [5.0])}],
    }
    rows = [line.count("|") for line in report(result).split("\n\n")[number].splitlines()]
    assert len(set(rows)) == 1
