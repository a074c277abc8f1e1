"""Live speech for a long time: does the memory of the server's processes grow, and does every final arrive?

    python -m benchmarks.soak [--minutes 30] [--connections 4] [--json FILE]

Each connection sends six utterances of real speech in real time, ends, and is replaced by a new one. Every other
connection gets answers in speech. Memory is the resident set of each process of the server, measured every few seconds;
the first minutes do not count, because caches and arenas grow then.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.live_report import listening, lost_finals
from benchmarks.report import goal, table
from benchmarks.server import serving
from benchmarks.talkers import Talked, talk_to_speech, talk_to_transcribe
from benchmarks.utterances import Utterance, utterance_sets
from speech.types import LiveOptions
from tritone.folders import ROOT

TURNS = 6
"""Utterances on each connection."""
SAMPLE_S = 5.0
"""Seconds between two measurements of memory."""
WARM_UP_MINUTES = 5.0
"""Minutes at the start that do not count; at most a third of the whole time."""
GROWTH_MB = 16.0
"""Goal: how much a process may grow from the first to the last quarter of the time after the warm-up."""


@dataclass(frozen=True)
class Sample:
    """The memory of the server at one moment."""

    minute: float
    """Minutes since the start."""
    mb: Mapping[str, float]
    """MB by process."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long to talk")
    parser.add_argument("--connections", type=int, default=4, help="how many connections at once")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of recordings with manifest.jsonl"
    )
    parser.add_argument("--json", type=Path, help="also write all samples to this file")
    options = parser.parse_args()
    utterances = [utterance for group in utterance_sets(options.data).values() for utterance in group]
    with serving() as server:
        samples, talked, errors = asyncio.run(
            soak(server.url, server.pid, utterances, options.connections, options.minutes)
        )
    memory = growth(samples, min(WARM_UP_MINUTES, options.minutes / 3))
    heard = listening(talked) if talked else {"lost": 0, "finals": 0}
    if options.json:
        samples_json = [{"minute": round(sample.minute, 3), **sample.mb} for sample in samples]
        result = {"memory": memory, "heard": heard, "errors": errors, "samples": samples_json}
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    print(report(memory, heard, errors))


async def soak(
    url: str, pid: int, utterances: Sequence[Utterance], connections: int, minutes: float
) -> tuple[list[Sample], list[Talked], list[str]]:
    """Samples of the memory, the connections that ended without an error, and the errors of the others."""
    began = time.monotonic()
    until = began + 60 * minutes
    talked: list[Talked] = []
    errors: list[str] = []

    def next_utterances(first: int) -> Iterator[Utterance]:
        for i in range(first, first + TURNS):
            if time.monotonic() < until:
                yield utterances[i % len(utterances)]

    async def talk_on(who: int) -> None:
        talk = talk_to_speech if who % 2 else talk_to_transcribe
        said = who * len(utterances) // connections  # so that few connections send the same utterance at once
        while time.monotonic() < until:
            try:
                talked.append(await talk(url, next_utterances(said), LiveOptions()))
            except Exception as error:  # the run goes on, to find out how often this happens
                errors.append(f"minute {(time.monotonic() - began) / 60:.1f}: {_described(error)}")
                print(errors[-1], file=sys.stderr, flush=True)
                await asyncio.sleep(1)
            said += TURNS

    samples: list[Sample] = []

    async def watch() -> None:
        while True:
            samples.append(Sample((time.monotonic() - began) / 60, memory_of(pid)))
            if len(samples) % 12 == 0:
                finals = sum(turn.finals for one in talked for turn in one.turns)
                print(f"{samples[-1].minute:.0f} min, {finals} finals, {dict(samples[-1].mb)}", file=sys.stderr)
            await asyncio.sleep(SAMPLE_S)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(talk_on(who) for who in range(connections)))
    watching.cancel()
    return samples, talked, errors


def _described(error: BaseException) -> str:
    """An error, or all errors inside a group of them."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_described(one) for one in error.exceptions)
    return repr(error)


def memory_of(pid: int) -> dict[str, float]:
    """Resident set of the server's root process (the frontend) and of each of its descendants, in MB, by name."""
    root = psutil.Process(pid)
    sizes = {"frontend": _mb(root)}
    for process in root.children(recursive=True):
        try:
            name = _name(process.cmdline())
            sizes[name] = round(sizes.get(name, 0.0) + _mb(process), 1)
        except psutil.NoSuchProcess:
            continue
    return sizes


def _mb(process: psutil.Process) -> float:
    return round(process.memory_info().rss / 1e6, 1)


def _name(command: Sequence[str]) -> str:
    """The name of the model, if the path of its model.py is among the arguments, else the name of the program."""
    for word in command:
        found = re.search(r"([^/]+)/\d+/model\.py", word)
        if found:
            return found[1]
    return Path(command[0]).name if command else "?"


def growth(samples: Sequence[Sample], warm_up_minutes: float) -> list[dict[str, Any]]:
    """A row for each process, of the time after the warm-up: medians of the first and the last quarter, slope (least
    squares) and peak."""
    rows = []
    for name in dict.fromkeys(name for sample in samples for name in sample.mb):
        points = [(s.minute, s.mb[name]) for s in samples if name in s.mb and s.minute >= warm_up_minutes]
        if len(points) < 8:
            continue
        minutes, sizes = (np.array(column) for column in zip(*points, strict=True))
        quarter = len(points) // 4
        first, last = (statistics.median(part) for part in (sizes[:quarter].tolist(), sizes[-quarter:].tolist()))
        rows.append(
            {
                "process": name,
                "minutes": round(float(minutes[-1] - minutes[0]), 1),
                "first_mb": round(first, 1),
                "last_mb": round(last, 1),
                "growth_mb": round(last - first, 1),
                "mb_per_hour": round(60 * float(np.polyfit(minutes, sizes, 1)[0]), 1),
                "peak_mb": round(float(sizes.max()), 1),
            }
        )
    return rows


def report(memory: Sequence[Mapping[str, Any]], heard: Mapping[str, Any], errors: Sequence[str]) -> str:
    head = ("process", "minutes after warm-up", "first quarter", "last quarter", "slope", "peak")
    rows = [
        (
            row["process"],
            row["minutes"],
            f"{row['first_mb']:.0f} MB",
            f"{row['last_mb']:.0f} MB",
            f"{row['mb_per_hour']:+.1f} MB/h",
            f"{row['peak_mb']:.0f} MB",
        )
        for row in memory
    ]
    lines = [goal(f"growth of {row['process']} in MB", row["growth_mb"], GROWTH_MB) for row in memory]
    lines += [lost_finals([heard])]
    lines += [f"{'MISSED' if errors else 'met '} no connection failed: {len(errors)} did", *errors[:20]]
    if "wer_percent" in heard:
        lines.append(f"{heard['turns']} utterances, WER {heard['wer_percent']:.2f} %")
    return "\n\n".join((table(head, rows), "\n".join(lines)))


if __name__ == "__main__":
    main()
