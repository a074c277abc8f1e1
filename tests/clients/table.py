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
SUMMARY = ("| Client | Calls | Worked before | Work now |", "|---|---|---|---|")
CALLS = ("| Client | Call | Before | After |", "|---|---|---|---|")


def cells(client: Client, outcomes: list[Outcome]) -> dict[str, str]:
    """What the table says of the calls of one client."""
    return {outcome["call"]: EXPECTED[client.key][outcome["call"]].got(outcome) for outcome in outcomes}


def before() -> Cells:
    """What an older server answered."""
    recorded: Cells = json.loads(BEFORE.read_text())
    return recorded


def summary(after: Cells) -> str:
    """A table with a row for each client: how many of its calls got what they asked for."""
    return "\n".join([*SUMMARY, *_clients(after)])


def markdown(after: Cells) -> str:
    """A table with a row for each call."""
    return "\n".join([*CALLS, *_calls(after)])


def in_page(after: Cells, page: str) -> str:
    """The page with these tables in place of those that it has."""
    for new in (summary(after), markdown(after)):
        lines = page.splitlines()
        first = lines.index(new.splitlines()[0])
        last = first
        while last < len(lines) and lines[last].startswith("|"):
            last += 1
        page = "\n".join([*lines[:first], new, *lines[last:]]) + "\n"
    return page


def _clients(after: Cells) -> Iterator[str]:
    old = before()
    for client in CLIENTS:
        wanted = {call: expectation.met for call, expectation in EXPECTED[client.key].items()}
        then, now = (
            sum(cells.get(client.key, {}).get(call) == met for call, met in wanted.items()) for cells in (old, after)
        )
        yield f"| {client.name} | {len(wanted)} | {then} | {now} |"


def _calls(after: Cells) -> Iterator[str]:
    old = before()
    for client in CLIENTS:
        name = client.name
        for call, cell in after.get(client.key, {}).items():
            yield f"| {name} | {call} | {old.get(client.key, {}).get(call, '')} | {cell} |"
            name = ""
