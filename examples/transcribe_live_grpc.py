"""Transcribe speech while it is spoken, through Triton alone: a file plays the microphone, at the pace it was recorded.

    python examples/transcribe_live_grpc.py speech.mp3 --url 127.0.0.1:8001 --parameter language=en

The sound is one sequence of the model `transcribe` with the parameter `live`: every 100 ms a chunk of mono 16 kHz
float32 in AUDIO, the first marked START, and at last an empty one marked END. The answers are events. A `partial` is
what was understood up to now; its `stable` part will not change (the rest is printed in brackets). A `final` is a
finished utterance. speech/contract.py describes them all.
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
from speech.types import INPUT_RATE_HZ

CHUNK = INPUT_RATE_HZ // 10

Float = NDArray[np.float32]


async def microphone(sound: Float) -> AsyncIterator[Float]:
    """Chunks of 100 ms, each when it would have been recorded, and an empty one at the end."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for at in range(0, len(sound), CHUNK):
        await asyncio.sleep(begun + (at + CHUNK) / INPUT_RATE_HZ - loop.time())
        yield sound[at : at + CHUNK]
    yield np.empty(0, np.float32)


async def transcribe(
    chunks: AsyncIterator[Float], url: str, parameters: dict[str, str]
) -> AsyncIterator[dict[str, Any]]:
    """The events of live sound, in order; an empty chunk ends it."""
    sequence = secrets.randbits(63) or 1

    async def requests() -> AsyncIterator[dict[str, Any]]:
        first = True
        async for chunk in chunks:
            audio = InferInput(AUDIO, [len(chunk)], "FP32")
            audio.set_data_from_numpy(chunk)
            yield {
                "model_name": TRANSCRIBE.name,
                "inputs": [audio],
                "sequence_id": sequence,
                "sequence_start": first,
                "sequence_end": len(chunk) == 0,
                "parameters": {"live": True, **parameters} if first else None,
            }
            first = False

    async with InferenceServerClient(url) as client:
        early: dict[int, dict[str, Any]] = {}
        expected = 0
        # To its end, though `done` comes a moment before: tritonserver 2.51 may crash when a stream is cancelled.
        async for result, error in client.stream_infer(requests()):
            if error is not None:
                raise error
            # Triton may deliver the answers of a decoupled model out of order.
            early[int(result.as_numpy(INDEX)[0])] = json.loads(result.as_numpy(EVENT)[0])
            while expected in early:
                yield early.pop(expected)
                expected += 1


def named(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{pair!r} is not NAME=VALUE")
    return name, value


async def main() -> None:
    parser = argparse.ArgumentParser(description="Transcribe a file in real time through Triton's gRPC.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", default="127.0.0.1:8001", help="host:port of Triton's gRPC")
    parser.add_argument(
        "--parameter", action="append", default=[], type=named, metavar="NAME=VALUE", help="may be repeated"
    )
    options = parser.parse_args()
    parameters = dict(options.parameter)
    try:
        with options.file.open("rb") as file:
            sound = np.concatenate(list(decode(file)))
        async for event in transcribe(microphone(sound), options.url, parameters):
            if event["type"] == "partial":
                tentative = event["text"][len(event["stable"]) :].strip()
                print(f"{event['end']:8.2f} ... {event['stable']} [{tentative}]", flush=True)
            elif event["type"] == "final":
                print(f"{event['start']:8.2f} {event['end']:8.2f} {event['text']}", flush=True)
            elif event["type"] == "done":
                print(f"{event['duration']:.2f} s of {event['language']} by {event['model']}", file=sys.stderr)
    except (SpeechError, InferenceServerException) as error:
        sys.exit(f"error: {error}")
    except grpc.aio.AioRpcError as error:
        sys.exit(f"error: no answer from {options.url}: {error.details()}")


if __name__ == "__main__":
    asyncio.run(main())
