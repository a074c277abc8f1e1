"""Run all clients against a server and print what they got.

python -m tests.clients --url http://127.0.0.1:8000            # the table of calls in Markdown
python -m tests.clients --url http://127.0.0.1:8000 --write    # its tables into docs/clients.md
python -m tests.clients --url http://127.0.0.1:8000 --json     # for before.json
python -m tests.clients --url http://127.0.0.1:8000 --only livekit pipecat
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from tests.clients import recordings, table
from tests.clients.catalogue import CLIENTS


def main() -> None:
    keys = [client.key for client in CLIENTS]
    parser = argparse.ArgumentParser(prog="python -m tests.clients", description="Run all clients against a server.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="base URL of the server")
    parser.add_argument("--only", nargs="+", choices=keys, default=keys, metavar="CLIENT", help=", ".join(keys))
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="print JSON")
    output.add_argument("--write", action="store_true", help=f"write the tables of {table.PAGE.name}")
    arguments = parser.parse_args()
    if arguments.write and arguments.only != keys:
        parser.error("--write needs all clients")

    cells: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        recordings.provide(Path(folder))
        for client in CLIENTS:
            if client.key in arguments.only:
                began = time.perf_counter()
                cells[client.key] = table.cells(client, client.run(arguments.url, Path(folder)))
                print(f"{client.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    if arguments.json:
        print(json.dumps(cells, indent=2, ensure_ascii=False))
    elif arguments.write:
        table.PAGE.write_text(table.in_page(cells, table.PAGE.read_text()))
    else:
        print(table.markdown(cells))


main()
