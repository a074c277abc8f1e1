"""The README says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from tritone.settings import table

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_settings_table_is_that_of_settings() -> None:
    between = re.search(r"<!-- settings:begin -->\n(.*)<!-- settings:end -->", README, re.DOTALL)
    assert between and between[1].strip() == table(), "write the output of `tritone settings` between the markers"
