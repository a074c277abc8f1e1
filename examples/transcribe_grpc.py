"""Transcribe a file through Triton's gRPC, without HTTP and without the frontend; segments come as they are decoded.

    python examples/transcribe_grpc.py speech.mp3 --url 127.0.0.1:8001 --parameter language=en

The file is one sequence of the model `transcribe`. Each request has a chunk of mono 16 kHz float32 samples in AUDIO.
The first one has the flag START and carries the options as request parameters; the last one has the flag END. The
answers are events: a `progress` for each chunk, a `segment` for each finished piece of text, and `done` at the end.
docs/grpc.md and docs/events.md describe all of it.
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

from speech.contract import AUDIO, EVENT, INDEX, TRANSCRIBE
from speech.errors import SpeechError
from speech.sound.decoder import decode

AHEAD = 6
"""Chunks that may be sent before the first of them is acknowledged, so that a long file does not pile up."""


async def transcribe(path: Path, url: str, parameters: dict[str, str]) -> AsyncIterator[dict[str, Any]]:
    """The events of one file, in order."""
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
                audio = InferInput(AUDIO, [len(chunk)], "FP32")
                audio.set_data_from_numpy(chunk)
                yield {
                    "model_name": TRANSCRIBE.name,
                    "inputs": [audio],
                    "sequence_id": sequence,
                    "sequence_start": first,
                    "sequence_end": following is None,
                    "parameters": parameters if first else None,
                }
                chunk, first = following, False

        async with InferenceServerClient(url) as client:
            early: dict[int, dict[str, Any]] = {}
            expected = 0
            # Read on after `done`, to the end: tritonserver 2.51 may crash when a stream is cancelled.
            async for result, error in client.stream_infer(requests()):
                if error is not None:
                    raise error
                # Triton may deliver the answers of a decoupled model out of order.
                early[int(result.as_numpy(INDEX)[0])] = json.loads(result.as_numpy(EVENT)[0])
                while expected in early:
                    event = early.pop(expected)
                    expected += 1
                    if event["type"] == "progress":
                        room.release()
                    yield event


def named(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{pair!r} is not NAME=VALUE")
    return name, value


async def main() -> None:
    parser = argparse.ArgumentParser(description="Transcribe a file through Triton's gRPC.")
    parser.add_argument("file", type=Path, help="the recording, in any format that FFmpeg can open")
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
        async for event in transcribe(options.file, options.url, parameters):
            if event["type"] == "segment":
                print(f"{event['start']:8.2f} {event['end']:8.2f} {event['text'].strip()}", flush=True)
            elif event["type"] == "done":
                print(f"{event['duration']:.2f} s of {event['language']} by {event['model']}", file=sys.stderr)
    except (SpeechError, InferenceServerException) as error:
        sys.exit(f"error: {error}")
    except grpc.aio.AioRpcError as error:
        sys.exit(f"error: no answer from {options.url}: {error.details()}")


if __name__ == "__main__":
    asyncio.run(main())
