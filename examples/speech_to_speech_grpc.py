"""Convert speech through Triton's gRPC: a file goes in, its text comes out, and the same words in another voice.

    python examples/speech_to_speech_grpc.py speech.mp3 answer.mp3 --url 127.0.0.1:8001 --parameter voice=am_echo

The file is one sequence of the ensemble `speech_to_speech`. Each request has a chunk of mono 16 kHz float32 samples in
AUDIO_IN. The first one has the flag START and carries the options of both models as request parameters; the last one
has the flag END. The answers are the events of `transcribe`, and those of `synthesize` with audio in AUDIO. The first
audio comes while the file is still being transcribed. docs/grpc.md and docs/events.md describe all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import numpy as np
from numpy.typing import NDArray
from tritonclient.grpc import InferInput
from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.utils import InferenceServerException

from speech.contract import AUDIO, AUDIO_IN, EVENT, INDEX, SPEECH_TO_SPEECH
from speech.errors import SpeechError
from speech.sound.decoder import decode
from speech.sound.encoder import FORMATS, Encoder

AHEAD = 6
"""Chunks that may be sent before the first of them is acknowledged, so that neither model piles up work."""

Answer = tuple[dict[str, Any], NDArray[np.float32]]


async def converse(path: Path, url: str, parameters: dict[str, str]) -> AsyncIterator[Answer]:
    """The events of one file, in order, with their audio: float32 [samples], 24 kHz."""
    room = asyncio.Semaphore(AHEAD)
    sequence = secrets.randbits(63) or 1

    with path.open("rb") as file:
        chunks = decode(file)
        first_chunk = next(chunks)  # decoded here, because gRPC would hide an error of the file

        async def requests() -> AsyncIterator[dict[str, Any]]:
            chunk: NDArray[np.float32] | None = first_chunk
            first = True
            while chunk is not None:
                following = next(chunks, None)
                await room.acquire()
                audio = InferInput(AUDIO_IN, [len(chunk)], "FP32")
                audio.set_data_from_numpy(chunk)
                yield {
                    "model_name": SPEECH_TO_SPEECH.name,
                    "inputs": [audio],
                    "sequence_id": sequence,
                    "sequence_start": first,
                    "sequence_end": following is None,
                    "parameters": parameters if first else None,
                }
                chunk, first = following, False

        async with InferenceServerClient(url) as client:
            early: dict[int, Answer] = {}
            expected = 0
            # Read on after `done`, to the end: tritonserver 2.51 may crash when a stream is cancelled.
            async for result, error in client.stream_infer(requests()):
                if error is not None:
                    raise error
                # Triton may deliver the answers of a decoupled model out of order.
                event = json.loads(result.as_numpy(EVENT)[0])
                early[int(result.as_numpy(INDEX)[0])] = event, result.as_numpy(AUDIO)
                while expected in early:
                    event, sound = early.pop(expected)
                    expected += 1
                    if event["type"] == "progress":
                        room.release()
                    yield event, sound


def named(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{pair!r} is not NAME=VALUE")
    return name, value


async def main() -> None:
    parser = argparse.ArgumentParser(description="Convert speech through Triton's gRPC.")
    parser.add_argument("file", type=Path, help="the recording, in any format that FFmpeg can open")
    parser.add_argument("answer", type=Path, help=f"file to write; its suffix is the format: {', '.join(FORMATS)}")
    parser.add_argument("--url", default="127.0.0.1:8001", help="host:port of Triton's gRPC (default: %(default)s)")
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        type=named,
        metavar="NAME=VALUE",
        help="a request parameter; may be repeated",
    )
    options = parser.parse_args()
    parameters = dict(options.parameter)
    try:
        encoder = Encoder(options.answer.suffix.removeprefix("."))
        with options.answer.open("wb") as file:
            async for event, sound in converse(options.file, options.url, parameters):
                file.write(encoder.encode(sound))
                if event["type"] == "error":
                    raise SpeechError(event["message"])
                if event["type"] in ("segment", "final"):
                    print(f"{event['start']:8.2f} {event['end']:8.2f} {event['text'].strip()}", flush=True)
                elif event["type"] == "audio" and "text" in event:
                    print(f"{'':>17} said: {event['text']}", flush=True)
            file.write(encoder.finish())
    except (SpeechError, InferenceServerException) as error:
        sys.exit(f"error: {error}")
    except grpc.aio.AioRpcError as error:
        sys.exit(f"error: no answer from {options.url}: {error.details()}")


if __name__ == "__main__":
    asyncio.run(main())
