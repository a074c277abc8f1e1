"""The locked files of the clients name packages and hashes, and nothing of the machine that wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
LOCKS = sorted([*FOLDER.glob("*/*.txt"), *FOLDER.glob("*/package-lock.json")])
FUNDING = "https://github.com/sponsors/"
"""npm copies these addresses from the packages."""


def test_every_requirement_is_locked() -> None:
    wanted = {file.with_suffix(".txt") for file in FOLDER.glob("*/*.in")}
    assert wanted == {lock for lock in LOCKS if lock.suffix == ".txt"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: f"{lock.parent.name}/{lock.name}")
def test_a_lock_has_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text()
    assert "sha256:" in text or "sha512-" in text
    assert "://" not in text.replace(FUNDING, "")
