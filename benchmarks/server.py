"""The whole Tritone server, started as a user starts it, for the duration of a benchmark."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tritone.folders import ROOT
from tritone.ports import free_port
from tritone.triton_server import DIE_WITH_PARENT


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    pid: int
    """Its root process; all others are its descendants."""


@contextmanager
def serving() -> Iterator[Server]:
    """A server on a free port, stopped at the end of the block."""
    port = free_port("127.0.0.1")
    command = [*DIE_WITH_PARENT, sys.executable, "-m", "tritone", "serve", "--port", str(port)]
    environment = {**os.environ, "LOG_LEVEL": "WARNING"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "listens on" in line:
                break
        else:
            sys.exit("the server did not start; see above")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()  # SIGTERM, because background jobs of a shell ignore SIGINT
        process.wait(30)
