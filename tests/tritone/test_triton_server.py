"""The launcher's server with a model of our own that echoes, fails to load, or takes the server down."""

from __future__ import annotations

import os
import queue
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import tritonclient.grpc

from tritone.triton_server import TritonError, TritonServer

pytestmark = pytest.mark.triton

CONFIG = """
backend: "python"
max_batch_size: 0
model_transaction_policy { decoupled: true }
input [ { name: "SOUND" data_type: TYPE_FP32 dims: [-1] } ]
output [ { name: "WORDS" data_type: TYPE_STRING dims: [1] } ]
instance_group [ { kind: KIND_CPU count: 1 } ]
"""

MODEL = """
import os, sys
import numpy as np
import triton_python_backend_utils as pb_utils
import speech.contract

class TritonPythonModel:
    def initialize(self, arguments):
        if os.environ["ENGINE"] == "absent":
            raise RuntimeError("no engine 'whisper-base'; run: python -m build_engines whisper-base")

    def execute(self, requests):
        for request in requests:
            sender = request.get_response_sender()
            words = np.array([sys.prefix.encode()], dtype=object)
            sender.send(pb_utils.InferenceResponse([pb_utils.Tensor("WORDS", words)]))
            sender.send(flags=pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "echo" / "1").mkdir(parents=True)
    (tmp_path / "echo" / "config.pbtxt").write_text(CONFIG)
    (tmp_path / "echo" / "1" / "model.py").write_text(MODEL)
    return tmp_path


def server(repository: Path, engine: str = "present") -> TritonServer:
    return TritonServer([repository, repository / "absent"], {"ENGINE": engine})


def ask(triton: TritonServer) -> str:
    answers: queue.Queue[Any] = queue.Queue()
    with tritonclient.grpc.InferenceServerClient(triton.url) as client:
        client.start_stream(lambda result, error: answers.put((result, error)))
        sound = tritonclient.grpc.InferInput("SOUND", [1], "FP32")
        sound.set_data_from_numpy(np.zeros(1, np.float32))
        client.async_stream_infer("echo", [sound])
        result, error = answers.get(timeout=60)
        client.stop_stream()
    assert error is None
    return str(result.as_numpy("WORDS")[0].decode())


def test_a_model_runs_in_this_environment_and_nothing_is_left_afterwards(repository: Path) -> None:
    with server(repository) as triton:
        assert ask(triton) == sys.prefix
        family = [psutil.Process(triton.pid), *psutil.Process(triton.pid).children(recursive=True)]
        listening = {
            c.laddr.ip.removeprefix("::ffff:")
            for p in family
            for c in p.net_connections()
            if c.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}
    assert not psutil.wait_procs(family, timeout=30)[1]


def test_no_path_needs_quotes(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Triton's Python backend has bash split the command that starts a model."""
    odd = repository / "with space; & 'quote' $HOME"
    temporary = odd / "temporary"
    temporary.mkdir(parents=True)
    (odd / "models").mkdir()
    (repository / "echo").rename(odd / "models" / "echo")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with server(odd / "models") as triton:
        assert ask(triton) == sys.prefix


def test_a_model_whose_process_does_not_start_is_reported(repository: Path) -> None:
    """Triton would wait for it for ever."""
    (repository / "bashrc").write_text("echo no such file; exit 127")
    triton = TritonServer([repository], {"BASH_ENV": str(repository / "bashrc")})
    with pytest.raises(
        TritonError, match=r"a model's process died; tritonserver is still running\n(.*\n)*no such file"
    ):
        triton.__enter__()


def test_a_model_that_does_not_load_is_quoted(repository: Path) -> None:
    with pytest.raises(TritonError, match=r"exited with status 1\n(.*\n)*.*run: python -m build_engines whisper-base"):
        server(repository, engine="absent").__enter__()


def test_a_death_is_reported_and_a_stop_is_not(repository: Path) -> None:
    with server(repository) as triton:
        os.kill(triton.pid, signal.SIGKILL)
        assert "killed by signal 9" in (triton.wait_death() or "")
    with server(repository) as triton:
        pass
    assert triton.wait_death() is None
