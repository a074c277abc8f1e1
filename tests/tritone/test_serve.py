"""`tritone serve` as its users run it: a process, its output, its exit status."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from speech.environment import ModelEnvironment
from tritone.ports import claim, free_port

COMMAND = [sys.executable, "-m", "tritone", "serve", "--port"]


class Launcher:
    """A running `tritone serve`, from the moment that it has greeted."""

    def __init__(self, engines_dir: Path, *prefix: str) -> None:
        self.port = free_port("127.0.0.1")
        environment = {**os.environ, **ModelEnvironment(engines_dir, ("tiny.en",)).to_environ()}
        self.process = subprocess.Popen(
            [*prefix, *COMMAND, str(self.port)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.curl = next((line.strip() for line in self.lines() if line.strip().startswith("curl")), "")

    def lines(self) -> Iterator[str]:
        assert self.process.stdout is not None
        return iter(self.process.stdout.readline, "")

    def children(self) -> dict[str, psutil.Process]:
        return {child.name()[:12]: child for child in psutil.Process(self.process.pid).children(recursive=True)}

    def wait(self, timeout_s: float = 90.0) -> tuple[int, str]:
        output, _ = self.process.communicate(timeout=timeout_s)
        return self.process.returncode, output


@pytest.fixture
def launcher(engines_dir: Path, request: pytest.FixtureRequest) -> Iterator[Launcher]:
    launcher = Launcher(engines_dir, *getattr(request, "param", ()))
    yield launcher
    launcher.process.kill()
    launcher.process.communicate()


def test_the_curl_line_works_and_a_signal_stops_everything(launcher: Launcher) -> None:
    answer = subprocess.run([*shlex.split(launcher.curl), "-s"], capture_output=True, text=True, check=True).stdout
    assert "quick brown fox" in answer
    children = [*launcher.children().values()]
    assert len(children) >= 2
    launcher.process.send_signal(signal.SIGINT)
    status, output = launcher.wait()
    assert status == 0
    assert "Traceback" not in output
    assert not psutil.wait_procs(children, timeout=30)[1]


@pytest.mark.parametrize("launcher", [["nohup"]], indirect=True)
def test_with_nohup_it_outlives_its_terminal(launcher: Launcher) -> None:
    launcher.process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        launcher.process.wait(3)
    launcher.process.terminate()
    assert launcher.wait()[0] == 0


def test_a_dead_triton_ends_it_with_the_reason(launcher: Launcher) -> None:
    launcher.children()["tritonserver"].kill()
    status, output = launcher.wait()
    assert status == 1
    assert "error: tritonserver was killed by signal 9" in output


def test_a_dead_model_ends_it_with_the_reason(launcher: Launcher) -> None:
    """Triton goes on without the process of a Python model, and would never answer what it was asked."""
    launcher.children()["triton_pytho"].kill()
    status, output = launcher.wait()
    assert status == 1
    assert "error: a model's process died" in output


@pytest.mark.slow
def test_a_busy_port_is_named_before_anything_starts() -> None:
    with claim("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        done = subprocess.run([*COMMAND, str(port)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == f"error: cannot listen on 127.0.0.1:{port} (Address already in use)\n"


@pytest.mark.slow
def test_a_bad_setting_is_named() -> None:
    done = subprocess.run([*COMMAND, "80x"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: PORT: ")
