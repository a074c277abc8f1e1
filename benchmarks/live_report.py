"""The figures of benchmarks/live.py as Markdown, with medians and 95th percentiles, and whether the goals are met."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import jiwer
import numpy as np
from whisper_normalizer.english import EnglishTextNormalizer

from benchmarks.alternative import Answer
from benchmarks.report import Rows, goal, table
from benchmarks.talkers import Talked, Turn

FIRST_SHARE = 0.5
"""Goal: our time to the first audio divided by the alternative's, for utterances of at least three sentences."""
DECISION_S = 0.7
"""Goal: seconds from the endpoint decision to the final, with one connection."""


def quantiles(values: Iterable[float | None]) -> dict[str, float] | None:
    """Median and 95th percentile of the values that are not None; None if there is none.

    With as few values as here, the 95th percentile is about the largest one.
    """
    present = [value for value in values if value is not None]
    if not present:
        return None
    median, p95 = np.percentile(present, (50, 95))
    return {"median": round(float(median), 3), "p95": round(float(p95), 3)}


def word_error_percent(said: Sequence[str], heard: Sequence[str]) -> float:
    """Word error rate in percent, of texts as Whisper's authors normalize them."""
    normal = EnglishTextNormalizer()
    rate = jiwer.wer([normal(re.sub(r"\s+", " ", text)) for text in said], [normal(text) for text in heard])
    return round(100 * float(rate), 2)


def listening(talked: Sequence[Talked]) -> dict[str, Any]:
    """The figures of `stream-transcribe`."""
    turns = [turn for one in talked for turn in one.turns]
    return {
        "turns": len(turns),
        "stopped_s": quantiles(turn.stopped_s for turn in turns),
        "decision_s": quantiles(turn.decision_s for turn in turns),
        "final_s": quantiles(turn.final_s for turn in turns),
        "partial_lag_s": quantiles(lag_s for turn in turns for lag_s in turn.partial_lags_s),
        "partials": sum(len(turn.partial_lags_s) for turn in turns),
        **_words(turns),
        "late_s": round(max(one.late_s for one in talked), 3),
    }


def answering(talked: Sequence[Talked], theirs: Sequence[Answer]) -> list[dict[str, Any]]:
    """The figures of `stream-speech-to-speech` and of the alternative.

    `share` is our median time to the first audio, divided by the row's own.
    """
    turns = [turn for one in talked for turn in one.turns]
    rows = [
        {
            "who": "tritone",
            "final_s": quantiles(turn.final_s for turn in turns),
            "first_audio_s": quantiles(turn.first_audio_s for turn in turns),
            "before_end": sum((turn.first_audio_s or 0) < 0 for turn in turns),
            "slack_s": round(min((turn.slack_s for turn in turns if turn.slack_s is not None), default=0.0), 3),
            **_words(turns),
            "late_s": round(max(one.late_s for one in talked), 3),
        },
        {
            "who": "alternative",
            "final_s": quantiles(answer.final_s for answer in theirs),
            "first_audio_s": quantiles(answer.first_audio_s for answer in theirs),
            "before_end": 0,
            "wer_percent": word_error_percent([one.utterance.text for one in theirs], [one.text for one in theirs]),
        },
    ]
    sentences = min(turn.utterance.sentences for turn in turns)
    ours = rows[0]["first_audio_s"]
    return [
        {"turns": len(turns), "sentences": sentences, **row, "share": _share(ours, row["first_audio_s"])}
        for row in rows
    ]


def converting(ours: Sequence[tuple[float, float]], theirs: Sequence[float]) -> dict[str, Any]:
    """The figures of one file. ours: seconds to the first and to the last byte; theirs: seconds to all of the audio."""
    first, total, other = (quantiles(values) for values in (*zip(*ours, strict=True), theirs))
    return {"first_audio_s": first, "total_s": total, "alternative_s": other, "share": _share(first, other)}


def _words(turns: Sequence[Turn]) -> dict[str, Any]:
    return {
        "finals": sum(turn.finals for turn in turns),
        "lost": sum(turn.lost for turn in turns),
        "wer_percent": word_error_percent([turn.utterance.text for turn in turns], [turn.text for turn in turns]),
    }


def _share(ours: Mapping[str, float] | None, theirs: Mapping[str, float] | None) -> float | None:
    return round(ours["median"] / theirs["median"], 3) if ours and theirs else None


def report(result: Mapping[str, Any]) -> str:
    """Three tables and the goals, as Markdown."""
    tables = (_listening(result["listening"]), _answering(result["answering"]), _files(result["files"]))
    return "\n\n".join((*tables, "\n".join(goals(result))))


def goals(result: Mapping[str, Any]) -> Iterator[str]:
    """One line for each goal: met or missed."""
    for row in result["answering"]:
        if row["who"] == "alternative" and row["sentences"] >= 3:
            what = f"first audio / the alternative's, {row['set']}, {row['connections']} at once"
            yield goal(what, _or_worst(row["share"]), FIRST_SHARE)
    for row in result["listening"]:
        if row["connections"] == 1:
            median = (row["decision_s"] or {}).get("median")
            yield goal(f"endpoint decision to final in s, {row['set']}, 1 at once", _or_worst(median), DECISION_S)
    yield lost_finals(result["listening"] + [row for row in result["answering"] if row["who"] == "tritone"])


def lost_finals(rows: Rows) -> str:
    lost, finals = (sum(row[name] for row in rows) for name in ("lost", "finals"))
    return f"{'MISSED' if lost or not finals else 'met '} no lost final: {lost} lost, {finals} received"


def _or_worst(value: float | None) -> float:
    return float("inf") if value is None else value


def _listening(rows: Rows) -> str:
    times = ("endpoint", "endpoint to final", "final", "lag of partials")
    head = ("utterances", "at once", "turns", *times, "finals", "lost", "WER")
    return table(
        head,
        (
            (
                row["set"],
                row["connections"],
                row["turns"],
                *(_two(row[name]) for name in ("stopped_s", "decision_s", "final_s", "partial_lag_s")),
                row["finals"],
                row["lost"],
                f"{row['wer_percent']:.2f} %",
            )
            for row in rows
        ),
    )


def _answering(rows: Rows) -> str:
    head = (
        "utterances",
        "at once",
        "turns",
        "who",
        "final",
        "first audio",
        "tritone / it",
        "smallest slack",
        "WER",
        "lost",
    )
    return table(
        head,
        (
            (
                row["set"],
                row["connections"],
                row["turns"],
                row["who"],
                _two(row["final_s"]),
                _two(row["first_audio_s"]),
                "" if row["share"] is None else f"{row['share']:.2f}",
                f"{row['slack_s']:.2f} s" if "slack_s" in row else "",
                f"{row['wer_percent']:.2f} %",
                row.get("lost", ""),
            )
            for row in rows
        ),
    )


def _files(rows: Rows) -> str:
    head = ("file", "audio", "first audio", "total", "alternative", "first audio / alternative")
    return table(
        head,
        (
            (
                row["set"],
                f"{row['audio_s']:.0f} s",
                *(_two(row[name]) for name in ("first_audio_s", "total_s", "alternative_s")),
                "" if row["share"] is None else f"{row['share']:.2f}",
            )
            for row in rows
        ),
    )


def _two(figures: Mapping[str, float] | None) -> str:
    """Median and 95th percentile as text."""
    return "none" if figures is None else f"{figures['median']:.2f} / {figures['p95']:.2f} s"
