"""The example, run as its reader would."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import soundfile

from tests.examples.running import run_example
from tritone.ports import free_port

run = partial(run_example, "synthesize_grpc.py")


def test_a_file_and_its_words(triton: str, tmp_path: Path) -> None:
    file = tmp_path / "speech.mp3"
    done = run("Good morning, Anna!", str(file), "--url", triton, "--parameter", "voice=nova")
    assert done.returncode == 0, done.stderr
    assert [line.split()[2] for line in done.stdout.splitlines()] == ["Good", "morning", "Anna"]
    assert "s of en-us by af_nova" in done.stderr
    pcm, rate = soundfile.read(file)
    assert rate == 24_000
    assert 0.8 < len(pcm) / rate < 3
    assert abs(pcm).max() > 0.05


@pytest.mark.parametrize(("parameter", "message"), [("speed=9", "from 0.25 to 4"), ("voice=bob", "no voice 'bob'")])
def test_errors_are_told(triton: str, tmp_path: Path, parameter: str, message: str) -> None:
    done = run("Hello.", str(tmp_path / "a.wav"), "--url", triton, "--parameter", parameter)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_format(tmp_path: Path) -> None:
    done = run("Hello.", str(tmp_path / "speech.ogv"))
    assert done.returncode == 2
    assert "must end in one of wav" in done.stderr


def test_without_triton(tmp_path: Path) -> None:
    url = f"127.0.0.1:{free_port('127.0.0.1')}"
    done = run("Hello.", str(tmp_path / "a.wav"), "--url", url)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: no answer from {url}")
