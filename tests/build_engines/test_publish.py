"""The cache of built engines, their keys, and the links to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from build_engines import publish
from speech.engines import EngineStore

KEY = "0123456789abcdef"


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def build(folder: Path) -> dict[str, object]:
    (folder / "model.onnx").write_bytes(b"graph")
    return {"model": {"layers": 6}}


def test_a_published_engine_opens_in_the_engine_store(tmp_path: Path) -> None:
    engine = publish.publish("whisper-some", "cpu", KEY, build)
    publish.link(engine, tmp_path / "engines", "whisper-some", "cpu")
    opened = EngineStore(tmp_path / "engines").open("whisper-some")
    assert opened.model == {"layers": 6}
    assert opened.file("model.onnx").read_bytes() == b"graph"


def test_a_half_written_engine_is_never_found(tmp_path: Path) -> None:
    def interrupted(folder: Path) -> dict[str, object]:
        build(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish.publish("whisper-some", "cpu", KEY, interrupted)
    assert publish.lookup("whisper-some", "cpu", KEY) is None

    def resumed(folder: Path) -> dict[str, object]:
        assert list(folder.iterdir()) == [], "what the interrupted build left is gone"
        return build(folder)

    engine = publish.publish("whisper-some", "cpu", KEY, resumed)
    assert publish.lookup("whisper-some", "cpu", KEY) == engine


def test_an_engine_is_built_once_unless_forced() -> None:
    builds: list[Path] = []

    def counted(folder: Path) -> dict[str, object]:
        builds.append(folder)
        return build(folder)

    for force in (False, False, True):
        publish.publish("whisper-some", "cpu", KEY, counted, force=force)
    assert len(builds) == 2


def test_the_key_tells_weights_and_precision_apart() -> None:
    keys = {
        publish.engine_key({"model.bin": sha}, "whisper", precision) for sha in "ab" for precision in ("cpu", "fp16")
    }
    assert len(keys) == 4
    assert publish.engine_key({"model.bin": "a"}, "whisper", "cpu") in keys


def test_the_key_depends_on_what_builds_the_kind_and_on_nothing_else() -> None:
    whisper, kokoro = publish.builder_sha256("whisper").keys(), publish.builder_sha256("kokoro").keys()
    assert {f"whisper.{name}" for name in ("build", "model", "checkpoint", "quantize", "verify")} <= whisper
    assert {f"kokoro.{name}" for name in ("build", "model", "layers", "checkpoint", "quantize")} <= kokoro
    assert whisper & kokoro == {"onnx_export", "quiet", "torch_engine"}
    assert publish.builder_sha256("vad") == {}


@pytest.mark.parametrize("symlinks", [True, False])
def test_a_link_gives_way_to_a_new_engine(tmp_path: Path, symlinks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not symlinks:
        monkeypatch.setattr(Path, "symlink_to", lambda *_, **__: (_ for _ in ()).throw(OSError("no links here")))
    for key in ("a" * 16, "b" * 16):
        engine = publish.publish("whisper-some", "cpu", key, build)
        place = publish.link(engine, tmp_path / "engines", "whisper-some", "cpu")
        assert place.is_symlink() is symlinks
        assert json.loads((place / "manifest.json").read_text())["key"] == key
    assert publish.variants(tmp_path / "engines", "whisper-some") == ["cpu"]
