"""tritonserver, from the nvidia-pytriton wheel, as a child process.

with TritonServer(environment=ModelEnvironment(engines_dir).to_environ()) as triton:
    tritonclient.grpc.InferenceServerClient(triton.url)
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tritonclient.grpc import InferenceServerClient
from tritonclient.utils import InferenceServerException

from tritone import libpython
from tritone.folders import MODEL_REPOSITORIES, ROOT
from tritone.ports import free_port

DIE_WITH_PARENT = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
"""Put in front of a command, this stops it when its parent dies: a launcher, a benchmark or a test run that is killed
leaves no server behind."""

_EXIT_TIMEOUT_S = 10
_POLL_S = 0.1
_WATCH_S = 1.0
_NOISE = "CudaDriverHelper"
"""Part of a line that tritonserver logs as an error on every machine without a GPU."""


class TritonError(Exception):
    """tritonserver did not start, or died; the message ends with the errors of its log."""


class TritonServer:
    """One tritonserver that serves gRPC on the loopback interface (or `host`)."""

    def __init__(
        self,
        repositories: Sequence[Path] = MODEL_REPOSITORIES,
        environment: Mapping[str, str] | None = None,
        grpc_port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self._repositories = [folder for folder in repositories if folder.is_dir()]
        self._environment = dict(environment or {})
        self._host = host
        self._port = free_port(host, grpc_port)
        self._log: deque[str] = deque(maxlen=400)
        self._stopping = False

    @property
    def url(self) -> str:
        """Address of its gRPC service, host:port."""
        return f"{self._host}:{self._port}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> TritonServer:
        self.start()
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        wheel = _Wheel()
        self._links = tempfile.TemporaryDirectory(prefix="tritone-", dir=_plain_folder())
        links = Path(self._links.name)
        wheel.link(links)
        repositories = [links / f"repository{number}" for number in range(len(self._repositories))]
        for link, folder in zip(repositories, self._repositories, strict=True):
            link.symlink_to(folder.resolve())
        command = [
            *DIE_WITH_PARENT,
            str(wheel.program),
            *(f"--model-repository={folder}" for folder in repositories),
            f"--backend-directory={links}",
            f"--grpc-address={self._host}",
            f"--grpc-port={self._port}",
            "--allow-http=false",
            "--allow-metrics=false",
            "--disable-auto-complete-config",
            f"--exit-timeout-secs={_EXIT_TIMEOUT_S}",
            "--log-info=false",
        ]
        # It gets its own session, so that Ctrl-C reaches the launcher only, which stops Triton after the frontend.
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **wheel.environment(links), **self._environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()

    def wait_ready(self, timeout_s: float = 300) -> None:
        """Return when all models are ready; TritonError says why they are not."""
        deadline = time.monotonic() + timeout_s
        with InferenceServerClient(self.url) as client:
            while True:
                if self._process.poll() is not None:
                    raise TritonError(self.last_words())
                if self._lost_model():
                    raise TritonError(f"a model's process died; {self.last_words()}")
                try:
                    if client.is_server_ready():
                        return
                except InferenceServerException:
                    pass  # not listening yet
                if time.monotonic() > deadline:
                    raise TritonError(f"tritonserver was not ready after {timeout_s:.0f} s\n{self.last_words()}")
                time.sleep(_POLL_S)

    def wait_death(self) -> str | None:
        """Block until the server or a model's process ends; returns `last_words`, or None after `stop`.

        When a model's process dies, Triton still reports the model as ready, and never answers its requests.
        """
        while not (died := self._lost_model()):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_WATCH_S)
                break
        if self._stopping:
            return None
        return f"a model's process died; {self.last_words()}" if died else self.last_words()

    def _lost_model(self) -> bool:
        """Whether a model's process has died: a child of the server is a zombie, and stays one (Linux only)."""
        dead = self._dead_children()
        if not dead:
            return False
        time.sleep(_WATCH_S)  # by then Triton has reaped the children that it stopped itself
        return bool(dead & self._dead_children())

    def _dead_children(self) -> set[str]:
        dead = set()
        for children in Path(f"/proc/{self._process.pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                for child in children.read_text().split():
                    state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
                    if state == "Z":
                        dead.add(child)
        return dead

    def stop(self) -> None:
        """Terminate the server, wait, then kill what is left of its process group."""
        self._stopping = True
        self._process.terminate()
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_EXIT_TIMEOUT_S + 5)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        self._links.cleanup()

    def last_words(self) -> str:
        """How the server ended, and the last errors in its log (or its last lines, if it logged no error)."""
        if self._process.poll() is not None:
            self._reader.join(timeout=1)
        lines = [line for line in self._log if _NOISE not in line]
        errors = [line for line in lines if line.startswith(("E", "error"))] or lines
        return "\n".join([f"tritonserver {self._state()}", *errors[-15:]])

    def _state(self) -> str:
        status = self._process.returncode
        if status is None:
            return "is still running"
        if status < 0:
            return f"was killed by signal {-status}"
        return f"exited with status {status}"

    def _read_log(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._log.append(line.rstrip())


class _Wheel:
    """The files of the nvidia-pytriton wheel. It is not imported, because that would start its own server machinery."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("pytriton")
        if spec is None or not spec.submodule_search_locations:
            raise TritonError(
                "nvidia-pytriton, which carries tritonserver, is not installed; run: pip install nvidia-pytriton"
            )
        package = Path(spec.submodule_search_locations[0])
        server = package / "tritonserver"
        self.program = server / "bin" / "tritonserver"
        self._libraries = package.parent / "nvidia_pytriton.libs"
        self._backend = server / "backends" / "python"
        self._stub = server / "python_backend_stubs" / libpython.VERSION / "triton_python_backend_stub"
        if not self._stub.exists():
            raise TritonError(f"nvidia-pytriton has no Python {libpython.VERSION} backend; use Python 3.11 or 3.12")

    def link(self, folder: Path) -> None:
        """Link the libraries and the Python backend, with this interpreter's stub beside it as Triton expects."""
        backend = folder / "python"
        backend.mkdir()
        for file in (*self._backend.glob("*.*"), self._stub):
            (backend / file.name).symlink_to(file)
        (folder / "libraries").symlink_to(self._libraries)

    def environment(self, links: Path) -> dict[str, str]:
        """The stub runs `python` from PATH, which must be this interpreter; models import `speech` from PYTHONPATH."""
        libraries = [links / "libraries", *libpython.folders(self._stub), *_split("LD_LIBRARY_PATH")]
        return {
            "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries)),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), *_split("PATH")]),
            "PYTHONPATH": os.pathsep.join([str(ROOT), *_split("PYTHONPATH")]),
        }


def _plain_folder() -> str:
    """A folder for links whose path needs no quotes in a shell.

    The Python backend puts the paths of a model, its stub and its backend into a shell command without quotes, and
    LD_LIBRARY_PATH is split at semicolons too.
    """
    usual = tempfile.gettempdir()
    return usual if shlex.quote(usual) == usual else "/tmp"


def _split(variable: str) -> list[str]:
    return [part for part in os.environ.get(variable, "").split(os.pathsep) if part]
