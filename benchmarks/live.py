"""Live speech over Tritone's WebSockets (Triton included), beside faster-whisper and then kokoro-onnx, in one run.

    python -m benchmarks.live [--connections 1,4,8] [--rounds 2] [--turns 2] [--quick] [--json FILE]

Real speech is said at its own pace, utterance after utterance, on so many connections at once. Every time is counted
from the end of speech, which is the last sample of the recording that is speech; what follows is a room's noise. The
alternative gets the whole utterance after the same silence. Contestants take turns, and all are warm.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import soundfile

from benchmarks.alternative import Alternative, Answer, alternative
from benchmarks.live_report import answering, converting, listening, report
from benchmarks.server import serving
from benchmarks.talkers import VOICE, Talked, talk_to_speech, talk_to_transcribe
from benchmarks.utterances import RATE_HZ, Utterance, files, utterance_sets
from speech.types import LiveOptions
from tritone.folders import ROOT

ENDPOINT_SILENCE_S = 0.8
"""More than the pauses within an utterance, so that both sides answer the whole of it; the server's default is less."""
MAX_UTTERANCE_S = 28.0
"""From two thirds of it on an utterance is cut at a breath, which no utterance here shall be."""

T = TypeVar("T")
Talk = Callable[[Sequence[Utterance], LiveOptions, float], Awaitable[T]]
"""Says utterances on one connection, after so many seconds."""


def main() -> None:
    options = _options()
    sets = utterance_sets(options.data)
    with ExitStack() as stack:
        other = stack.enter_context(alternative())
        url = options.url or stack.enter_context(serving()).url
        result = asyncio.run(live(url, other, sets, options))
        sounds = files(options.data)
        result["files"] = convert_files(url, other, dict([*sounds.items()][: options.files]), options.rounds)
    if options.json:
        options.json.write_text(json.dumps({**result, "endpoint_silence_s": options.endpoint_silence}, indent=2) + "\n")
    print(report(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=_numbers, default=(1, 4, 8), help="at once, comma separated")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--turns", type=int, default=2, help="utterances of each length on each connection, in a round")
    parser.add_argument("--files", type=int, default=2, help="how many, the shortest first")
    parser.add_argument("--endpoint-silence", type=float, default=ENDPOINT_SILENCE_S, help="seconds, for both sides")
    parser.add_argument("--quick", action="store_true", help="one round, one turn, 1 and 4 connections, one file")
    parser.add_argument("--url", help="a server that runs already")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="clips and manifest.jsonl")
    parser.add_argument("--json", type=Path, help="also write every figure here")
    options = parser.parse_args()
    if options.quick:
        options.connections, options.rounds, options.turns, options.files = (1, 4), 1, 1, 1
    return options


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


async def live(
    url: str, other: Alternative, sets: Mapping[str, Sequence[Utterance]], options: argparse.Namespace
) -> dict[str, Any]:
    """Rows by set and connections: of what was heard (`listening`), and of what was answered (`answering`)."""

    def transcribe(utterances: Sequence[Utterance], how: LiveOptions, delay_s: float) -> Awaitable[Talked]:
        return talk_to_transcribe(url, utterances, how, delay_s)

    def converse(utterances: Sequence[Utterance], how: LiveOptions, delay_s: float) -> Awaitable[Talked]:
        return talk_to_speech(url, utterances, how, delay_s)

    how = LiveOptions(endpoint_silence_s=options.endpoint_silence, max_utterance_s=MAX_UTTERANCE_S)
    warm_up = [utterances[:1] for utterances in sets.values()]
    for talk in (transcribe, converse, other.talk):
        await at_once(talk, warm_up, how)
    heard, answered = [], []
    for name, utterances in sets.items():
        for connections in options.connections:
            transcribed: list[Talked] = []
            conversed: list[Talked] = []
            theirs: list[Answer] = []
            for number in range(options.rounds):
                shares = shared_out(utterances, connections, options.turns, number)
                # Everybody begins a round once: what the last one left behind (heat, caches) is shared out.
                for who in (0, 1, 2, 0, 1)[number % 3 :][:3]:
                    if who == 0:
                        transcribed += await at_once(transcribe, shares, how)
                    elif who == 1:
                        conversed += await at_once(converse, shares, how)
                    else:
                        theirs += chain.from_iterable(await at_once(other.talk, shares, how))
                _progress(f"{name}, {connections} at once, round {number + 1} of {options.rounds}")
            heard.append({"set": name, "connections": connections, **listening(transcribed)})
            answered += [{"set": name, "connections": connections, **row} for row in answering(conversed, theirs)]
            for row in (heard[-1], *answered[-2:]):
                _progress(str(row))
    return {"listening": heard, "answering": answered}


async def at_once(talk: Talk[T], shares: Sequence[Sequence[Utterance]], how: LiveOptions) -> list[T]:
    """Each share on a connection of its own; they begin one after the other within the first utterance."""
    step_s = shares[0][0].seconds / len(shares)
    return list(await asyncio.gather(*(talk(share, how, i * step_s) for i, share in enumerate(shares))))


def shared_out(utterances: Sequence[Utterance], connections: int, turns: int, number: int) -> list[list[Utterance]]:
    """What each connection says in round `number`: all utterances in turns, so that few say the same at a time."""
    first = number * connections * turns
    return [
        [utterances[(first + turn * connections + who) % len(utterances)] for turn in range(turns)]
        for who in range(connections)
    ]


def convert_files(url: str, other: Alternative, sounds: Mapping[str, Utterance], rounds: int) -> list[dict[str, Any]]:
    """`POST /api/v1/speech-to-speech`: seconds from the request to the first byte and to the last one."""
    rows = []
    with httpx2.Client(base_url=url, timeout=600) as client:
        for name, sound in sounds.items():
            ours = [_convert(client, sound) for _ in range(rounds)]
            theirs = [other.convert(sound.pcm)[2] for _ in range(rounds)]
            rows.append({"set": name, "audio_s": round(sound.seconds, 1), **converting(ours, theirs)})
            _progress(str(rows[-1]))
    return rows


def _convert(client: httpx2.Client, sound: Utterance) -> tuple[float, float]:
    with tempfile.NamedTemporaryFile(suffix=".flac") as file:
        soundfile.write(file.name, sound.pcm, RATE_HZ)
        fields = {"voice": VOICE, "language": "en", "response_format": "pcm"}
        began = time.perf_counter()
        request = client.stream("POST", "/api/v1/speech-to-speech", data=fields, files={"file": file})
        with request as answer:
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.request.url} answered {answer.status_code}: {answer.read().decode()}")
            arrivals = [time.perf_counter() - began for piece in answer.iter_raw() if piece]
    return arrivals[0], arrivals[-1]


def _progress(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
