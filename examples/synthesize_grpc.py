"""Speak a text through Triton's gRPC, without HTTP and without the frontend; audio comes as it is made.

    python examples/synthesize_grpc.py "Good morning!" speech.mp3 --url 127.0.0.1:8001 --parameter voice=nova

A text is one request to the model `synthesize`: TEXT, with the options as request parameters. The answers are pieces
of speech: mono 24 kHz float32 samples in AUDIO, each with an `audio` event. The last answer is an `audio_done` event
without audio. docs/grpc.md and docs/events.md describe all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
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

from speech.contract import AUDIO, EVENT, INDEX, SYNTHESIZE, TEXT
from speech.sound.encoder import FORMATS, Encoder

Answer = tuple[dict[str, Any], NDArray[np.float32]]


async def synthesize(text: str, url: str, parameters: dict[str, str]) -> AsyncIterator[Answer]:
    """The events of one text, in order, with their audio: float32 [samples], 24 kHz."""

    async def requests() -> AsyncIterator[dict[str, Any]]:
        given = InferInput(TEXT, [1], "BYTES")
        given.set_data_from_numpy(np.array([text.encode()], dtype=object))
        yield {"model_name": SYNTHESIZE.name, "inputs": [given], "parameters": parameters}

    async with InferenceServerClient(url) as client:
        early: dict[int, Answer] = {}
        expected = 0
        async for result, error in client.stream_infer(requests()):
            if error is not None:
                raise error
            # Triton may deliver the answers of a decoupled model out of order.
            early[int(result.as_numpy(INDEX)[0])] = json.loads(result.as_numpy(EVENT)[0]), result.as_numpy(AUDIO)
            while expected in early:
                yield early.pop(expected)
                expected += 1


def named(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{pair!r} is not NAME=VALUE")
    return name, value


async def main() -> None:
    parser = argparse.ArgumentParser(description="Speak a text through Triton's gRPC.")
    parser.add_argument("text", help="the text to speak")
    parser.add_argument("file", type=Path, help=f"file to write; its suffix is the format: {', '.join(FORMATS)}")
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
    kind = options.file.suffix.removeprefix(".")
    if kind not in FORMATS:
        parser.error(f"{options.file} must end in one of {', '.join(FORMATS)}")
    parameters = dict(options.parameter)
    encoder = Encoder(kind)
    try:
        with options.file.open("wb") as file:
            async for event, audio in synthesize(options.text, options.url, parameters):
                file.write(encoder.encode(audio))
                if event["type"] == "audio_done":
                    print(f"{event['duration']:.2f} s of {event['language']} by {event['voice']}", file=sys.stderr)
                for word in event.get("words", ()):
                    print(f"{word['start']:8.2f} {word['end']:8.2f} {word['word']}", flush=True)
            file.write(encoder.finish())
    except InferenceServerException as error:
        sys.exit(f"error: {error}")
    except grpc.aio.AioRpcError as error:
        sys.exit(f"error: no answer from {options.url}: {error.details()}")


if __name__ == "__main__":
    asyncio.run(main())
