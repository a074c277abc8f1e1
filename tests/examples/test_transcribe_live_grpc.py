"""The example, run as its reader would."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.examples.running import run_example
from tritone.ports import free_port

run = partial(run_example, "transcribe_live_grpc.py")


def test_partials_and_finals_are_printed(triton: str, samples: dict[str, Any]) -> None:
    for _ in range(3):
        done = run(str(samples["en-fox.wav"].path), "--url", triton, "--parameter", "language=en")
        assert done.returncode == 0, done.stderr
        if " ... " in done.stdout:  # there is no partial of what came in one burst, as on a machine that stands still
            break
    *partials, final = done.stdout.splitlines()
    assert partials and all(" ... " in line and line.endswith("]") for line in partials)
    start, end, *words = final.split()
    assert 0 <= float(start) < float(end)
    assert "fox" in " ".join(words).lower()
    assert "s of en by whisper-base" in done.stderr


def test_errors_are_told(triton: str, samples: dict[str, Any]) -> None:
    done = run(str(samples["en-fox.wav"].path), "--url", triton, "--parameter", "endpoint_silence_s=9")
    assert done.returncode == 1
    assert "must be a number from 0.1 to 3" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_triton(samples: dict[str, Any]) -> None:
    url = f"127.0.0.1:{free_port('127.0.0.1')}"
    done = run(str(samples["en-fox.wav"].path), "--url", url)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: no answer from {url}")
