"""Live speech over Tritone's WebSockets (with Triton), compared with faster-whisper followed by kokoro-onnx.

    python -m benchmarks.live [--connections 1,4,8] [--rounds 2] [--turns 2] [--quick] [--json FILE]

Recordings of speech are sent in real time, utterance after utterance, on several connections at once. Times are
measured from the end of speech, the last sample of the recording that is speech; after it noise of a quiet room is
sent. The alternative gets the whole utterance after the same silence. The contestants take turns, after a warm-up.
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
"""Seconds of silence that end an utterance: more than any pause within one, so that both sides answer the whole of it.
The server's default is shorter."""
MAX_UTTERANCE_S = 28.0
"""Seconds after which the server cuts an utterance. After two thirds of this it already cuts at a short pause, but no
utterance here is so long."""

T = TypeVar("T")
Talk = Callable[[Sequence[Utterance], LiveOptions, float], Awaitable[T]]
"""Sends utterances on one connection, after a delay in seconds."""


def main() -> None:
    options = _options()
    sets = utterance_sets(options.data)
    with ExitStack() as stack:
        other = stack.enter_context(alternative())
        url = options.url or stack.enter_context(serving()).url
        result = asyncio.run(live(url, other, sets, options))
        sounds = files(options.data)
        chosen = dict(list(sounds.items())[: options.files])
        result["files"] = convert_files(url, other, chosen, options.rounds)
    if options.json:
        options.json.write_text(json.dumps({**result, "endpoint_silence_s": options.endpoint_silence}, indent=2) + "\n")
    print(report(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=_numbers, default=(1, 4, 8), help="how many at once, comma separated")
    parser.add_argument("--rounds", type=int, default=2, help="how many times everything is measured")
    parser.add_argument("--turns", type=int, default=2, help="utterances of each length on each connection, in a round")
    parser.add_argument("--files", type=int, default=2, help="how many files to convert, the shortest first")
    parser.add_argument("--endpoint-silence", type=float, default=ENDPOINT_SILENCE_S, help="seconds, for both sides")
    parser.add_argument("--quick", action="store_true", help="one round, one turn, 1 and 4 connections, one file")
    parser.add_argument("--url", help="use this running server instead of starting one")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of recordings with manifest.jsonl"
    )
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    options = parser.parse_args()
    if options.quick:
        options.connections, options.rounds, options.turns, options.files = (1, 4), 1, 1, 1
    return options


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


async def live(
    url: str, other: Alternative, sets: Mapping[str, Sequence[Utterance]], options: argparse.Namespace
) -> dict[str, Any]:
    """A row for each set of utterances and number of connections: of transcription (`listening`), and of speech to
    speech (`answering`)."""

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
                # The order changes from round to round, so that heat and caches affect each contestant alike.
                for who in rotated(("transcribe", "converse", "alternative"), number):
                    if who == "transcribe":
                        transcribed += await at_once(transcribe, shares, how)
                    elif who == "converse":
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
    """Send each share on its own connection. They start one after the other, within the first utterance."""
    step_s = shares[0][0].seconds / len(shares)
    return list(await asyncio.gather(*(talk(share, how, i * step_s) for i, share in enumerate(shares))))


def shared_out(utterances: Sequence[Utterance], connections: int, turns: int, number: int) -> list[list[Utterance]]:
    """The utterances of each connection in round `number`, in rotation, so that few are sent twice at the same time."""
    first = number * connections * turns
    return [
        [utterances[(first + turn * connections + who) % len(utterances)] for turn in range(turns)]
        for who in range(connections)
    ]


def convert_files(url: str, other: Alternative, sounds: Mapping[str, Utterance], rounds: int) -> list[dict[str, Any]]:
    """`POST /api/v1/speech-to-speech`: a row for each file, with the seconds to the first and to the last byte."""
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


def rotated(items: Sequence[T], number: int) -> list[T]:
    """`items`, beginning with another one in each round `number`."""
    start = number % len(items)
    return [*items[start:], *items[:start]]


def _progress(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
