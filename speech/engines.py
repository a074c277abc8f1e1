"""Engines: named arrays in, named arrays out; and the store that finds a built engine and checks that it fits.

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
    """A graph ready to run. `run` may be called from one thread at a time."""

    def run(self, **inputs: Array) -> dict[str, Array]: ...


class OnnxEngine:
    """A graph in ONNX Runtime on the CPU. Arrays pass without a copy in either direction."""

    def __init__(self, graph: Path, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        options.log_severity_level = 3
        # Spinning threads of one session steal the cores from the next one (and from the audio decoder).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # A plan of memory is kept for every shape that comes, and hardly two inputs have the same: 160 MB of Kokoro's.
        options.enable_mem_pattern = False
        # Each session's arena keeps what its largest input needed; the heap serves all: 300 MB less, as fast.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._outputs = [output.name for output in self._session.get_outputs()]

    def run(self, **inputs: Array) -> dict[str, Array]:
        return dict(zip(self._outputs, self._session.run(self._outputs, inputs), strict=True))


@dataclass(frozen=True)
class BuiltEngine:
    """A published engine: its folder, and its manifest, whose `model` says what the graphs expect."""

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
        """The engine `name`; EngineUnusable (with the command to run) if it is missing, damaged or does not fit."""
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
                    f"engine {name!r} was built for {key} {manifest.get(key)}, here is {value}; {build}"
                )
        for file, digest in manifest["files"].items():
            if not (folder / file).is_file() or sha256(folder / file) != digest:
                raise EngineUnusable(
                    f"engine {name!r}: {file} is missing or changed since it was built; {build} --force"
                )
        return BuiltEngine(name, folder, manifest)


def fingerprint() -> dict[str, str]:
    """What an engine must have been built for to run in this process."""
    return {
        "runtime": "onnxruntime",
        "runtime_version": onnxruntime.__version__,
        "machine": platform.machine(),
    }


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
