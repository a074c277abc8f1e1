"""Subtitles: exact text of both formats."""

from __future__ import annotations

from speech.events import Segment
from speech.hearing.subtitles import srt, vtt


def segment(start: float, end: float, text: str) -> Segment:
    return Segment(
        id=0,
        seek=0,
        start=start,
        end=end,
        text=text,
        tokens=(),
        temperature=0.0,
        avg_logprob=-0.1,
        compression_ratio=1.0,
        no_speech_prob=0.0,
        language="en",
    )


TWO = (segment(0.0, 1.5, " Hello,"), segment(3599.9996, 3661.04, " world."))


def test_srt() -> None:
    assert srt(TWO) == ("1\n00:00:00,000 --> 00:00:01,500\nHello,\n\n2\n01:00:00,000 --> 01:01:01,040\nworld.\n\n")


def test_vtt_has_hours_where_they_are_needed() -> None:
    assert vtt(TWO) == ("WEBVTT\n\n00:00.000 --> 00:01.500\nHello,\n\n01:00:00.000 --> 01:01:01.040\nworld.\n\n")


def test_nothing_said() -> None:
    assert srt(()) == ""
    assert vtt(()) == "WEBVTT\n\n"
    assert srt([segment(0, 1, "  ")]) == ""


def test_cues_are_numbered_without_the_empty_ones() -> None:
    lines = srt([segment(0, 1, ""), segment(1, 2, "a"), segment(2, 3, "b")]).splitlines()
    assert [line for line in lines if line.isdigit()] == ["1", "2"]


def test_text_cannot_break_the_format() -> None:
    text = srt([segment(0, 1, " a --> b\n\n2\nc")])
    assert text == "1\n00:00:00,000 --> 00:00:01,000\na -> b 2 c\n\n"


def test_a_cue_ends_after_it_begins() -> None:
    assert "00:00:01,000 --> 00:00:01,001" in srt([segment(1.0, 1.0, "a")])
    assert "00:02.000 --> 00:02.001" in vtt([segment(2.0, 1.0, "a")])
