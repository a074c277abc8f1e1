"""The table of what clients get: before this was looked at, and after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.clients.catalogue import CLIENTS, Client, Outcome
from tests.clients.expected import EXPECTED
from tritone.folders import ROOT

Cells = Mapping[str, Mapping[str, str]]
"""What the table says of each call, by the key of the client and the name of the call."""

PAGE = ROOT / "docs" / "clients.md"
BEFORE = Path(__file__).parent / "before.json"
HEAD = ("| Client | Call | Before | After |", "|---|---|---|---|")


def cells(client: Client, outcomes: list[Outcome]) -> dict[str, str]:
    """What the table says of the calls of one client."""
    return {outcome["call"]: EXPECTED[client.key][outcome["call"]].got(outcome) for outcome in outcomes}


def before() -> Cells:
    """What an older server answered."""
    recorded: Cells = json.loads(BEFORE.read_text())
    return recorded


def markdown(after: Cells) -> str:
    """The table, with a row for each call."""
    return "\n".join([*HEAD, *_rows(after)])


def in_page(after: Cells, page: str) -> str:
    """The page with this table in place of the one that it has."""
    lines = page.splitlines()
    first = lines.index(HEAD[0])
    last = first
    while last < len(lines) and lines[last].startswith("|"):
        last += 1
    return "\n".join([*lines[:first], markdown(after), *lines[last:]]) + "\n"


def documented(page: str) -> Cells:
    """The column `After` of the page, by names of clients instead of keys."""
    found: dict[str, dict[str, str]] = {}
    name = ""
    for line in page.splitlines():
        row = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(row) == 4 and line != HEAD[0]:
            name = row[0] or name
            found.setdefault(name, {})[row[1]] = row[3]
    return found


def _rows(after: Cells) -> Iterator[str]:
    old = before()
    for client in CLIENTS:
        name = client.name
        for call, cell in after.get(client.key, {}).items():
            yield f"| {name} | {call} | {old.get(client.key, {}).get(call, '')} | {cell} |"
            name = ""
