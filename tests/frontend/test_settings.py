"""Settings: where they come from, and what stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontend.settings import Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_has_a_help_line() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_env_file_of_the_document(folder: Path) -> None:
    (folder / ".env").write_text(
        "WHISPER_MODEL=small\nAPI_KEY=your_api_key_here\nPORT=8000\nHOST=0.0.0.0\nUPLOAD_DIR=/tmp/uploads\n"
        "MAX_FILE_SIZE=52428800  # 50MB\nDEBUG=false\nALLOWED_ORIGINS=*\nRATE_LIMITS=10/minute,50/hour\n"
    )
    settings = load_settings(Settings)  # WHISPER_MODEL is for the launcher
    assert settings.upload_dir == Path("/tmp/uploads")
    assert settings.max_file_size == 50 * 1024 * 1024
    assert settings.allowed_origins == ("*",)
    assert (settings.listen_host, settings.port, settings.debug) == ("0.0.0.0", 8000, False)
    assert [key.get_secret_value() for key in settings.api_key] == ["your_api_key_here"]
    assert list(map(str, settings.rate_limits)) == ["10 per 1 minute", "50 per 1 hour"]
    assert "your_api_key_here" not in f"{settings!r} {settings} {settings.model_dump()}"


def test_environment_goes_before_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("PORT=1\n")
    monkeypatch.setenv("PORT", "2")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert load_settings(Settings).port == 2
    assert load_settings(Settings).log_level == "DEBUG"


def test_unknown_name_stops_the_start(folder: Path) -> None:
    (folder / ".env").write_text("UPLOADS_DIR=/tmp\n")
    with pytest.raises(SettingsError, match=r"UPLOADS_DIR: no such setting .*UPLOAD_DIR"):
        load_settings(Settings)


def test_all_wrong_values_are_named(folder: Path) -> None:
    (folder / ".env").write_text("PORT=http\nMAX_FILE_SIZE=0\nTRITON_URL=8001\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(Settings)
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "PORT",
        "TRITON_URL",
        "MAX_FILE_SIZE",
    ]


@pytest.mark.parametrize(("name", "value"), [("TRITON_URL", "localhost"), ("UPLOAD_DIR", "/dev/null/uploads")])
def test_what_could_not_work_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings(Settings)


def test_model_aliases(folder: Path) -> None:
    (folder / ".env").write_text("MODEL_ALIASES=acme/ear = whisper-base, voice=tts-1-hd,\n")
    assert load_settings(Settings).model_aliases == {"acme/ear": "whisper-base", "voice": "tts-1-hd"}


@pytest.mark.parametrize("value", ["ear", "ear=", "=base", "a=b=c"])
def test_what_is_no_alias(folder: Path, value: str) -> None:
    (folder / ".env").write_text(f"MODEL_ALIASES={value}\n")
    with pytest.raises(SettingsError, match=r"MODEL_ALIASES: .*my-whisper=whisper-base"):
        load_settings(Settings)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("RATE_LIMITS=ten/minute", r"RATE_LIMITS: .*10/minute,50/hour"),
        ("API_KEY=alice:", r"API_KEY: .*name:key"),
        ("API_KEY=a:secret,a:other", r"API_KEY: .*'a' is given twice"),
    ],
)
def test_wrong_keys_and_limits(folder: Path, line: str, message: str) -> None:
    (folder / ".env").write_text(line + "\n")
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(Settings)
    assert "secret" not in str(caught.value)
