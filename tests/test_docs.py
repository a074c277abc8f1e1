"""The README and docs/ say what the code says, and their examples run."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from starlette.routing import Route, WebSocketRoute

from frontend.app import FAMILIES
from speech.sound.decoder import decode
from speech.sound.encoder import encode
from speech.types import INPUT_RATE_HZ
from tests import fences
from tests.conftest import Clip
from tests.fences import PAGES, ROOT, Block

RUN = ("sh", "console", "python")
"""Languages of blocks that are run, unless they say why not."""
NOT_CODE = ("json", "text")
REASONS = {
    "downloads weights",
    "needs a browser",
    "needs root",
    "starts the server",  # as the tests of tritone/ do
    "takes minutes",
}
HTTP, GRPC = "127.0.0.1:8000", "127.0.0.1:8001"
"""The addresses that the examples use."""
TIMEOUT_S = 120
TENSORS = ("AUDIO_IN", "SAMPLE_RATE")
"""Names in the pages that look like those of settings."""

BLOCKS = [block for page in PAGES for block in fences.blocks(page)]
RUN_BLOCKS = [block for block in BLOCKS if block.language in RUN and not block.reason]
COMMANDS = [block for block in BLOCKS if block.language in ("sh", "console")]
FOLDERS = "speech|frontend|build_engines|tritone|model_repository|ensemble|tests|benchmarks|examples|docs"


def commands(block: Block) -> list[str]:
    return [block.text] if block.language == "sh" else [step.command for step in fences.steps(block)]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_every_block_is_run_or_says_why_not(block: Block) -> None:
    if block.reason:
        assert block.reason in REASONS, f"{block}: allowed reasons are {', '.join(sorted(REASONS))}"
    else:
        assert not block.info, f'{block}: only title="not run: …" is understood'
        assert block.language in (*RUN, *NOT_CODE), f'{block}: {block.language} needs a title="not run: …"'
    if block.language == "python":
        compile(block.text, str(block), "exec")
    if block.language == "json":
        json.loads(block.text)


@pytest.mark.parametrize("block", COMMANDS, ids=str)
def test_commands_exist(block: Block) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in commands(block):
        subprocess.run(["bash", "-n", "-c", command], check=True)
        for target in re.findall(r"\bmake ([a-z]+)", command):
            assert target in targets, f"{block}: the Makefile has no target {target}"
        for module in re.findall(r"\bpython -m ([\w.]+)", command):
            assert importlib.util.find_spec(module), f"{block}: no module {module}"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "ensemble" / "README.md"], ids=fences.name)
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{fences.name(page)} links to {target}, which does not exist"
        assert not anchor or anchor in _anchors(file), f"{fences.name(page)} links to {target}: no such heading"
    for path in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text):
        assert (ROOT / path).exists(), f"{fences.name(page)} names {path}, which does not exist"
    for module in re.findall(r"`python -m ([\w.]+)[^`]*`", text):
        assert importlib.util.find_spec(module), f"{fences.name(page)} names the module {module}, which does not exist"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip()) for heading in headings}


def test_the_readme_lists_every_endpoint() -> None:
    section = _section(ROOT / "README.md", "Endpoints")
    listed = set(re.findall(r"`((?:GET|POST|WebSocket) /[^`]*)`", section))
    assert listed == set(_endpoints())


def _endpoints() -> Iterator[str]:
    """As the README writes them. A path that is served with and without a slash at its end is listed with it."""
    served = [route for family in FAMILIES for route in family.routes if getattr(route, "include_in_schema", True)]
    routes = [route for route in served if isinstance(route, Route | WebSocketRoute)]
    assert len(routes) == len(served), "a route of another kind: list it here"
    paths = {route.path for route in routes}
    for route in routes:
        if f"{route.path}/" in paths:
            continue
        if isinstance(route, WebSocketRoute):
            yield f"WebSocket {route.path}"
        else:
            yield from (f"{method} {route.path_format}" for method in (route.methods or set()) - {"HEAD"})


def _section(page: Path, heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{fences.name(page)} has no section {heading}"
    return found[1]


def test_settings_that_pages_name_exist() -> None:
    table = _section(ROOT / "docs" / "operations.md", "Settings")
    known = {*re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE), *TENSORS}
    for page in PAGES:
        for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", page.read_text()):
            assert name in known, f"{fences.name(page)} names the setting {name}, which does not exist"


def test_examples_document_their_own_command() -> None:
    for file in sorted((ROOT / "examples").glob("*.py")):
        docstring = ast.get_docstring(ast.parse(file.read_text()))
        assert docstring and f"python examples/{file.name} " in docstring, f"{file.name}: show how to run it"


@pytest.mark.parametrize(
    ("real", "same"),
    [
        ('{"a": 2, "b": ["x"], "c": "other text"}', True),
        ('{"a": 2, "b": ["x", "y"], "c": "text"}', True),
        ('{"a": "2", "b": ["x"], "c": "text"}', False),
        ('{"a": 2, "b": ["z"], "c": "text"}', False),
        ('{"a": 2, "b": ["x"]}', False),
    ],
)
def test_comparison_of_answers_tells_differences(real: str, same: bool) -> None:
    try:
        fences.compare('{"a": 1, "b": ["x", "…"], "c": "…text"}', real)
    except AssertionError:
        assert not same
    else:
        assert same


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """`python` and `tritone` are those of this checkout, and curl fails when the server answers with an error."""
    folder = tmp_path_factory.mktemp("environment")
    for program, arguments in {"python": "", "tritone": " -m tritone"}.items():
        script = folder / program
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n')
        script.chmod(0o755)
    (folder / ".curlrc").write_text("fail-with-body\n")
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "CURL_HOME": str(folder)}


@pytest.fixture
def folder(tmp_path: Path, samples: Mapping[str, Clip]) -> Path:
    """Where a page's examples run: with the recordings that they name, and the programs in examples/."""
    clip = samples["en-fox.wav"].path
    shutil.copyfile(clip, tmp_path / "speech.wav")
    with clip.open("rb") as file:
        pcm = np.concatenate([*decode(file)])
    (tmp_path / "speech.mp3").write_bytes(encode(pcm, "mp3", INPUT_RATE_HZ, INPUT_RATE_HZ))
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize("page", list(dict.fromkeys(block.page for block in RUN_BLOCKS)))
def test_examples_run(page: str, folder: Path, frontend_url: str, triton: str, environment: Mapping[str, str]) -> None:
    """All examples of a page, in its order and in one folder."""
    for block in RUN_BLOCKS:
        if block.page != page:
            continue
        text = block.text.replace(HTTP, frontend_url.removeprefix("http://")).replace(GRPC, triton)
        if block.language == "python":
            _run([sys.executable, "-c", text], folder, environment, block)
        elif block.language == "sh":
            _run(["bash", "-euo", "pipefail", "-c", text], folder, environment, block)
            _check_files(text, folder)
        else:
            _run_console(block, text, folder, environment)


def _run_console(block: Block, text: str, folder: Path, environment: Mapping[str, str]) -> None:
    shows_errors = {name: value for name, value in environment.items() if name != "CURL_HOME"}
    for step in fences.steps(replace(block, text=text)):
        output = _run(["bash", "-euo", "pipefail", "-c", step.command], folder, shows_errors, block)
        _check_files(step.command, folder)
        if step.output:
            try:
                fences.compare(step.output, output)
            except AssertionError as difference:
                raise AssertionError(f"{block}: {step.command}\n{difference}\n{output[:2000]}") from None


def _run(command: list[str], folder: Path, environment: Mapping[str, str], block: Block) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert done.returncode == 0, f"{block} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def _check_files(command: str, folder: Path) -> None:
    """What `curl -o` has written is audio, or JSON."""
    for name in re.findall(r" -o (\S+)", command):
        file = folder / name
        if file.suffix == ".json":
            json.loads(file.read_text())
            continue
        with file.open("rb") as audio:
            assert sum(map(len, decode(audio))) > 0, f"{name} has no audio"
