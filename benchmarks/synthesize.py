"""Tritone's speech (over HTTP, with Triton) compared with kokoro-onnx, which has the same weights, and with piper.

    python -m benchmarks.synthesize [--rounds 3] [--sentences N] [--voices alloy,echo,…|all] [--quick] [--json FILE]

The clock (times): in each round every contestant synthesizes the same texts, whole and streamed. A figure is the median
over the rounds (whole) or over all texts and rounds (first audio). Each contestant runs in its own processes with all
cores, after a warm-up.
The ear (intelligibility): the same server transcribes every sentence in every voice. It also transcribes kokoro-onnx's
audio of the same sentences, which shows which errors are made by the transcription.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx2

from benchmarks import provision
from benchmarks.report import report
from benchmarks.round_trip import TritoneListener, error_rates, round_trip, wrong
from benchmarks.sentences import SENTENCES, TIMED
from benchmarks.server import serving
from benchmarks.speakers import Peer, Speaker, Speech, Tritone, peer
from speech.speaking.voices import ALIASES

VOICES = ("alloy", "echo", "fable", "onyx", "nova", "shimmer")
"""The voices that are used by default; the first one for the clock."""
CONCURRENCY = (1, 4)
"""Numbers of clients at once for which the first audio is measured."""


def main() -> None:
    options = _options()
    with ExitStack() as stack:
        kokoro_onnx, piper = _peers(stack, (*options.voices, *options.peer_voices))
        server = stack.enter_context(serving())
        client = stack.enter_context(httpx2.Client(base_url=server.url, timeout=600))
        tritone = Tritone(client)
        result: dict[str, Any] = {}
        if options.only != "ear":
            speakers: list[Speaker] = [tritone, kokoro_onnx, piper]
            for speaker in speakers:
                for texts in TIMED.values():
                    speaker.speak(texts[0], options.voices[0], stream=True)
            number_of_texts = 2 if options.quick else 4
            result |= {
                "speed": speed(speakers, options.voices[0], options.rounds, number_of_texts),
                "first_audio": first_audio(speakers, options.voices[0], options.rounds, number_of_texts),
            }
        if options.only != "clock":
            sentences = SENTENCES[:: max(1, len(SENTENCES) // options.sentences)][: options.sentences]
            listener = TritoneListener(client)
            heard = round_trip(tritone, listener, sentences, options.voices, clients=4)
            heard += round_trip(kokoro_onnx, listener, sentences, options.peer_voices, clients=1)
            result |= {"round_trip": error_rates(heard), "wrong": wrong(heard), "heard": list(map(asdict, heard))}
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    print(report(result, options.worst))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how many times the times are measured")
    parser.add_argument("--sentences", type=int, default=len(SENTENCES), help="how many sentences to transcribe")
    parser.add_argument("--voices", type=_voices, default=VOICES, help="comma separated, or all; the first is timed")
    parser.add_argument("--peer-voices", type=_voices, help="voices of kokoro-onnx to transcribe (default: the first)")
    parser.add_argument("--quick", action="store_true", help="one round, two texts, 12 sentences, two voices")
    parser.add_argument("--only", choices=("clock", "ear"), help="only measure times, or only transcribe")
    parser.add_argument("--worst", type=int, default=30, help="how many misheard sentences to print")
    parser.add_argument("--json", type=Path, help="also write all figures and all transcripts to this file")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.sentences, options.voices = 1, 12, options.voices[:2]
    options.sentences = max(1, min(options.sentences, len(SENTENCES)))
    options.peer_voices = options.peer_voices or options.voices[:1]
    return options


def _voices(text: str) -> tuple[str, ...]:
    return provision.english_voices() if text == "all" else tuple(text.split(","))


def _peers(stack: ExitStack, voices: Sequence[str]) -> tuple[Peer, Peer]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    python, scripts = provision.python(), provision.PEERS
    files = provision.kokoro_files([ALIASES.get(voice, voice) for voice in voices], folder)
    kokoro_onnx = peer("kokoro-onnx", [python, str(scripts / "speak_kokoro_onnx.py"), *map(str, files)])
    piper = peer("piper", [python, str(scripts / "speak_piper.py")])
    return stack.enter_context(kokoro_onnx), stack.enter_context(piper)


def speed(speakers: Sequence[Speaker], voice: str, rounds: int, texts: int) -> list[dict[str, Any]]:
    """Real-time factor of whole answers, in sequence: a row for each speaker and length, and for all lengths."""
    took: dict[tuple[int, str], list[float]] = {}
    audio: dict[tuple[int, str], list[float]] = {}
    for words in TIMED:
        for turn in range(rounds):
            for speaker in _rotated(speakers, turn):
                spoken = [speaker.speak(text, voice, stream=False) for text in TIMED[words][:texts]]
                took.setdefault((words, speaker.name), []).append(sum(speech.total_s for speech in spoken))
                audio.setdefault((words, speaker.name), []).append(sum(speech.audio_s for speech in spoken))
            _progress(f"speed, {words} words, round {turn + 1} of {rounds}")
    rows = []
    groups: dict[int | str, list[int]] = {words: [words] for words in TIMED} | {"all": list(TIMED)}
    for length, lengths in groups.items():
        figures = {}
        for speaker in speakers:
            # Sum the lengths of a round first, then take the median over the rounds.
            seconds = statistics.median(map(sum, zip(*(took[words, speaker.name] for words in lengths), strict=True)))
            heard = statistics.median(map(sum, zip(*(audio[words, speaker.name] for words in lengths), strict=True)))
            figures[speaker.name] = {"seconds": seconds, "audio_s": heard, "rtf": seconds / heard}
        ours = figures[speakers[0].name]
        for who, figure in figures.items():
            shares = {"rtf_share": ours["rtf"] / figure["rtf"], "time_share": ours["seconds"] / figure["seconds"]}
            rows.append({"words": length, "who": who, **_rounded({**figure, **shares})})
    return rows


def first_audio(speakers: Sequence[Speaker], voice: str, rounds: int, texts: int) -> list[dict[str, Any]]:
    """Seconds to the first audio of streamed answers: a row for each length, number of clients and speaker.

    slack_s: with one client, the seconds by which the latest piece is early for a player that starts with the first.
    """
    rows = []
    for words, all_texts in TIMED.items():
        for clients in CONCURRENCY:
            work = all_texts[: max(texts, clients)]
            spoken: dict[str, list[Speech]] = {speaker.name: [] for speaker in speakers}
            for turn in range(rounds):
                for speaker in _rotated(speakers, turn):
                    spoken[speaker.name] += streamed(speaker, work, voice, clients)
                _progress(f"first audio, {words} words, {clients} at once, round {turn + 1} of {rounds}")
            firsts = {who: statistics.median(speech.first_s for speech in theirs) for who, theirs in spoken.items()}
            for who, theirs in spoken.items():
                pieces = statistics.median(len(speech.arrivals) for speech in theirs)
                slack_s = min(speech.slack_s for speech in theirs)
                row = {
                    "first_s": firsts[who],
                    "worst_first_s": max(speech.first_s for speech in theirs),
                    "share": firsts[speakers[0].name] / firsts[who],
                    "slack_s": None if clients > 1 or slack_s == float("inf") else slack_s,
                }
                rows.append({"words": words, "clients": clients, "who": who, "pieces": pieces, **_rounded(row)})
    return rows


def streamed(speaker: Speaker, texts: Sequence[str], voice: str, clients: int) -> list[Speech]:
    """Synthesize `texts`, streamed, with this number of clients at once."""
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda text: speaker.speak(text, voice, stream=True), texts))


def _rotated(speakers: Sequence[Speaker], turn: int) -> list[Speaker]:
    """`speakers`, beginning with another one in each round, so that heat and caches affect each of them alike."""
    start = turn % len(speakers)
    return [*speakers[start:], *speakers[:start]]


def _rounded(row: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else round(value, 3) for name, value in row.items()}


def _progress(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
