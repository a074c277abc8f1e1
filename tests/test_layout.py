"""The house rules: imports point one way, rooms stay apart, libraries stay where they belong, tests mirror the tree."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"speech", "frontend", "build_engines", "tritone"}
FOLDERS = ("speech", "frontend", "build_engines", "tritone", "model_repository", "examples", "benchmarks", "tests")
FILES = [file.relative_to(ROOT) for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
MODULES = [file for file in FILES if file.parts[0] in OURS and not file.name.startswith("__")]

ALLOWED = {
    "speech": {"speech"},
    "model_repository": {"speech"},
    "frontend": {"speech", "frontend"},
    "build_engines": {"speech", "build_engines"},
    "tritone": OURS,
}
"""Which of our packages each folder may import; folders not named may import all."""

SPEECH_ROOMS = {
    "hearing": {"hearing"},
    "speaking": {"speaking", "reading"},
    "reading": {"reading"},
    "sound": {"sound"},
    "serving": {"serving", "hearing", "speaking"},
}
"""Which rooms of `speech` each of its rooms may import. All of them may import the files at its root, which import no
room."""

LIBRARIES = {
    "torch": ("build_engines/", "tests/build_engines/"),
    "starlette": ("frontend/", "tests/frontend/", "tests/test_docs.py"),
    "tritonclient": ("frontend/triton.py", "tritone/triton_server.py", "examples/", "benchmarks/", "tests/"),
    "triton_python_backend_utils": ("speech/serving/",),
}
"""Where a library may be imported."""

TESTED_ELSEWHERE = {
    "frontend/exposition.py": "tests/frontend/test_metrics.py",
    "frontend/gate.py": "tests/frontend/test_limits.py",
    "speech/emotions.py": "tests/speech/speaking/test_prosody.py",
    "speech/transcribe_parameters.py": "tests/speech/test_contract.py",
    "speech/types.py": "tests/speech/test_contract.py",
    "speech/hearing/file_stream.py": "tests/speech/hearing/test_scheduler.py",
    "speech/hearing/stream.py": "tests/speech/hearing/test_scheduler.py",
    "speech/hearing/vad.py": "tests/speech/hearing/test_scheduler.py",
    "speech/hearing/whisper.py": "tests/speech/hearing/test_batch.py",
    "speech/serving/replies.py": "tests/model_repository/test_transcribe.py",
    "speech/serving/requests.py": "tests/model_repository/test_synthesize.py",
    "speech/serving/sequences.py": "tests/model_repository/test_transcribe.py",
    "speech/serving/synthesize.py": "tests/model_repository/test_synthesize.py",
    "speech/serving/transcribe.py": "tests/model_repository/test_transcribe.py",
    "frontend/envelopes.py": "tests/frontend/openapi/test_document.py",
    "frontend/version.py": "tests/frontend/test_health.py",
    "frontend/openapi/operation.py": "tests/frontend/openapi/test_document.py",
    "frontend/openapi/schemas.py": "tests/frontend/openapi/test_document.py",
    "frontend/parts.py": "tests/frontend/test_endpoint.py",
    "frontend/state.py": "tests/frontend/test_app.py",
    "frontend/requests/conversation.py": "tests/frontend/api/cloud_inference/test_live.py",
    "frontend/requests/json_object.py": "tests/frontend/requests/test_body.py",
    "frontend/api/stt_tts.py": "tests/frontend/api/test_families.py",
    "frontend/api/cloud_inference/conversion.py": "tests/frontend/api/cloud_inference/test_speech_to_speech.py",
    "frontend/api/cloud_inference/text_to_speech.py": "tests/frontend/api/test_families.py",
    "frontend/api/cloud_inference/transcribe.py": "tests/frontend/api/test_families.py",
    "frontend/api/openai/transcription_events.py": "tests/frontend/api/openai/test_transcriptions.py",
    "frontend/api/openai/transcription_formats.py": "tests/frontend/api/openai/test_transcriptions.py",
    "build_engines/onnx_export.py": "tests/build_engines/whisper/test_build.py",
    "build_engines/quiet.py": "tests/build_engines/kokoro/test_quantize.py",
    "build_engines/torch_engine.py": "tests/build_engines/kokoro/test_verify.py",
    "build_engines/whisper/quantize.py": "tests/build_engines/whisper/test_build.py",
    "build_engines/kokoro/chain.py": "tests/build_engines/kokoro/test_build.py",
    "build_engines/kokoro/layers.py": "tests/build_engines/kokoro/test_model.py",
    "build_engines/kokoro/parts.py": "tests/build_engines/kokoro/test_build.py",
    "build_engines/kokoro/reading.py": "tests/build_engines/kokoro/test_build.py",
    "build_engines/kokoro/vocoder.py": "tests/build_engines/kokoro/test_build.py",
    "tritone/folders.py": "tests/tritone/test_wheel.py",
    "tritone/engines.py": "tests/tritone/test_serve.py",
}
"""Modules that have no test file of their own, because that of a neighbour drives them with real input."""


@cache
def imported(file: Path) -> set[str]:
    """The modules that `file` imports, wherever in it, with the names that it takes out of them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text(), str(file))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: write imports in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def packages(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(file)}


@pytest.mark.parametrize("file", FILES, ids=str)
def test_imports_point_one_way(file: Path) -> None:
    allowed = ALLOWED.get(file.parts[0], OURS)
    assert packages(file) & OURS <= allowed, f"{file} may import only {sorted(allowed)} of our packages"


@pytest.mark.parametrize("file", [file for file in MODULES if file.parts[0] == "speech"], ids=str)
def test_rooms_of_speech_stay_apart(file: Path) -> None:
    used = {name.split(".")[1] for name in imported(file) if name.startswith("speech.")} & SPEECH_ROOMS.keys()
    allowed = SPEECH_ROOMS[file.parts[1]] if len(file.parts) > 2 else set()
    assert used <= allowed, f"{file} may import only these rooms of speech: {sorted(allowed)}"


@pytest.mark.parametrize("library", LIBRARIES)
def test_heavy_libraries_stay_where_they_belong(library: str) -> None:
    users = [str(file) for file in FILES if library in packages(file)]
    assert users, f"nobody imports {library} any more: take it out of the table"
    assert [user for user in users if not user.startswith(LIBRARIES[library])] == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_tests_mirror_the_tree(module: Path) -> None:
    mirror = Path("tests", module).with_name(f"test_{module.name}")
    elsewhere = TESTED_ELSEWHERE.get(str(module))
    if elsewhere is None:
        assert (ROOT / mirror).is_file(), f"{module} has no {mirror}; if another file tests it, say which in the table"
    else:
        assert not (ROOT / mirror).is_file(), f"{module} has {mirror}: take it out of the table"
        assert (ROOT / elsewhere).is_file(), f"{module} is said to be tested by {elsewhere}, which does not exist"


def test_the_table_of_mirrors_names_modules() -> None:
    assert TESTED_ELSEWHERE.keys() <= set(map(str, MODULES))


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_is_one_noun(file: Path) -> None:
    assert file.name not in ("utils.py", "helpers.py", "common.py"), f"{file}: name the noun"
    lines = len((ROOT / file).read_text().splitlines())
    assert lines <= 400, f"{file} has {lines} lines: find the hidden noun"
