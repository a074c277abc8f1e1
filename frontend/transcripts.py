"""Events of the model `transcribe` as a Transcript."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from speech.types import Event, Segment, Transcript, Word


def segment(event: Event) -> Segment:
    """The Segment of a `segment` event."""
    known = {field.name: event.fields[field.name] for field in fields(Segment) if field.name in event.fields}
    words = known.get("words")
    known["tokens"] = tuple(known["tokens"])
    known["words"] = None if words is None else tuple(Word(**word) for word in words)
    return Segment(**known)


def transcript(segments: Sequence[Segment], done: Event) -> Transcript:
    """The segments, with what the `done` event says of the whole."""
    return Transcript(
        text=text(segments),
        language=done.fields["language"],
        duration=done.fields["duration"],
        segments=tuple(segments),
        language_probability=done.fields["language_probability"],
        model=done.fields["model"],
        task=done.fields["task"],
    )


def text(segments: Iterable[Segment]) -> str:
    return "".join(segment.text for segment in segments).strip()
