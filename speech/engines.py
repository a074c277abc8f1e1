"""Engines, which take and return named arrays, and the store that finds a built engine and checks that it fits.

`python -m build_engines NAME` writes `<store>/<name>/<variant>/`: graphs and manifest.json (build_engines/publish.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import onnxruntime
from numpy.typing import NDArray

from speech.errors import EngineUnusable

MANIFEST = "manifest.json"
Array = NDArray[Any]


class Engine(Protocol):
    """A graph that is ready to run. Only one thread at a time may call `run`."""

    def run(self, **inputs: Array) -> dict[str, Array]:
        """The outputs of the graph by name; shapes and dtypes are the graph's."""
        ...


class OnnxEngine:
    """A graph in ONNX Runtime on the CPU. Inputs and outputs are not copied."""

    def __init__(self, graph: Path, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        options.log_severity_level = 3
        # Threads that wait by spinning take the cores from other sessions and from the audio decoder.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The session would keep a memory plan for each input shape, and hardly two inputs have the same shape: this
        # saves 160 MB for Kokoro.
        options.enable_mem_pattern = False
        # Each session's arena would keep as much memory as its largest input needed. The heap, which all sessions
        # share, is as fast and takes 300 MB less.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._outputs = [output.name for output in self._session.get_outputs()]

    def run(self, **inputs: Array) -> dict[str, Array]:
        return dict(zip(self._outputs, self._session.run(self._outputs, inputs), strict=True))


@dataclass(frozen=True)
class BuiltEngine:
    """A published engine: its folder and its manifest. `model` in the manifest describes the graphs' inputs."""

    name: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def model(self) -> dict[str, Any]:
        model: dict[str, Any] = self.manifest["model"]
        return model

    def file(self, name: str) -> Path:
        return self.folder / name


class EngineStore:
    """The folder of built engines, `<folder>/<name>/<variant>/`."""

    def __init__(self, folder: Path, variant: str = "cpu") -> None:
        self.folder = folder
        self.variant = variant

    def open(self, name: str) -> BuiltEngine:
        """The engine `name`.

        Raises: EngineUnusable, with the command to run, if it is missing, damaged or built for another machine.
        """
        folder = self.folder / name / self.variant
        build = f"run: python -m build_engines {name} --precision {self.variant}"
        try:
            manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise EngineUnusable(f"no engine {name!r} ({self.variant}) in {self.folder}; {build}") from error
        here = fingerprint()
        for key, value in here.items():
            if manifest.get(key) != value:
                raise EngineUnusable(
                    f"engine {name!r} was built for {key} {manifest.get(key)}, but this machine has {value}; {build}"
                )
        for file, digest in manifest["files"].items():
            if not (folder / file).is_file() or sha256(folder / file) != digest:
                raise EngineUnusable(
                    f"engine {name!r}: {file} is missing, or has changed since it was built; {build} --force"
                )
        return BuiltEngine(name, folder, manifest)


def fingerprint() -> dict[str, str]:
    """Runtime, its version and processor family: an engine runs here only if it was built for the same ones."""
    return {
        "runtime": "onnxruntime",
        "runtime_version": onnxruntime.__version__,
        "machine": platform.machine(),
    }


def sha256(file: Path) -> str:
    """The SHA-256 of the file's content, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
