"""Clients that nobody here wrote get from the server what they ask for, with their defaults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients import environments, recordings, table
from tests.clients.catalogue import CLIENTS, Client
from tests.clients.expected import EXPECTED

CALLS = [(client, call) for client in CLIENTS for call in EXPECTED[client.key]]

Run = Callable[[Client], dict[str, str]]


@pytest.fixture(scope="session")
def run(frontend_url: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`run(client)`: what the table says of each of its calls. Each client runs once."""
    folder = tmp_path_factory.mktemp("recordings")
    recordings.provide(folder)
    cells: dict[str, dict[str, str]] = {}

    def once(client: Client) -> dict[str, str]:
        if client.key not in cells:
            cells[client.key] = {}  # if it cannot be run, its first test says why, and the others do not try again
            cells[client.key] = table.cells(client, client.run(frontend_url, folder))
        return cells[client.key]

    return once


@pytest.mark.slow
@pytest.mark.parametrize(("client", "call"), CALLS, ids=[f"{client.key}: {call}" for client, call in CALLS])
def test_it_gets_what_it_asks_for(client: Client, call: str, run: Run) -> None:
    assert run(client).get(call) == EXPECTED[client.key][call].met


@pytest.mark.slow
@pytest.mark.timeout(1200)  # alone, it runs all clients
def test_the_page_says_what_the_tests_saw(run: Run) -> None:
    seen = {client.key: run(client) for client in CLIENTS}
    page = table.PAGE.read_text()
    assert table.in_page(seen, page) == page, "write it anew: python -m tests.clients --write --url …"


def test_an_environment_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    file = tmp_path / "requirements.txt"
    file.write_text("# nothing")
    interpreter = environments.python(file)
    made = interpreter.lstat().st_mtime_ns
    assert environments.python(file) == interpreter
    assert interpreter.lstat().st_mtime_ns == made
    file.write_text("# something else")
    assert environments.python(file) != interpreter
