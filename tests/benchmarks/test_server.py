"""The server of a benchmark ends with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from speech.environment import ModelEnvironment
from tritone.folders import ROOT
from tritone.triton_server import DIE_WITH_PARENT

BENCHMARK = "from benchmarks.server import serving\nwith serving() as server: print(server.pid, flush=True); input()"


@pytest.mark.skipif(not DIE_WITH_PARENT, reason="needs setpriv")
@pytest.mark.triton
def test_a_killed_benchmark_leaves_no_server(engines_dir: Path) -> None:
    environment = {**os.environ, **ModelEnvironment(engines_dir, ("tiny.en",)).to_environ()}
    command = [sys.executable, "-c", BENCHMARK]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as benchmark:
        assert benchmark.stdout is not None
        server = psutil.Process(int(benchmark.stdout.readline()))
        family = [server, *server.children(recursive=True)]
        benchmark.terminate()
    assert len(family) > 2
    assert not psutil.wait_procs(family, timeout=90)[1]
