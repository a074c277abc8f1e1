"""Tritone (over HTTP, with Triton) compared with faster-whisper int8, which has the same weights.

    python -m benchmarks.transcribe [--rounds 3] [--data ../shared/data] [--json FILE]

In each round every contestant transcribes the same files of real English speech, one contestant after the other. A
figure is the median over the rounds. Each contestant runs in its own processes with all cores; its memory is the peak
of the sum of their resident sets.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import jiwer
import numpy as np
import psutil
import soundfile
from numpy.typing import NDArray
from tokenizers import Tokenizer
from whisper_normalizer.english import EnglishTextNormalizer

from benchmarks.server import serving
from build_engines import recipes, weights
from tritone.folders import ROOT

Float = NDArray[np.float32]

CONCURRENCY = (1, 4)
"""Numbers of clients at once."""
GAP_S = 0.4
"""Seconds of silence between recordings that are joined to a longer file."""


@dataclass(frozen=True)
class Clip:
    """A file to transcribe, with its correct transcript and its duration."""

    path: Path
    text: str
    seconds: float


@dataclass(frozen=True)
class Contestant:
    """A program that transcribes files; several threads may call it."""

    name: str
    transcribe: Callable[[Path], str]
    pid: int
    """Its root process; all others are its descendants."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how many times everything is measured")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of recordings with manifest.jsonl"
    )
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sets = clip_sets(options.data, folder)
        contestants = [stack.enter_context(tritone())]
        contestants += [stack.enter_context(faster_whisper(beams)) for beams in (5, 1)]
        for contestant in contestants:
            contestant.transcribe(sets["short"][0].path)
        rows = compare(contestants, sets, options.rounds)
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")


def clip_sets(data: Path, folder: Path) -> dict[str, list[Clip]]:
    """Three sets of clips: short recordings, recordings joined to about 30 s, and all recordings in one file."""
    manifest = data / "manifest.jsonl"
    if not manifest.exists():
        sys.exit(f"no {manifest}: give --data a folder of recordings with file, text and language in manifest.jsonl")
    entries = [json.loads(line) for line in manifest.read_text().splitlines()]
    english = [entry for entry in entries if entry["language"] == "en"]
    sounds = [(soundfile.read(data / entry["file"], dtype="float32")[0], entry["text"]) for entry in english]
    short = [
        Clip(data / entry["file"], entry["text"], len(sound) / 16_000)
        for entry, (sound, _) in zip(english, sounds, strict=True)
        if len(sound) < 20 * 16_000
    ]
    half_minutes: list[list[tuple[Float, str]]] = [[]]
    for sound, text in sounds:
        if sum(len(other) for other, _ in half_minutes[-1]) + len(sound) > 30 * 16_000 and half_minutes[-1]:
            half_minutes.append([])
        half_minutes[-1].append((sound, text))
    joined = [join(part, folder / f"half-minute-{i}.flac") for i, part in enumerate(half_minutes)]
    return {
        "short": short,
        "30 s": [clip for clip in joined if 20 < clip.seconds < 35],
        "minutes": [join(sounds, folder / "minutes.flac")],
    }


def join(parts: Sequence[tuple[Float, str]], path: Path) -> Clip:
    """Write the recordings (float32 [samples], 16 kHz, with their texts) to one file."""
    gap = np.zeros(round(GAP_S * 16_000), np.float32)
    sound = np.concatenate([piece for part, _ in parts for piece in (part, gap)])
    soundfile.write(path, sound, 16_000)
    return Clip(path, " ".join(text for _, text in parts), len(sound) / 16_000)


@contextmanager
def tritone() -> Iterator[Contestant]:
    """The server's `POST /v1/audio/transcriptions`, as an OpenAI client uses it."""
    with serving() as server, httpx2.Client(base_url=server.url, timeout=600) as client:

        def transcribe(path: Path) -> str:
            with path.open("rb") as file:
                fields = {"model": "whisper-1", "language": "en", "response_format": "text"}
                answer = client.post("/v1/audio/transcriptions", data=fields, files={"file": file})
            return str(answer.raise_for_status().text)

        yield Contestant("tritone", transcribe, server.pid)


@contextmanager
def faster_whisper(beams: int) -> Iterator[Contestant]:
    """faster-whisper in its own process. All threads share one model, as its README recommends."""
    with tempfile.TemporaryDirectory() as folder, peer_process(_model_folder(Path(folder)), beams) as peer:
        yield peer


def _model_folder(folder: Path) -> Path:
    """A folder with our weights and with the vocabulary as a list, which CTranslate2 expects."""
    source = weights.fetch(recipes.RECIPES["whisper-base"]).folder
    for file in source.iterdir():
        (folder / file.name).symlink_to(file)
    vocabulary = Tokenizer.from_file(str(source / "tokenizer.json")).get_vocab()
    (folder / "vocabulary.json").write_text(json.dumps(sorted(vocabulary, key=lambda token: vocabulary[token])))
    return folder


@contextmanager
def peer_process(folder: Path, beams: int) -> Iterator[Contestant]:
    """A process that runs faster-whisper with the model in `folder`, until the end of the block."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_peer, args=(theirs, str(folder), beams), daemon=True)
    process.start()
    theirs.close()
    assert process.pid is not None
    answers: dict[int, str] = {}
    changed = threading.Condition()
    numbers = itertools.count()

    def receive() -> None:
        with suppress(EOFError):
            while True:
                number, text = ours.recv()
                with changed:
                    answers[number] = text
                    changed.notify_all()
        with changed:
            changed.notify_all()

    receiver = threading.Thread(target=receive, daemon=True)
    receiver.start()

    def transcribe(path: Path) -> str:
        with changed:
            number = next(numbers)
            ours.send((number, str(path)))
            changed.wait_for(lambda: number in answers or not receiver.is_alive())
            return answers.pop(number)

    try:
        yield Contestant(f"faster-whisper beam {beams}", transcribe, process.pid)
    finally:
        process.kill()
        process.join()


def _peer(connection: Any, folder: str, beams: int) -> None:
    from faster_whisper import WhisperModel

    model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1)
    sending = threading.Lock()

    def work(number: int, path: str) -> None:
        segments, _ = model.transcribe(path, language="en", beam_size=beams)
        text = "".join(segment.text for segment in segments)
        with sending:
            connection.send((number, text))

    with ThreadPoolExecutor(max(CONCURRENCY)) as pool:
        while True:
            pool.submit(work, *connection.recv())


def compare(contestants: list[Contestant], sets: dict[str, list[Clip]], rounds: int) -> list[dict[str, Any]]:
    """A row for each set, number of clients and contestant."""
    rows = []
    for name, clips in sets.items():
        for concurrency in CONCURRENCY:
            # If a set has fewer files than there are clients, each client sends a copy.
            work = clips * concurrency if len(clips) < concurrency else clips
            seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
            texts: dict[str, list[str]] = {}
            memory: dict[str, float] = {}
            for number in range(rounds):
                for contestant in contestants[number % len(contestants) :] + contestants[: number % len(contestants)]:
                    with peak_memory(contestant.pid) as peak, ThreadPoolExecutor(concurrency) as pool:
                        began = time.perf_counter()
                        texts[contestant.name] = list(pool.map(contestant.transcribe, [clip.path for clip in work]))
                        seconds[contestant.name].append(time.perf_counter() - began)
                    memory[contestant.name] = max(memory.get(contestant.name, 0), peak[0])
            ours = statistics.median(seconds[contestants[0].name])
            for contestant in contestants:
                median = statistics.median(seconds[contestant.name])
                rows.append(
                    {
                        "clips": name,
                        "audio_s": round(sum(clip.seconds for clip in work), 1),
                        "concurrency": concurrency,
                        "who": contestant.name,
                        "seconds": round(median, 2),
                        "our_share": round(ours / median, 2),
                        "wer_percent": round(100 * error_rate(work, texts[contestant.name]), 2),
                        "peak_mb": round(memory[contestant.name]),
                    }
                )
                print(rows[-1], file=sys.stderr, flush=True)
    return rows


def error_rate(clips: Sequence[Clip], texts: Sequence[str]) -> float:
    """Word error rate of texts as Whisper's authors normalize them; 1.0 is 100 %."""
    normal = EnglishTextNormalizer()
    spoken = [normal(re.sub(r"\s+", " ", clip.text)) for clip in clips]
    return float(jiwer.wer(spoken, [normal(text) for text in texts]))


@contextmanager
def peak_memory(pid: int) -> Iterator[list[float]]:
    """The peak of the sum of the resident sets of a process and its descendants, in MB, in a list with one item."""
    peak = [0.0]
    stop = threading.Event()
    root = psutil.Process(pid)

    def watch() -> None:
        while not stop.wait(0.05):
            total = 0
            for process in (root, *root.children(recursive=True)):
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            peak[0] = max(peak[0], total / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        stop.set()
        watcher.join()


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a table in Markdown; "tritone / it" is our time divided by the row's."""
    lines = [
        "| clips (audio) | at once | who | time | tritone / it | WER | peak memory |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row['clips']} ({row['audio_s']:.0f} s) | {row['concurrency']} | {row['who']} | {row['seconds']:.1f} s "
            f"| {row['our_share']:.2f} | {row['wer_percent']:.2f} % | {row['peak_mb']} MB |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
