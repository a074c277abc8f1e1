"""The example, run as its reader would."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import av
import pytest

from tests.examples.running import run_example

run = partial(run_example, "speech_to_speech_grpc.py")


def test_the_answer_is_saved(triton: str, samples: dict[str, Any], tmp_path: Path) -> None:
    answer = tmp_path / "answer.mp3"
    done = run(str(samples["en-fox.wav"].path), str(answer), "--url", triton, "--parameter", "voice=am_echo")
    assert done.returncode == 0, done.stderr
    heard, *said = done.stdout.splitlines()
    assert "fox" in heard
    assert any("fox" in line for line in said)
    with av.open(str(answer)) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) > container.streams.audio[0].rate


@pytest.mark.parametrize(
    ("answer", "parameter", "message"),
    [
        ("answer.mp3", "voice=nobody", "no voice 'nobody'"),
        ("answer.mp3", "colour=red", "no parameter"),
        ("answer.mid", "voice=alloy", "no audio format 'mid'"),
    ],
)
def test_errors_are_told(
    triton: str, samples: dict[str, Any], tmp_path: Path, answer: str, parameter: str, message: str
) -> None:
    done = run(str(samples["en-fox.wav"].path), str(tmp_path / answer), "--url", triton, "--parameter", parameter)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
