"""The clients that are tried, and how to run each of them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.clients import environments, replay

FOLDER = Path(__file__).parent
TIMEOUT_S = 240
QUIET = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "NODE_NO_WARNINGS": "1",
    "OPENAI_AGENTS_DISABLE_TRACING": "1",
    "PYTHONWARNINGS": "ignore",
}
"""Variables that keep the clients from calling other hosts than the server, and from warning about old names."""

Outcome = Mapping[str, Any]
"""What came out of a call: its name as `call`, and either what it `got` or its `error`."""


class Client(Protocol):
    """A program that makes calls to the server."""

    @property
    def key(self) -> str:
        """Its name in `expected` and in before.json."""

    @property
    def name(self) -> str:
        """Its name and version, for people."""

    def run(self, url: str, recordings: Path) -> list[Outcome]:
        """Make all calls, in order."""


@dataclass(frozen=True)
class PythonClient:
    """A script with a Python environment of its own."""

    key: str
    folder: str
    package: str
    requirements: str = "requirements.txt"

    @property
    def _locked(self) -> Path:
        return FOLDER / self.folder / self.requirements

    @property
    def name(self) -> str:
        (line,) = (line for line in self._locked.read_text().splitlines() if line.startswith(f"{self.package}=="))
        return line.removesuffix(" \\").replace("==", " ")

    def run(self, url: str, recordings: Path) -> list[Outcome]:
        script = FOLDER / self.folder / "client.py"
        environment = {"PYTHONPATH": str(FOLDER / "shared")}
        return _outcomes([str(environments.python(self._locked)), str(script), url, str(recordings)], environment)


@dataclass(frozen=True)
class NodeClient:
    """A script for node. All of them share one folder of packages."""

    key: str
    script: str
    package: str

    @property
    def name(self) -> str:
        manifest = json.loads((FOLDER / "node" / "package.json").read_text())
        return f"{self.package} {manifest['dependencies'][self.package]}, node"

    def run(self, url: str, recordings: Path) -> list[Outcome]:
        folder = environments.node(FOLDER / "node" / "package.json")
        for script in (FOLDER / "node").glob("*.mjs"):  # node looks for packages beside a script
            (folder / script.name).write_bytes(script.read_bytes())
        return _outcomes([str(environments.NODE), str(folder / self.script), url, str(recordings)], {})


@dataclass(frozen=True)
class RecordedClient:
    """The requests of a client that cannot be installed here."""

    key: str

    @property
    def _recorded(self) -> replay.Requests:
        return replay.read(FOLDER / "recorded" / f"{self.key}.json")

    @property
    def name(self) -> str:
        return f"{self._recorded.client}, recorded"

    def run(self, url: str, recordings: Path) -> list[Outcome]:
        return list(replay.send(self._recorded, url, recordings))


CLIENTS: tuple[Client, ...] = (
    PythonClient("openai-1", "openai", "openai", "requirements-1.txt"),
    PythonClient("openai-2", "openai", "openai", "requirements-2.txt"),
    PythonClient("openai-3", "openai", "openai", "requirements-3.txt"),
    NodeClient("openai-node", "openai.mjs", "openai"),
    NodeClient("vercel", "vercel.mjs", "ai"),
    PythonClient("livekit", "livekit", "livekit-plugins-openai"),
    PythonClient("pipecat", "pipecat", "pipecat-ai"),
    PythonClient("openai-agents", "openai_agents", "openai-agents"),
    PythonClient("litellm", "litellm", "litellm"),
    PythonClient("langchain", "langchain", "langchain-community"),
    RecordedClient("open-webui"),
    RecordedClient("wyoming-openai"),
    RecordedClient("kokoro-fastapi"),
    RecordedClient("whisper-cpp"),
    RecordedClient("speaches"),
)


def _outcomes(command: list[str], environment: Mapping[str, str]) -> list[Outcome]:
    done = subprocess.run(
        command,
        env={**os.environ, **QUIET, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    if done.returncode:
        raise RuntimeError(f"{command[1]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return list(_parsed(done.stdout))


def _parsed(output: str) -> Iterator[Outcome]:
    for line in output.splitlines():
        yield json.loads(line)
