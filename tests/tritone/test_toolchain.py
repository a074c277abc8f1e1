from __future__ import annotations

import platform
import subprocess

import pytest

from build_engines import requirements
from tritone import toolchain
from tritone.folders import REQUIREMENTS


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would be run, on an ordinary PC where pip knows no +cpu wheel."""
    ran: list[str] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        ran.append(" ".join(command[2:]))
        return subprocess.CompletedProcess(command, 1 if "+cpu" in ran[-1] else 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(
        requirements, "requires", lambda _: ["av==1", 'torch==2 ; extra == "build"', 'onnx==3; extra == "build"']
    )
    return ran


def test_torch_comes_without_cuda(commands: list[str]) -> None:
    toolchain.install()
    assert commands[0].endswith("torch==2+cpu")
    assert commands[1].endswith("requirements/uv.txt")
    assert "uv pip install" in commands[2]
    assert "--torch-backend=cpu torch==2" in commands[2]
    assert commands[-1].endswith("--require-hashes --requirement " + str(REQUIREMENTS / "build.txt"))


def test_elsewhere_torch_has_only_one_build(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    toolchain.install()
    assert commands[0] == "pip install --quiet --no-deps torch==2"
    assert len(commands) == 2
