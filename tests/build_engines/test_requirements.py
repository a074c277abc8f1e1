"""Which packages of the extra `build` are missing."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError

import pytest

from build_engines import requirements

REQUIRES = [
    "av==1",
    'onnx==3; extra == "build"',
    'torch==2.13.0; python_version < "3.13" and extra == "build"',
    'ruff==5; extra == "dev"',
]


@pytest.mark.parametrize(
    ("installed", "missing"),
    [
        ({"torch": "2.13.0+cpu", "onnx": "3"}, []),
        ({"torch": "2.13.0", "onnx": "3"}, []),
        ({"torch": "2.13.0+cpu"}, ["onnx==3"]),  # the install was interrupted
        ({"torch": "2.12.1+cpu", "onnx": "3"}, ["torch==2.13.0"]),  # pyproject.toml has moved on
        ({}, ["onnx==3", "torch==2.13.0"]),
    ],
)
def test_a_tool_that_is_absent_or_of_another_version_is_missing(
    installed: dict[str, str], missing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if name not in installed:
            raise PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(requirements, "requires", lambda _: REQUIRES)
    monkeypatch.setattr(requirements, "version", version)
    assert requirements.missing() == missing
