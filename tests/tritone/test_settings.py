"""The launcher's settings: those of the frontend, and those of the models."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontend.settings import Settings, SettingsError, load_settings
from speech.contract import MAX_SEQUENCES
from speech.environment import VARIABLES
from tritone.settings import LauncherSettings, table


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in LauncherSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_has_a_help_line() -> None:
    assert [name for name, field in LauncherSettings.model_fields.items() if not field.description] == []


def test_the_launcher_reads_what_the_models_and_the_frontend_read(folder: Path) -> None:
    (folder / ".env").write_text("PORT=1\nWHISPER_MODEL=tiny.en,base\nBEAM_SIZE=5\nENGINES_DIR=here\n")
    settings = load_settings(LauncherSettings)
    assert settings.whisper_model == ("whisper-tiny.en", "whisper-base")
    assert (settings.port, settings.beam_size, settings.engines_dir) == (1, 5, Path("here"))
    own = LauncherSettings.model_fields.keys() - Settings.model_fields.keys()
    assert {name.upper() for name in own} == set(VARIABLES)


def test_an_unknown_name_stops_the_start(folder: Path) -> None:
    (folder / ".env").write_text("WHISPR_MODEL=small\n")
    with pytest.raises(SettingsError, match=r"WHISPR_MODEL: no such setting .*UPLOAD_DIR.*WHISPER_MODEL"):
        load_settings(LauncherSettings)


def test_an_empty_list_of_models_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISPER_MODEL", ",")
    with pytest.raises(SettingsError, match="WHISPER_MODEL"):
        load_settings(LauncherSettings)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("tiny.en", ("whisper-tiny.en",)),
        ("large-v3-turbo, whisper-base", ("whisper-large-v3-turbo", "whisper-base")),
        ("my-finetune", ("my-finetune",)),
    ],
)
def test_bare_sizes_are_whisper(given: str, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISPER_MODEL", given)
    assert load_settings(LauncherSettings).whisper_model == names


def test_requests_and_websockets_together_find_places_in_transcribe(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("MAX_CONCURRENT_REQUESTS", "LIVE_CONNECTIONS")
    for name in names:
        monkeypatch.setenv(name, str(MAX_SEQUENCES // len(names)))
    load_settings(Settings)
    for name in names:
        monkeypatch.setenv(name, str(MAX_SEQUENCES // len(names) + 1))
        with pytest.raises(SettingsError, match=name):
            load_settings(Settings)


def test_the_table_says_who_reads_a_setting() -> None:
    lines = table().splitlines()
    assert "| `PORT` | `8000` | frontend | Port to listen on; 0 for any free one |" in lines
    assert any(line.startswith("| `BEAM_SIZE` | `1` | launcher |") for line in lines)
