"""The cache folder: one writer at a time, and files that appear complete."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from build_engines.cache import cache_dir, replace, require_space, workshop
from speech.errors import EngineUnusable

SECOND_WRITER = "import sys; from pathlib import Path; from build_engines.cache import workshop\n"
SECOND_WRITER += "with workshop(Path(sys.argv[1])): print('writing', flush=True)"


def test_the_folder_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "tritone"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_dir() == tmp_path / ".cache" / "tritone"


def test_a_finished_folder_replaces_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "engine"
    for content in ("old", "new"):
        with workshop(target) as folder:
            (folder / "file").write_text(content)
            replace(folder, target)
        assert (target / "file").read_text() == content
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["engine"]


def test_an_unfinished_folder_is_kept_for_the_next_try(tmp_path: Path) -> None:
    target = tmp_path / "engine"
    with pytest.raises(KeyboardInterrupt), workshop(target) as folder:
        (folder / "file").write_text("half")
        raise KeyboardInterrupt
    assert not target.exists()
    with workshop(target) as folder:
        assert (folder / "file").read_text() == "half"


def test_a_second_process_waits(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    with workshop(tmp_path / "engine"):
        second = subprocess.Popen(
            [sys.executable, "-c", SECOND_WRITER, str(tmp_path / "engine")], cwd=root, stdout=subprocess.PIPE, text=True
        )
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(2)
    assert second.communicate(timeout=30)[0] == "writing\n"


def test_a_full_disk_is_an_error_that_says_how_much_is_needed(tmp_path: Path) -> None:
    require_space(tmp_path, 1, "a byte")
    with pytest.raises(EngineUnusable, match=r"an engine needs 1000000000000 MB in .* XDG_CACHE_HOME"):
        require_space(tmp_path, 10**18, "an engine")
