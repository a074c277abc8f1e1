"""The house rules: imports point one way, heavy libraries stay in their rooms, files stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"speech", "frontend", "build_engines", "tritone"}
FOLDERS = ("speech", "frontend", "build_engines", "tritone", "model_repository", "examples", "benchmarks", "tests")
FILES = [file.relative_to(ROOT) for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]

ALLOWED = {
    "speech": {"speech"},
    "model_repository": {"speech"},
    "frontend": {"speech", "frontend"},
    "build_engines": {"speech", "build_engines"},
    "tritone": OURS,
}
"""Which of our packages each folder may import; folders not named may import all."""

ROOMS = {
    "torch": ("build_engines/", "tests/build_engines/"),
    "starlette": ("frontend/", "tests/frontend/"),
    "tritonclient": ("frontend/triton.py", "tritone/triton_server.py", "examples/", "benchmarks/", "tests/"),
    "triton_python_backend_utils": ("speech/serving.py", "tests/speech/"),
}
"""Where a library may be imported."""


def imports(file: Path) -> set[str]:
    """The top-level packages that `file` imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text(), str(file))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: write imports in full"
            names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.parametrize("file", FILES, ids=str)
def test_imports_point_one_way(file: Path) -> None:
    allowed = ALLOWED.get(file.parts[0], OURS)
    assert imports(file) & OURS <= allowed, f"{file} may import only {sorted(allowed)} of our packages"


@pytest.mark.parametrize("library", ROOMS)
def test_heavy_libraries_stay_in_their_rooms(library: str) -> None:
    users = [str(file) for file in FILES if library in imports(file)]
    assert [user for user in users if not user.startswith(ROOMS[library])] == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_is_one_noun(file: Path) -> None:
    assert file.name not in ("utils.py", "helpers.py", "common.py"), f"{file}: name the noun"
    lines = len((ROOT / file).read_text().splitlines())
    assert lines <= 400, f"{file} has {lines} lines: find the hidden noun"
