"""Subtitles from segments: SubRip (.srt) and WebVTT (.vtt), in the form that openai/whisper writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from speech.events import Segment

_MIN_CUE_MS = 1
"""Shortest cue in milliseconds. Players drop a cue that ends when it begins."""


def srt(segments: Iterable[Segment]) -> str:
    """SubRip: numbered cues, times with a decimal comma. Empty if no segment has text."""
    cues = enumerate(_cues(segments, comma=True), start=1)
    return "".join(f"{number}\n{cue}\n\n" for number, cue in cues)


def vtt(segments: Iterable[Segment]) -> str:
    """WebVTT: the header, then the cues; times have hours only from one hour on."""
    return "WEBVTT\n\n" + "".join(f"{cue}\n\n" for cue in _cues(segments, comma=False))


def _cues(segments: Iterable[Segment], comma: bool) -> Iterator[str]:
    for segment in segments:
        # An empty line would end the cue, and an arrow would begin a new one.
        text = " ".join(segment.text.replace("-->", "->").split())
        if text:
            start_ms = round(segment.start * 1000)
            end_ms = max(round(segment.end * 1000), start_ms + _MIN_CUE_MS)
            yield f"{_clock(start_ms, comma)} --> {_clock(end_ms, comma)}\n{text}"


def _clock(time_ms: int, comma: bool) -> str:
    """HH:MM:SS,mmm if `comma`; else MM:SS.mmm, or HH:MM:SS.mmm from one hour on."""
    seconds, ms = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if comma:
        return f"{hours:02}:{minutes:02}:{seconds:02},{ms:03}"
    return (f"{hours:02}:" if hours else "") + f"{minutes:02}:{seconds:02}.{ms:03}"
