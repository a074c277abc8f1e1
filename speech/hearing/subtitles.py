"""Subtitles from segments: SubRip (.srt) and WebVTT (.vtt), as OpenAI's Whisper writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from speech.events import Segment

_LEAST_MS = 1
"""Players drop a cue that ends where it begins."""


def srt(segments: Iterable[Segment]) -> str:
    """Numbered cues with a decimal comma; empty when nothing was said."""
    cues = enumerate(_cues(segments, comma=True), start=1)
    return "".join(f"{number}\n{cue}\n\n" for number, cue in cues)


def vtt(segments: Iterable[Segment]) -> str:
    """The header, then cues; hours only where they are needed."""
    return "WEBVTT\n\n" + "".join(f"{cue}\n\n" for cue in _cues(segments, comma=False))


def _cues(segments: Iterable[Segment], comma: bool) -> Iterator[str]:
    for segment in segments:
        # An empty line would end the cue, and an arrow would begin a new one.
        text = " ".join(segment.text.replace("-->", "->").split())
        if text:
            start_ms = round(segment.start * 1000)
            end_ms = max(round(segment.end * 1000), start_ms + _LEAST_MS)
            yield f"{_clock(start_ms, comma)} --> {_clock(end_ms, comma)}\n{text}"


def _clock(time_ms: int, comma: bool) -> str:
    """HH:MM:SS,mmm, or with a point and the hours left out when they are zero."""
    seconds, ms = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if comma:
        return f"{hours:02}:{minutes:02}:{seconds:02},{ms:03}"
    return (f"{hours:02}:" if hours else "") + f"{minutes:02}:{seconds:02}.{ms:03}"
