"""Whole transcripts, built from events."""

from __future__ import annotations

from frontend.transcripts import transcript
from speech.events import Done, Segment, Word

DONE = Done(language="en", language_probability=0.9, duration=2.0, model="whisper-base", task="transcribe")


def segment(number: int, text: str, words: tuple[Word, ...] | None = None) -> Segment:
    return Segment(
        id=number,
        seek=0,
        start=number,
        end=number + 1,
        text=text,
        tokens=(),
        temperature=0.0,
        avg_logprob=-0.1,
        compression_ratio=1.0,
        no_speech_prob=0.0,
        language="en",
        words=words,
    )


def test_segments_are_joined() -> None:
    hello, world = (Word(word=word, start=0.0, end=0.5, probability=1.0) for word in (" Hello,", " world."))
    whole = transcript([segment(0, " Hello,", (hello,)), segment(1, " world.", (world,))], DONE)
    assert whole.text == "Hello, world."
    assert whole.words == (hello, world)
    assert (whole.language, whole.duration, whole.model) == ("en", 2.0, "whisper-base")


def test_no_speech() -> None:
    assert (transcript([], DONE).text, transcript([], DONE).words) == ("", ())


def test_segments_without_words() -> None:
    assert transcript([segment(0, " Hello.")], DONE).words == ()
