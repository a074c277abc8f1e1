"""The wheel in an environment of its own: `tritone serve` from an empty folder, with no checkout to import from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from build_engines import publish
from speech.environment import VARIABLES
from tests.conftest import Clip
from tritone.folders import ROOT
from tritone.ports import free_port
from tritone.triton_server import DIE_WITH_PARENT

pytestmark = pytest.mark.slow

NOT_SOURCES = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "engines", "site")


PACKAGES = ("speech", "frontend", "build_engines", "tritone")
REPOSITORIES = ("model_repository", "ensemble")


def files(folder: str, pattern: str) -> set[str]:
    """The files of a folder of the checkout, relative to its root."""
    found = (path for path in (ROOT / folder).rglob(pattern) if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(ROOT)) for path in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that the checkout stays as it is; `.gitkeep` files are sources too."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=NOT_SOURCES)
    for kept in ROOT.glob("ensemble/*/*/.gitkeep"):
        shutil.copyfile(kept, source / kept.relative_to(ROOT))
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)]
    subprocess.run(pip, check=True)
    return next(folder.glob("*.whl"))


def test_everything_that_serves_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    assert {name for package in PACKAGES for name in files(package, "*.py")} <= inside
    assert {f"tritone/{name}" for repository in REPOSITORIES for name in files(repository, "*")} <= inside
    assert {"tritone/requirements/build.txt", "tritone/requirements/uv.txt"} <= inside
    assert not any(path.startswith(("tests/", "benchmarks/", "examples/")) for path in inside)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel, which borrows all other packages to save minutes.

    The environment that runs the tests has an editable install of `tritone`; a path entry does not activate it.
    """
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    libraries = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (libraries / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    target = ["--target", str(libraries), "--no-deps", "--no-compile", "--quiet"]
    subprocess.run([sys.executable, "-m", "pip", "install", *target, str(wheel)], check=True)
    return python


@pytest.fixture
def environment(tmp_path: Path, engines_dir: Path) -> dict[str, str]:
    """That of a user who has set nothing; engines come from the user's cache."""
    ours = {*VARIABLES, "PYTHONPATH", "VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {
        "XDG_DATA_HOME": str(tmp_path / "data")
    }


def test_the_checkout_is_not_there(installed: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    code = "import tritone.folders as f; print(f.ROOT); print(f.MODEL_REPOSITORIES[0]); import speech, build_engines"
    done = subprocess.run(
        [installed, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    root, models = map(Path, done.stdout.split())
    assert installed.parents[1] in root.parents
    assert models == root / "tritone" / "model_repository"


@pytest.fixture
def url(installed: Path, tmp_path: Path, environment: dict[str, str]) -> Iterator[str]:
    """`tritone serve` of the wheel, with its defaults, from an empty folder."""
    empty = tmp_path / "empty"
    empty.mkdir()
    port = free_port("127.0.0.1")
    command = [*DIE_WITH_PARENT, str(installed), "-m", "tritone", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=empty, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "listens on" in line:
                break
        try:
            assert process.poll() is None, "".join(lines)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate(timeout=60)
    assert list(empty.iterdir()) == []


@pytest.mark.triton
def test_it_serves_from_an_empty_folder(url: str, samples: dict[str, Clip], tmp_path: Path) -> None:
    with httpx2.Client(base_url=url, timeout=60) as client:
        clip = samples["en-fox.wav"].path.read_bytes()
        heard = client.post("/v1/audio/transcriptions", files={"file": ("fox.wav", clip)}, data={"model": "whisper-1"})
        assert "quick brown fox" in heard.raise_for_status().json()["text"]
        text = {"input": "Good morning!", "model": "tts-1", "voice": "nova", "response_format": "wav"}
        said = client.post("/v1/audio/speech", json=text)
        assert said.raise_for_status().content.startswith(b"RIFF")
    assert publish.variants(tmp_path / "data" / "tritone" / "engines", "kokoro") == ["cpu"]
