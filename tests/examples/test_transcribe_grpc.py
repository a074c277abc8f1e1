"""The example, run as its reader would."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.examples.running import run_example
from tritone.ports import free_port

run = partial(run_example, "transcribe_grpc.py")


def test_segments_are_printed(triton: str, samples: dict[str, Any]) -> None:
    done = run(str(samples["en-fox.wav"].path), "--url", triton, "--parameter", "language=en")
    assert done.returncode == 0, done.stderr
    start, end, *words = done.stdout.split()
    assert 0 <= float(start) < float(end)
    assert "fox" in words
    assert "s of en by whisper-base" in done.stderr


@pytest.mark.parametrize(
    ("parameter", "message"), [("temperature=2", "must be a number from 0 to 1"), ("colour=red", "no parameter")]
)
def test_errors_are_told(triton: str, samples: dict[str, Any], parameter: str, message: str) -> None:
    done = run(str(samples["en-fox.wav"].path), "--url", triton, "--parameter", parameter)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_without_sound(triton: str, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("just text")
    done = run(str(tmp_path / "a.mp3"), "--url", triton)
    assert done.returncode == 1
    assert done.stderr.startswith("error: the file is not audio")


def test_without_triton(samples: dict[str, Any]) -> None:
    url = f"127.0.0.1:{free_port('127.0.0.1')}"
    done = run(str(samples["en-fox.wav"].path), "--url", url)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: no answer from {url}")
