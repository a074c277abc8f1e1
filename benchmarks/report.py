"""The figures of benchmarks/synthesize.py as Markdown, and whether the goals are met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

RTF_SHARE = 0.65
"""Goal: our real-time factor divided by kokoro-onnx's."""
FIRST_SHARE = 0.35
"""Goal: our time to the first audio of 60 words divided by kokoro-onnx's."""
WER_PERCENT = 1.5
"""Goal: word error rate over all voices, in percent."""

Rows = Sequence[Mapping[str, Any]]
"""Figures by name, a mapping for each row of a table."""


def report(result: Mapping[str, Any], worst: int) -> str:
    """The tables that `result` has figures for, and the goals. worst: how many misheard sentences to list."""
    parts = []
    if "speed" in result:
        parts += [_speed(result["speed"]), _first_audio(result["first_audio"])]
    if "round_trip" in result:
        parts += [_round_trip(result["round_trip"]), _wrong(result["wrong"], worst)]
    return "\n\n".join((*parts, "\n".join(goals(result))))


def goals(result: Mapping[str, Any]) -> Iterator[str]:
    """One line for each goal: met or missed."""
    if "speed" in result:
        share = _only(result["speed"], words="all", who="kokoro-onnx")["rtf_share"]
        yield goal("real-time factor / kokoro-onnx's", share, RTF_SHARE)
        share = _only(result["first_audio"], words=60, clients=1, who="kokoro-onnx")["share"]
        yield goal("first audio at 60 words / kokoro-onnx's", share, FIRST_SHARE)
        slacks = [row["slack_s"] for row in result["first_audio"] if row["who"] == "tritone"]
        slack_s = min((slack_s for slack_s in slacks if slack_s is not None), default=0.0)
        yield f"{'met ' if slack_s >= 0 else 'MISSED'} no underrun with one client: smallest slack {slack_s:.2f} s"
    if "round_trip" in result:
        ours = [row for row in result["round_trip"] if row["who"] == "tritone"]
        yield goal("word error rate in percent, all voices", ours[-1]["wer_percent"], WER_PERCENT)


def goal(what: str, value: float, maximum: float) -> str:
    """A line that says whether `value` is at most `maximum`."""
    return f"{'met ' if value <= maximum else 'MISSED'} {what}: {value:.2f} (goal: at most {maximum:.2f})"


def _only(rows: Rows, **values: Any) -> Mapping[str, Any]:
    (row,) = (row for row in rows if all(row[name] == value for name, value in values.items()))
    return row


def _speed(rows: Rows) -> str:
    return table(
        ("words", "who", "time", "audio", "real-time factor", "tritone / it", "same, time alone"),
        (
            (
                row["words"],
                row["who"],
                f"{row['seconds']:.1f} s",
                f"{row['audio_s']:.1f} s",
                f"{row['rtf']:.3f}",
                f"{row['rtf_share']:.2f}",
                f"{row['time_share']:.2f}",
            )
            for row in rows
        ),
    )


def _first_audio(rows: Rows) -> str:
    return table(
        ("words", "at once", "who", "first audio", "worst", "tritone / it", "pieces", "smallest slack"),
        (
            (
                row["words"],
                row["clients"],
                row["who"],
                f"{row['first_s']:.2f} s",
                f"{row['worst_first_s']:.2f} s",
                f"{row['share']:.2f}",
                f"{row['pieces']:.0f}",
                "" if row["slack_s"] is None else f"{row['slack_s']:.2f} s",
            )
            for row in rows
        ),
    )


def _round_trip(rows: Rows) -> str:
    return table(
        ("who", "voice", "sentences", "with errors", "words", "wrong", "WER"),
        (
            (
                row["who"],
                row["voice"],
                row["sentences"],
                row["wrong_sentences"],
                row["words"],
                row["errors"],
                f"{row['wer_percent']:.2f} %",
            )
            for row in rows
        ),
    )


def _wrong(rows: Rows, limit: int) -> str:
    """The sentences with the most errors over all voices, with the transcripts; ours first, at most `limit` of each."""
    lines = ["Misheard (said>heard):"]
    ours = [row for row in rows if row["who"] == "tritone"]
    theirs = [row for row in rows if row["who"] != "tritone"]
    for row in (*ours[:limit], *theirs[:limit]):
        lines.append(
            f"- {row['who']} {row['voice']}: {row['changes']}\n    said:  {row['text']}\n    heard: {row['heard']}"
        )
    if len(ours) > limit:
        lines.append(f"… and {len(ours) - limit} more of tritone's; see them with --worst or --json")
    return "\n".join(lines)


def table(head: Sequence[str], rows: Iterator[tuple[Any, ...]] | Sequence[tuple[Any, ...]]) -> str:
    """A table in Markdown."""
    cells = [tuple(head), ("---",) * len(head), *(tuple(map(str, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells).replace("| --- ", "|---").replace("|--- |", "|---|")
