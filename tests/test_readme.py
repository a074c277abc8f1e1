"""The README says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from frontend.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text()


def shown(default: object) -> str:
    """A default as one would write it into the environment; nothing for an empty one."""
    text = ",".join(default) if isinstance(default, tuple) else "" if default is None else str(default)
    return f"`{text}`" if text else ""


def test_settings_table_is_that_of_settings() -> None:
    rows = [
        f"| `{name.upper()}` | {shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    table = "\n".join(["| Variable | Default | |", "|---|---|---|", *rows])
    between = re.search(r"<!-- settings:begin -->\n(.*)<!-- settings:end -->", README, re.DOTALL)
    assert between and between[1].strip() == table, f"README.md should have between its settings markers:\n\n{table}\n"
